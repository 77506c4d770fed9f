"""Reads FHIR JSON element by element and notes all that is outside the subset. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from questionnaires.outside import Fault, Finding
from questionnaires.questionnaire import Words
from questionnaires.wire import Json, cut

LONGEST_TEXT: Final = 4000
"""Letters of one text at most (proposed)."""
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
"""https://hl7.org/fhir/R4/extension-translation.html"""
_HOLDS_EXTENSIONS: Final = frozenset({"extension"})
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


@dataclass(slots=True)
class Reader:
    """What has been found wrong so far, and in which language the plain texts are."""

    language: str = ""
    findings: list[Finding] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)

    def note(self, path: str, fault: Fault, found: object = "") -> None:
        """Note one thing outside the subset."""
        self.findings.append(Finding(path=path, fault=fault, found=cut(found)))

    def only(self, here: Json, path: str, allowed: frozenset[str]) -> None:
        """Note every element that is neither allowed nor part of an allowed text."""
        for name in here:
            if name == "modifierExtension":
                self.note(_at(path, name), Fault.MODIFIER)
            elif name not in allowed and name != "id":
                self.note(_at(path, name), Fault.UNKNOWN_ELEMENT, name)

    def text(self, here: Json, name: str, path: str, *, needed: bool = False) -> str:
        """Return a text that is not blank, or nothing."""
        value = here.get(name)
        if value is None:
            if needed:
                self.note(_at(path, name), Fault.MISSING)
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            self.note(_at(path, name), Fault.WRONG_TYPE, value)
            return ""
        return value

    def flag(self, here: Json, name: str, path: str) -> bool:
        """Return a boolean, False when it is not there."""
        value = here.get(name, False)
        if not isinstance(value, bool):
            self.note(_at(path, name), Fault.WRONG_TYPE, value)
            return False
        return value

    def objects(self, here: Json, name: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each object of a list with its path; a list is never empty in FHIR."""
        value = here.get(name)
        if value is None:
            return
        if not isinstance(value, list) or not value:
            self.note(_at(path, name), Fault.WRONG_TYPE, value)
            return
        for index, inner in enumerate(value):
            where = f"{_at(path, name)}[{index}]"
            if isinstance(inner, dict):
                yield where, inner
            else:
                self.note(where, Fault.WRONG_TYPE, inner)

    def words(self, here: Json, name: str, path: str, *, needed: bool = True) -> Words:
        """Return a text in every language it is given in: the element, then its translations."""
        own = self.text(here, name, path, needed=needed)
        said = {self.language: own} if own else {}
        beside = here.get(f"_{name}")
        if beside is None:
            return said
        where = _at(path, f"_{name}")
        if not isinstance(beside, dict):
            self.note(where, Fault.WRONG_TYPE, beside)
            return said
        self.only(beside, where, _HOLDS_EXTENSIONS)
        for place, extension in self.objects(beside, "extension", where):
            if extension.get("url") != TRANSLATION:
                self.note(place, Fault.UNKNOWN_EXTENSION, extension.get("url", ""))
                continue
            self._translation(extension, place, said)
        self.languages |= set(said)
        return said

    def _translation(self, extension: Json, path: str, said: dict[str, str]) -> None:
        self.only(extension, path, _HOLDS_EXTENSIONS | {"url"})
        parts: dict[str, Any] = {}
        for place, inner in self.objects(extension, "extension", path):
            url = inner.get("url")
            wanted = {"lang": "valueCode", "content": "valueString"}.get(str(url))
            if wanted is None or url in parts:
                self.note(place, Fault.UNKNOWN_EXTENSION, url)
                continue
            self.only(inner, place, frozenset({"url", wanted}))
            parts[str(url)] = self.text(inner, wanted, place, needed=True)
        language, content = parts.get("lang", ""), parts.get("content", "")
        if not is_language(language) or language in said:
            self.note(path, Fault.BAD_LANGUAGE, language)
        elif content:
            said[language] = content
        elif "content" not in parts:
            self.note(path, Fault.MISSING, "content")

    def extensions(
        self, here: Json, path: str, known: Mapping[str, str], *, beside: str = ""
    ) -> dict[str, tuple[str, Any]]:
        """Return each known extension once, with its path and the value under its name.

        `known`: url to the one value[x] it has in FHIR; `beside`: one that is read elsewhere.
        """
        found: dict[str, tuple[str, Any]] = {}
        for place, extension in self.objects(here, "extension", path):
            url = extension.get("url")
            if beside and url == beside:
                continue
            name = known.get(url) if isinstance(url, str) else None
            if name is None or not isinstance(url, str):
                self.note(place, Fault.UNKNOWN_EXTENSION, url)
                continue
            names = name.split("|")
            self.only(extension, place, frozenset({"url", *names}))
            values = [extension[one] for one in names if one in extension]
            if len(values) != 1 or url in found:
                self.note(place, Fault.WRONG_TYPE, url)
                continue
            found[url] = (place, values[0])
        return found


def is_language(text: object) -> bool:
    """Say whether a text is a BCP 47 language as far as Chevet uses them: « fr », « pt-BR »."""
    return isinstance(text, str) and bool(_LANGUAGE.match(text))


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
