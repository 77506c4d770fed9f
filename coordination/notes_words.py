"""English words of notes and of what is hidden; each is the msgid of its translation."""

from typing import Final

from coordination.noting import Cause, Kind
from core.i18n import Translate
from core.items import Hiding
from identity.words import role_label

HIDDEN_SENTENCES: Final[dict[str, str]] = {
    "person": "{name} does not see this and cannot take it into account.",
    "organisation": "Nobody at {name} sees this, and nobody there can take it into account.",
    "role": "Whoever is in the circle as “{name}” does not see this and cannot take it into "
    "account.",
}

REFUSAL_SENTENCES: Final[dict[str, str]] = {
    "never": "Measurements, allergies and alerts cannot be hidden: whoever is on duty needs them "
    "to help. Notes, documents and social items can.",
    "not_yours": "Only its author, the patient and the legal representative decide who sees this; "
    "nobody undoes what the patient has decided.",
    "nobody": "Choose somebody who is in the circle now.",
    "author": "Nothing is hidden from the person who signed it.",
    "patient": "Nothing is hidden from the patient.",
    "doctor": "What is non communicable is not hidden from the doctors in charge: they judge it "
    "again.",
    "already": "This is hidden from them already.",
}

SAID_SENTENCES: Final[dict[str, str]] = {
    "signed": "Your note is signed and shared. It can be neither changed nor deleted.",
    "shown": "It is shown again to those whose role allows it.",
    "sensitive": "The note is now sensitive.",
    "normal": "The note is no longer sensitive.",
    "answered": "Your answer is signed and shared.",
    "added": "Your addition is signed; the note itself stays as it was.",
    "reminded": "The note will come back on that day.",
    "reminder_done": "The reminder is done.",
    "no_reminder": "Nothing was to be remembered any more.",
    "not_withheld": "The note is not withheld: there is nothing to judge.",
    "kept": "The note stays non communicable until the day you named.",
    "lifted": "The note may be communicated from now on; its answers stay non communicable.",
}

KIND_LABELS: Final[dict[str, str]] = {
    Kind.OBSERVATION: "Observation",
    Kind.TRANSMISSION: "Handing on",
    Kind.VISIT: "Visit",
    Kind.CALL: "Call",
    Kind.SOCIAL: "Social situation",
    Kind.DISCHARGE: "Discharge",
    Kind.GENERAL: "Note",
}

CAUSE_LABELS: Final[dict[str, str]] = {
    Cause.THIRD_PARTY: "Information from or about a third party",
    Cause.ABUSE: "Suspected abuse",
}

PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "empty": "Write something before signing.",
    "long": "A note holds at most 10,000 characters.",
    "other": "This form was signed before, with another text or other settings. To share this too, "
    "sign it now as another note.",
    "answer_root": "Not everybody reads that answer. Answer the note itself: whoever reads it will "
    "read yours.",
    "kind": "Choose what kind of note it is.",
    "tags": "At most 8 words to find it by, of at most 30 letters each.",
    "nobody": "Choose somebody who is in the circle now.",
    "family": "The patient, the family, who represents the patient, and roles that do not read "
    "such notes cannot be told of a non communicable note.",
    "cause": "Choose why it is non communicable.",
    "reason": "Say the reason, in at most 500 characters.",
    "judges": "Only whoever wrote a note and the doctors in charge judge it again.",
    "review": "Choose a day after today, within six months.",
    "reminder": "Choose a day, today or later, within two years.",
    "whom": "Choose whom the note comes back to.",
}

WAITING_LABELS: Final[dict[str, str]] = {
    "mention": "For your attention",
    "reminder": "Reminder",
    "review": "Non communicable: to judge again",
}


def kind_label(kind: str) -> str:
    """Return the msgid of a kind of note; an unknown one is a note."""
    return KIND_LABELS.get(kind, KIND_LABELS[Kind.GENERAL])


def hidden_sentence(hiding: Hiding, say: Translate) -> str:
    """Say who does not see an item, and that he cannot help with what he does not know."""
    if hiding.role is not None:
        label = say(role_label(hiding.role)).lower()
        return say(HIDDEN_SENTENCES["role"]).format(name=label)
    kind = hiding.party_kind if hiding.party_kind in HIDDEN_SENTENCES else "person"
    return say(HIDDEN_SENTENCES[kind or "person"]).format(name=hiding.party_name or "")
