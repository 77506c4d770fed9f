"""Sentences of the tchat, as keys of the catalogues."""

from collections.abc import Mapping
from typing import Final

from coordination.chat.rooms import Kind

ROOM_LABELS: Final[Mapping[str, str]] = {
    Kind.CARERS: "Health professionals",
    Kind.TEAM: "Whole team (home help included)",
    Kind.PATIENT: "With the patient",
    Kind.DIRECT: "Conversation between two",
    Kind.GROUP: "Group",
}
AUDIENCE_SENTENCES: Final[Mapping[str, str]] = {
    Kind.CARERS: "Read by the health professionals of the circle. Neither home help, nor the "
    "social side, nor the patient and the family read it.",
    Kind.TEAM: "Read by the whole team, home help included. Neither the patient nor the family "
    "read it.",
    Kind.PATIENT: "Read by the patient, by the family the patient agreed to, and by the whole "
    "team.",
    Kind.DIRECT: "Read by the two of you alone.",
    Kind.GROUP: "Read by the members of the group alone; whoever joins reads from then on.",
}
PROBLEM_SENTENCES: Final[Mapping[str, str]] = {
    "empty": "Write something before you send it.",
    "long": "At most 4,000 characters: your text is kept below, shorten it.",
    "key": "This form is too old. Your text is kept below: send it again.",
    "other": "This form was sent already with another text. Send this one again.",
    "many": "At most thirty people can be named in one message.",
    "gone": "There is no such message.",
    "late": "A quarter of an hour has passed: ask whoever moderates the room to withdraw it.",
    "not_allowed": "Only its author or whoever moderates the room withdraws a message.",
    "reason": "Say why you withdraw what somebody else wrote, in at most 500 characters.",
    "hours": "Choose one of the durations.",
    "stretch": "Choose the first and the last message of the stretch.",
    "too_long": "This stretch is too long for one note: choose fewer messages.",
    "confirm": "Tick that you know who will read the note.",
    "people": "Choose with whom: one person for a conversation, up to thirty for a group.",
    "title": "Give the group a name of at most 80 characters, without the name of a patient.",
    "nobody": "This person cannot be added.",
}
SAID_SENTENCES: Final[Mapping[str, str]] = {
    "muted": "You are told of this room only when something is urgent.",
    "unmuted": "You are told of this room again.",
    "withdrawn": "The message is withdrawn. That there was one stays visible.",
    "exported": "The stretch is now a note of the record.",
    "left": "You have left the conversation.",
    "added": "The person reads what is said from now on.",
}
