"""Profiles and ladders that come with the product, read from the files beside the code."""

from functools import lru_cache
from importlib.resources import files

from alerts.ladder import Ladder, LadderError, parse_ladder
from alerts.profile import Profile, ProfileError, parse_profile


@lru_cache
def load_profile(profile_id: str, version: int) -> Profile:
    """Return a profile by id and version; raises ProfileError when there is none."""
    source = files("alerts") / "profiles" / f"{profile_id}-{version}.json"
    if not source.is_file():
        raise ProfileError(f"no profile {profile_id}-{version}")
    profile = parse_profile(source.read_bytes())
    if (profile.id, profile.version) != (profile_id, version):
        raise ProfileError(f"{source.name} holds {profile.reference}")
    return profile


@lru_cache
def load_ladder(ladder_id: str, version: int) -> Ladder:
    """Return a ladder by id and version; raises LadderError when there is none."""
    source = files("alerts") / "ladders" / f"{ladder_id}-{version}.json"
    if not source.is_file():
        raise LadderError(f"no ladder {ladder_id}-{version}")
    ladder = parse_ladder(source.read_bytes())
    if (ladder.id, ladder.version) != (ladder_id, version):
        raise LadderError(f"{source.name} holds {ladder.id}-{ladder.version}")
    return ladder
