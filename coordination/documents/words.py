"""English words of documents; each is the msgid of its translation."""

from typing import Final

from coordination.documents.document import Kind, Refused, Site, Validity
from coordination.documents.link import State

KIND_LABELS: Final[dict[str, str]] = {
    Kind.VISIT: "Report of a visit",
    Kind.HOSPITAL: "Report of a hospital stay",
    Kind.DISCHARGE: "Discharge letter",
    Kind.LABORATORY: "Laboratory results",
    Kind.IMAGING: "Imaging report",
    Kind.PRESCRIPTION: "Prescription",
    Kind.REFERRAL: "Referral letter",
    Kind.SUMMARY: "Medical summary",
    Kind.DIRECTIVES: "Advance directives",
    Kind.PHOTOGRAPH: "Photograph",
    Kind.OTHER: "Other document",
}

SITE_LABELS: Final[dict[str, str]] = {
    Site.HEAD: "Head and neck",
    Site.TRUNK: "Chest and belly",
    Site.BACK: "Back",
    Site.SACRUM: "Sacrum",
    Site.LEFT_HIP: "Left hip",
    Site.RIGHT_HIP: "Right hip",
    Site.LEFT_ARM: "Left arm or hand",
    Site.RIGHT_ARM: "Right arm or hand",
    Site.LEFT_LEG: "Left leg",
    Site.RIGHT_LEG: "Right leg",
    Site.LEFT_HEEL: "Left heel",
    Site.RIGHT_HEEL: "Right heel",
    Site.LEFT_FOOT: "Left foot",
    Site.RIGHT_FOOT: "Right foot",
}

VALIDITY_LABELS: Final[dict[str, str]] = {
    Validity.HOLDS: "Valid",
    Validity.OVER: "No longer valid",
    Validity.ENTERED_IN_ERROR: "Entered in error",
}

LINK_LABELS: Final[dict[str, str]] = {
    State.OPEN: "Opens",
    State.OVER: "Over",
    State.ENDED: "Ended",
    State.TRIED: "Ended by five wrong codes",
}

REFUSED_SENTENCES: Final[dict[str, str]] = {
    Refused.EMPTY: "Choose a file, or take a photograph.",
    Refused.TOO_LARGE: "This file is too large: 10 MB at most. Scan it at a lower resolution, or "
    "send it in several parts.",
    Refused.TOO_MANY_PIXELS: "This picture is too large: 40 million points at most. Photograph it "
    "again with an ordinary setting.",
    Refused.TOO_MUCH_INSIDE: "This PDF holds too much: 500 pages at most, and nothing that unpacks "
    "to hundreds of megabytes. Print it to a new PDF, or send it in several parts.",
    Refused.NOT_A_DOCUMENT: "This is no document we can take: choose a PDF, or a picture in JPEG, "
    "PNG or WebP.",
    Refused.NOT_READABLE: "This file cannot be read whole. Open it and save it again, or print it "
    "to a new PDF.",
    Refused.TWO_IN_ONE: "Another file is hidden in this PDF. Print it to a new PDF.",
    Refused.ACTIVE: "This PDF holds a script, a form that sends, or another file. Print it to a "
    "new PDF: only its pages are wanted.",
    Refused.LOCKED: "This PDF is locked by a password. Save it without its password.",
    Refused.INFECTED: "The antivirus knows this file as harmful. Do not open it; ask whoever sent "
    "it to you for another copy.",
    Refused.BUSY: "The document could not be taken just now. Try again in a minute.",
    Refused.TOO_MANY_TODAY: "You have added many documents today. Go on tomorrow, or call the help "
    "desk.",
    Refused.NOT_A_PICTURE: "A photograph is a picture in JPEG, PNG or WebP, no PDF.",
}

PROBLEM_SENTENCES: Final[dict[str, str]] = {
    **REFUSED_SENTENCES,
    "kind": "Choose what kind of document it is.",
    "title": "Give the document a title, in at most 160 characters.",
    "dated_on": "Choose the day of the document, today or before.",
    "valid_until": "Choose until when it holds, today or later; leave it empty otherwise.",
    "site": "Choose where on the body the photograph was taken.",
    "why": "Say why, in at most 300 characters.",
    "already": "A version was added meanwhile. Look at it; choose your file once more to add yours "
    "after it.",
    "taken": "This form was sent before with another file. To add this one too, choose it once "
    "more.",
    "cause": "Choose why it is non communicable.",
    "reason": "Say the reason, in at most 500 characters.",
    "review": "Choose a day after today, within six months.",
    "withdraws": "Only whoever added a document and the doctors in charge mark it as entered in "
    "error.",
    "days": "Choose for how many days the link opens, 7 at most.",
    "address": "Write one MSSanté address, such as cabinet@exemple.mssante.fr.",
    "not_mssante": "This address is outside MSSanté: nothing was sent. Choose the address of the "
    "directory, or make a link and hand it on yourself.",
    "stays": "A document that is not communicable, or was entered in error, leaves by no link.",
    "break_glass": "Who opened the record in an emergency reads it, and shares nothing of it.",
    "no_version": "There is no such version. Look at the document again.",
    "training": "A training territory sends nothing. Make a link and hand it on yourself.",
    "judges": "Only whoever added a document and the doctors in charge judge it again.",
}

SAID_SENTENCES: Final[dict[str, str]] = {
    "kept": "The document is in the record. Whoever may read documents sees it.",
    "revised": "The new version is in the record; the one before stays below.",
    "withdrawn": "The document is marked as entered in error: its file opens no more.",
    "shown": "It is shown again to those whose role allows it.",
    "sensitive": "The document is now sensitive.",
    "normal": "The document is no longer sensitive.",
    "stays": "The document stays non communicable until the day you named.",
    "lifted": "The document may be communicated from now on.",
    "link_ended": "The link opens nothing any more.",
    "not_withheld": "The document is not withheld: there is nothing to judge.",
}


def document_label(kind: str) -> str:
    """Return the msgid of a kind of document; an unknown one is a document."""
    return KIND_LABELS.get(kind, KIND_LABELS[Kind.OTHER])


def site_label(site: str | None) -> str:
    """Return the msgid of a place of the body; an unknown one is said as it is written."""
    return SITE_LABELS.get(site or "", site or "")
