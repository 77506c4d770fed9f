"""Pages of the timeline: entries of many sources in one order, a page at a time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from core.timeline import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, latest first; `more`: there are older ones in the span."""

    entries: tuple[Entry, ...]
    more: bool

    @property
    def last(self) -> Entry | None:
        """The entry before which the next page goes on."""
        return self.entries[-1] if self.more and self.entries else None


def merge(found: Iterable[Sequence[Entry]], most: int) -> Page:
    """Return the latest entries of all sources: each gave its own latest `most` + 1.

    Order is by time, then by key byte by byte, as the sources' queries have it.
    """
    everything = [entry for entries in found for entry in entries]
    everything.sort(key=lambda entry: (entry.at, entry.key.encode()), reverse=True)
    return Page(entries=tuple(everything[:most]), more=len(everything) > most)


def without_withheld(found: Iterable[Sequence[Entry]], most: int) -> list[list[Entry]]:
    """Leave out what is non communicable, and all that is older than what a source was asked for.

    A source that gave more than `most` has older ones that nobody loaded: without that second cut
    a paper would be complete for one kind and not for another.
    """
    known = [list(entries) for entries in found]
    horizon = max(
        (min(entry.at for entry in entries) for entries in known if len(entries) > most),
        default=None,
    )
    return [
        [one for one in entries if not one.withheld and (horizon is None or one.at >= horizon)]
        for entries in known
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A year or a month of an overview: how much of each kind there is in it."""

    name: str
    counts: tuple[tuple[str, int], ...]
    at_least: bool
    """Whether there is more than was counted."""


def overview(
    found: Sequence[Sequence[Entry]], way: str, zone: tzinfo, most: int
) -> tuple[Part, ...]:
    """Return the parts that hold something, latest first; each source gave at most `most`."""
    counts: dict[str, dict[str, int]] = {}
    cut: datetime | None = None
    for entries in found:
        for entry in entries:
            part = counts.setdefault(entry.at.astimezone(zone).strftime(way), {})
            part[entry.kind] = part.get(entry.kind, 0) + 1
        if len(entries) >= most:
            oldest = min(entry.at for entry in entries)
            cut = oldest if cut is None else max(cut, oldest)
    uncounted = cut.astimezone(zone).strftime(way) if cut else ""
    return tuple(
        Part(name=name, counts=tuple(kinds.items()), at_least=name <= uncounted)
        for name, kinds in sorted(counts.items(), reverse=True)
    )
