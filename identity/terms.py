"""The terms of use as a text people read: sections of paragraphs and lists, and its digest. Pure.

A text is a file `<version>.<language>.md`: one `#` title, `##` headings, paragraphs, `- ` items.
The digest is of the whole file, so that what somebody accepted can be proved to the letter.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

FILE_NAME: Final = re.compile(r"(?P<version>\d{1,6})\.(?P<locale>fr|en)\.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, or one list."""

    kind: Literal["paragraph", "list"]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading (empty for what stands before the first) and what stands below it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One text of the terms of use, in one language."""

    version: str
    locale: str
    title: str
    sections: tuple[Section, ...]
    digest: bytes

    @property
    def digest_hex(self) -> str:
        """The digest as people compare it."""
        return self.digest.hex()


def parse_terms(version: str, locale: str, text: str) -> Terms:
    """Return the text of a file, cut into sections; ValueError without a title."""
    head, *parts = re.split(r"^## ", text, flags=re.M)
    title, _, lead = head.partition("\n")
    if not title.startswith("# "):
        raise ValueError(f"terms of use {version}.{locale}: the first line is no title")
    sections = [Section(heading="", blocks=_blocks(lead))]
    for part in parts:
        heading, _, body = part.partition("\n")
        sections.append(Section(heading=heading.strip(), blocks=_blocks(body)))
    return Terms(
        version=version,
        locale=locale,
        title=title.removeprefix("# ").strip(),
        sections=tuple(section for section in sections if section.blocks),
        digest=hashlib.sha256(text.encode()).digest(),
    )


def _blocks(text: str) -> tuple[Block, ...]:
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = tuple(line.strip() for line in part.splitlines() if line.strip())
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            items = tuple(line.removeprefix("- ") for line in lines)
            found.append(Block(kind="list", lines=items))
        else:
            found.append(Block(kind="paragraph", lines=(" ".join(lines),)))
    return tuple(found)


def latest_version(names: Iterable[str]) -> str | None:
    """Return the highest version among file names that has every language; None without any."""
    locales: dict[int, set[str]] = {}
    for name in names:
        found = FILE_NAME.fullmatch(name)
        if found:
            locales.setdefault(int(found["version"]), set()).add(found["locale"])
    whole = [version for version, there in locales.items() if there == {"fr", "en"}]
    return str(max(whole)) if whole else None
