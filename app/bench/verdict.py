"""What was measured, the ratios it gives, and whether they reach a goal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ROW = "{:<10} {:<8} {:>9} {:>9} {:>9} {:>10} {:>9} {:>10}"
HEADER = ROW.format(
    "repetition", "who", "sent", "stored", "missing", "duplicate", "seconds", "per second"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Messages handled between two instants; those before the first are not in `count`."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return self.count / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One subscriber that stored one backlog; compared as sets of readings, not as counts."""

    who: str
    sent: int
    stored: int
    missing: int
    duplicate: int
    span: Span

    @property
    def exact(self) -> bool:
        """Whether every message sent is there once, and nothing else."""
        return self.missing == self.duplicate == 0 and self.stored == self.sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """The three subscribers, measured one after the other."""

    naive: Run
    ingest: Run
    no_op: Span

    @property
    def to_naive(self) -> float:
        """How many times the rate of the naive subscriber."""
        return self.ingest.span.per_second / self.naive.span.per_second

    @property
    def to_no_op(self) -> float:
        """Which part of the rate at which the client library receives and does nothing."""
        return self.ingest.span.per_second / self.no_op.per_second

    def rows(self, number: int) -> list[str]:
        """Return the lines of the table."""
        nothing = ("no-op", "-", "-", "-", "-")
        return [
            _row(number, _cells(self.naive), self.naive.span),
            _row(number, _cells(self.ingest), self.ingest.span),
            _row(number, nothing, self.no_op),
        ]


def _cells(run: Run) -> tuple[str, int, int, int, int]:
    return run.who, run.sent, run.stored, run.missing, run.duplicate


def _row(number: int, cells: Sequence[object], span: Span) -> str:
    return ROW.format(number, *cells, f"{span.seconds:.2f}", f"{span.per_second:.0f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal in words, and what was found; `shortfall` is empty when it is met."""

    words: str
    found: str
    shortfall: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return not self.shortfall

    def __str__(self) -> str:
        """Return the closing line."""
        verdict = "met" if self.met else f"missed by {self.shortfall}"
        return f"GOAL {self.words}: {self.found}, {verdict}"


def ratio_goal(words: str, ratios: Sequence[float], least: float) -> Goal:
    """Judge the median of some ratios by the least that is wanted."""
    middle = median(ratios)
    each = " ".join(f"{ratio:.2f}" for ratio in ratios)
    lack = f"{1 - middle / least:.0%}" if middle < least else ""
    return Goal(words=words, found=f"median {middle:.2f} of {each}", shortfall=lack)


def exactness_goal(runs: Sequence[Run]) -> Goal:
    """Judge whether what was sent is stored once."""
    sent, stored = sum(run.sent for run in runs), sum(run.stored for run in runs)
    missing, duplicate = sum(run.missing for run in runs), sum(run.duplicate for run in runs)
    inexact = [run for run in runs if not run.exact]
    return Goal(
        words="each reading stored once, acknowledged after COMMIT",
        found=f"sent {sent}, stored {stored}, missing {missing}, duplicate {duplicate}",
        shortfall=f"{len(inexact)} of {len(runs)} runs" if inexact else "",
    )


def goals_of(repetitions: Sequence[Repetition]) -> list[Goal]:
    """Judge everything that is promised of one reading a message."""
    return [
        exactness_goal([one.ingest for one in repetitions]),
        ratio_goal(
            "at least 0.60 of the client's no-op receive rate",
            [one.to_no_op for one in repetitions],
            0.60,
        ),
        ratio_goal(
            "at least 15 times the naive subscriber", [one.to_naive for one in repetitions], 15.0
        ),
    ]
