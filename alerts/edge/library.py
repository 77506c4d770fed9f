"""The versioned profiles, ladders and prescriptions shipped with the room, each version kept."""

from functools import lru_cache
from importlib.resources import files

from alerts.ladder import Ladder, parse_ladder
from alerts.prescription import Content, parse_content
from alerts.profile import Profile, parse_profile


@lru_cache
def load_profile(profile_id: str, version: int) -> Profile:
    """Return a profile; raises FileNotFoundError for one that was never shipped."""
    return parse_profile(_read("profiles", profile_id, version))


@lru_cache
def load_ladder(ladder_id: str, version: int) -> Ladder:
    """Return a ladder; raises FileNotFoundError for one that was never shipped."""
    return parse_ladder(_read("ladders", ladder_id, version))


@lru_cache
def load_prescription(name: str, version: int) -> Content:
    """Return a shipped prescription (proposed); FileNotFoundError for one never shipped."""
    return parse_content(_read("prescriptions", name, version))


@lru_cache
def shipped(folder: str) -> tuple[tuple[str, int], ...]:
    """Return id and version of all that is shipped in `profiles`, `ladders`, `prescriptions`."""
    names = (one.name.removesuffix(".json") for one in (files("alerts") / folder).iterdir())
    found = (name.rpartition("-") for name in names)
    return tuple(sorted((name, int(version)) for name, _, version in found))


def _read(folder: str, name: str, version: int) -> bytes:
    return (files("alerts") / folder / f"{name}-{version}.json").read_bytes()
