"""Words of the page of a record: why nothing was changed, what was done, and labels."""

from typing import Final

from coordination.opening.opening import Kind, Outcome, Speaker

SENTENCES: Final[dict[str, str]] = {
    Outcome.STALE: "Somebody has changed this record meanwhile. Look again, then change it.",
    Outcome.SAME: "This was done already.",
    Outcome.NOT_ALLOWED: "Your role in this care circle does not allow you to do this.",
    Outcome.NOT_YOURS: (
        "Another organisation answers for this record: only its staff can do this."
    ),
    Outcome.NO_ORGANISATION: (
        "No organisation answers for this record: sign in with the post of yours, or name one in "
        "the care circle."
    ),
    Outcome.ARCHIVED: "This record is archived. Reopen it first.",
    Outcome.OPPOSED: (
        "The patient opposes the sharing of the record. Write down first that the opposition is "
        "taken back."
    ),
    Outcome.WATCHED: (
        "The follow-up at home is still running: its alerts would reach nobody. End it first."
    ),
    Outcome.OPEN_ALERTS: "An alert is still open. Close it, then archive the record.",
    Outcome.FOLLOWED: "The follow-up at home is still running. End it, then archive the record.",
    Outcome.PROPOSED: (
        "This record was proposed to another organisation, which has not answered yet."
    ),
    Outcome.NOBODY_THERE: "Nobody in this organisation can accept a record.",
    Outcome.REASON: "Say why.",
    Outcome.CONFIRM: "Tick the box to confirm.",
    Outcome.MISSION: "Say what the organisation does for the patient.",
    Outcome.TOLD: "Tell the patient first, then write down on which day.",
    Outcome.DAY: "Enter the day as day, month and year, today at the latest.",
    Outcome.MEANS: "Say who said it and how.",
}
"""Why nothing was changed, as msgids."""

SAID_SENTENCES: Final[dict[str, str]] = {
    "shared": "The record is shared with the care circle. Its members have been told.",
    "unshared": "The record is not shared any more. The members who sleep have been told.",
    "archived": "The record is archived: nobody writes in it any more.",
    "reopened": "The record is open again.",
    "proposed": "The record was proposed to the other organisation. The patient has been told.",
    "withdrawn": "It was taken back.",
    "noted": "It was written down.",
    "opposed": "The opposition was written down, and the record is not shared any more.",
    "still_followed": (
        "The opposition was written down. The follow-up at home is still running and needs its "
        "team: once it has ended, the record is shared no more."
    ),
    "accepted": "Your organisation answers for this record now.",
    "refused": "The record was refused. The other organisation has been told.",
    "gone": "There was nothing left to change.",
}
"""What a page says after an act, as msgids."""

CHANGE_LABELS: Final[dict[str, str]] = {
    "shared": "Shared record",
    "unshared": "Not shared",
    "archived": "Archived",
    "reopened": "Reopened",
}
STATE_LABELS: Final[dict[str, str]] = {
    "proposed": "waits for an answer",
    "accepted": "accepted",
    "refused": "refused",
    "withdrawn": "taken back",
}
KIND_LABELS: Final[dict[str, str]] = {
    Kind.INFORMATION: "The patient was told",
    Kind.AGREEMENT: "The patient agrees",
    Kind.OPPOSITION: "The patient opposes the sharing",
}
SPEAKER_LABELS: Final[dict[str, str]] = {
    Speaker.PATIENT: "the patient",
    Speaker.REPRESENTATIVE: "the legal representative",
    Speaker.TRUSTED_PERSON: "the trusted person",
}
