"""English words of visits; each is the msgid of its translation. Pure."""

from typing import Final

OUTCOME_LABELS: Final[dict[str, str]] = {
    "done": "Visit made",
    "not_done": "Visit not made",
    "problem": "Problem",
}
OUTCOME_LEVELS: Final[dict[str, str]] = {
    "done": "green",
    "not_done": "orange",
    "problem": "orange",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "done": "It is noted: the visit was made.",
    "not_done": "It is noted: the visit was not made.",
    "problem": "The problem is noted; whoever plans visits here is told that something waits.",
    "undone": "It is taken back: say again what came of the visit.",
    "added": "It is in the week from now on.",
    "ended": "It is in the week no more, from today on.",
}
PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "what": "Say for what somebody comes, in at most 200 characters.",
    "party": "Choose who comes, among those who are in the circle now.",
    "weekdays": "Choose at least one day of the week.",
    "time": "This is no day or time, or it has passed.",
    "day": "What came of a visit is said on its day or within a week.",
    "words": "At most 500 characters.",
    "problem": "Say what the problem is.",
    "said": "Somebody has said it already. Look at the visit again.",
}
