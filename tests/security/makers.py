"""Where makers of things register, by the name in braces of a path."""

from collections.abc import Callable

from tests.security.cast import Cast

Maker = Callable[[Cast], object]
MAKERS: dict[str, Maker] = {}
"""By the name in braces of a path: how a thing of the patient's record is made, anew each time."""


def makes(name: str) -> Callable[[Maker], Maker]:
    """Register how the thing a path names is made."""

    def register(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return register
