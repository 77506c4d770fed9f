"""English words of requests for support; each is the msgid of its translation. Pure."""

from typing import Final

CODE_LABELS: Final[dict[str, str]] = {
    "information": "Some information",
    "orientation": "Orientation to a service",
    "coordination": "Help with coordination",
    "complex": "A complex situation",
}
STATE_LABELS: Final[dict[str, str]] = {
    "submitted": "Waiting to be received",
    "received": "Received by the DAC",
    "answered": "Answered by the DAC",
    "completed": "Request closed",
    "revoked": "Taken back by who asked",
}
OUTCOME_LABELS: Final[dict[str, str]] = {
    "informed": "The information was given",
    "oriented": "Led to a service",
    "coordinated": "The DAC coordinates",
    "declined": "Not for this DAC",
}
EVENT_LABELS: Final[dict[str, str]] = {
    "submit": "Support asked for",
    "receive": "Received by the DAC",
    "answer": "Answered by the DAC",
    "close": "Request closed",
    "reopen": "Opened again",
    "withdraw": "Taken back by who asked",
    "late": "Not received in time: told again",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "sent": "It is sent. The DAC is told by mail that something waits, never what.",
    "withdraw": "The request is taken back: the DAC does not read it any more.",
    "receive": "It is noted as received; whoever asked is told.",
    "answer": "Your answer is sent; whoever asked is told.",
    "close": "The request is closed; whoever asked is told.",
    "reopen": "The request is open again.",
    "gone": "There is no such request that is yours.",
    "changed": "Somebody did something just before. Look at the request again.",
    "archived": "The record is archived: nothing is written in it.",
    "act": "This does not fit how the request stands now. Look at it again.",
}
GOOD: Final = frozenset({"sent", "withdraw", "receive", "answer", "close", "reopen"})
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "performer": "Choose the DAC.",
    "code": "Choose what is asked.",
    "note": "Say what it is about, in 3 to 2000 characters.",
    "urgency": "Choose within how many days.",
    "told": "Say whether the person knows of this request.",
    "untold": "Say in a few words why the person does not know of it yet.",
    "answer": "Write an answer, in at most 2000 characters.",
    "outcome": "Choose what came of the request.",
    "dead": "A death is noted in this record: no support is asked for.",
    "sent": "This form was sent before: the request is in the list below.",
    **{code: SAID_SENTENCES[code] for code in ("act", "changed", "archived")},
}
