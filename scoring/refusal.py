"""Refusals are values: what a score answers when it must not give a number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """The score needs values nobody gave; `missing` names the fields in the chart's order."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The score does not apply, or an input cannot be true; `reason` names the field."""

    reason: str
