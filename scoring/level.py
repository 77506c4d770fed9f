"""The four things that can be said of a patient at home, in order of concern."""

from enum import IntEnum


class Level(IntEnum):
    """How a patient, or one item, is doing; a greater level is worse.

    UNKNOWN (grey, « pas de mesure ») means nothing was judged: it is never shown as green, and
    an item that nobody could judge never hides one that was judged orange or red.
    """

    GREEN = 0
    UNKNOWN = 1
    ORANGE = 2
    RED = 3

    @property
    def code(self) -> str:
        """Return the stable lower-case word used in data files and in the database."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """Return the English msgid of the level, to be given to the translator."""
        return LEVEL_LABELS[self]


LEVEL_LABELS: dict[Level, str] = {
    Level.GREEN: "green",
    Level.UNKNOWN: "no measurement",
    Level.ORANGE: "orange",
    Level.RED: "red",
}

LEVEL_BY_CODE: dict[str, Level] = {level.code: level for level in Level}
