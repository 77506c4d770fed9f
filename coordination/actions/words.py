"""English words of actions; each is the msgid of its translation. Pure."""

from typing import Final

STATE_LABELS: Final[dict[str, str]] = {
    "proposed": "To be accepted",
    "accepted": "Accepted",
    "done": "Done",
    "refused": "Refused: back with its author",
    "returned": "Nobody sees to it now: back with its author",
    "abandoned": "Given up",
}
ACT_LABELS: Final[dict[str, str]] = {
    "accept": "I accept it",
    "refuse": "I cannot do it",
    "take": "I do it myself",
    "done": "It is done",
    "reopen": "Not done after all",
    "abandon": "Give it up",
}
EVENT_LABELS: Final[dict[str, str]] = {
    "give": "Given",
    "accept": "Accepted",
    "refuse": "Could not do it",
    "take": "Taken over",
    "done": "Done",
    "reopen": "Taken up again",
    "abandon": "Given up",
    "return": "Not accepted in time, or whoever had it left",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "given": "It is given. Who does it accepts it in time, or it comes back to you.",
    "accept": "You do it. Say here when it is done.",
    "refuse": "It goes back to its author with your reason.",
    "take": "You do it. Say here when it is done.",
    "done": "It is noted as done.",
    "reopen": "It is to be done again.",
    "abandon": "It is given up, with your reason.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "wording": "Say what is to be done, in at most 300 characters.",
    "due": "Choose a day, today or later, within a year.",
    "whom": "Choose who does it, among those who are in the circle now.",
    "within": "Choose in how many days it is to be accepted.",
    "family": "What came from a non communicable note is given to nobody who may not read it.",
    "act": "This does not fit how the action stands now. Look at it again.",
    "words": "At most 500 characters.",
    "reason": "Say why, so that its author can decide what follows.",
    "changed": "Somebody said something just before. Look at the action again.",
    "sent": "This form was sent before: the action is in the list below.",
}
