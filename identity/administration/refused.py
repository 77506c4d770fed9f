"""A command that did nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done; `reason` is for whoever runs the command."""

    reason: str
