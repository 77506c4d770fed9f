"""English words of notes and of what is hidden; each is the msgid of its translation."""

from typing import Final

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
    "already": "This is hidden from them already.",
}

SAID_SENTENCES: Final[dict[str, str]] = {
    "signed": "Your note is signed and shared. It can be neither changed nor deleted.",
    "shown": "It is shown again to those whose role allows it.",
    "sensitive": "The note is now sensitive.",
    "normal": "The note is no longer sensitive.",
}


def hidden_sentence(hiding: Hiding, say: Translate) -> str:
    """Say who does not see an item, and that he cannot help with what he does not know."""
    if hiding.role is not None:
        label = say(role_label(hiding.role)).lower()
        return say(HIDDEN_SENTENCES["role"]).format(name=label)
    kind = hiding.party_kind if hiding.party_kind in HIDDEN_SENTENCES else "person"
    return say(HIDDEN_SENTENCES[kind or "person"]).format(name=hiding.party_name or "")
