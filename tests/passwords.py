"""Passwords in tests: hashed as the product does, but at a thousandth of the cost.

Its own cost is a fifth of a second of both cores at each sign-in; a unit test holds the product
to it.
"""

from functools import lru_cache

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


@lru_cache
def light_hasher() -> PasswordHash:
    """Return argon2id with the least it takes."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))


def hash_lightly(patch: pytest.MonkeyPatch) -> None:
    """Let the product hash at little cost, until `patch` is undone."""
    from identity import password_service

    patch.setattr(password_service, "hasher", light_hasher)
