"""What is said of a line that cannot be read: the very words, and what is read all the same."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

import pytest

from scoring.lines import answer_line, parse, said
from scoring.objects import answer_body
from scoring.refusal import Incomplete, Refused


class Colour(StrEnum):
    """Two words."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One field of each kind."""

    number: float | None
    whole: int | None
    yes: bool | None
    colour: Colour | None
    at: datetime | None = None
    sure: float = 1.0
    either: float | str | None = None


WHOLE = {"number": 1.5, "whole": 2, "yes": True, "colour": "red"}


def test_what_is_given_is_read() -> None:
    assert parse(Asked, WHOLE) == Asked(number=1.5, whole=2, yes=True, colour=Colour.RED)
    assert parse(Asked, {}) == Asked(number=None, whole=None, yes=None, colour=None)
    found = parse(Asked, {**WHOLE, "number": 3, "sure": 2})
    assert isinstance(found, Asked)
    assert (type(found.number), found.number, found.sure) == (float, 3.0, 2.0)
    huge = parse(Asked, {"number": 10**400})
    assert isinstance(huge, Asked)
    assert huge.number == inf


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("number", "x", 'number: "x" is not a number'),
        ("number", True, "number: true is not a number"),
        ("whole", 1.5, "whole: 1.5 is not a whole number"),
        ("whole", True, "whole: true is not a whole number"),
        ("yes", 1, "yes: 1 is not true or false"),
        ("colour", "blue", 'colour: "blue" is not one of red, green'),
        ("either", True, "either: true is not a number"),
        ("sure", None, "sure: null is not a number"),
        ("number", "x" * 38, f'number: "{"x" * 38}" is not a number'),
        ("number", "x" * 39, f'number: "{"x" * 39}… is not a number'),
        ("number", [1] * 20, f"number: {str([1] * 20)[:40]}… is not a number"),
    ],
)
def test_what_a_field_wants_is_said(field: str, value: object, words: str) -> None:
    assert parse(Asked, {**WHOLE, field: value}) == Refused(reason=words)


def test_the_words_of_the_reader_are_passed_on_where_there_are_none_of_ours() -> None:
    found = parse(Asked, {**WHOLE, "at": "soon"})
    assert isinstance(found, Refused)
    assert found.reason.startswith('at: "soon" is not what it should be: Invalid')


def test_unknown_fields_are_named_in_order() -> None:
    assert parse(Asked, {"z": 1, "b": 2, **WHOLE}) == Refused(reason="unknown field: b, z")


def line(text: str | bytes) -> dict[str, object]:
    found = answer_line("mmrc", text if isinstance(text, bytes) else text.encode())
    assert "\n" not in found
    told: dict[str, object] = json.loads(found)
    return told


def test_a_line_that_is_no_object_is_refused_in_words() -> None:
    assert line("[2]") == {"refused": "not a JSON object", "missing": []}
    assert line('{"grade": 1, "grade": 2}') == {
        "refused": "not a JSON line: a field is given twice", "missing": []
    }  # fmt: skip
    assert str(line(b"\xff")["refused"]).startswith("not a JSON line: 'utf-8' codec")
    assert str(line("[" * 100_000)["refused"]).startswith("not a JSON line: maximum recursion")
    assert line(b"\xef\xbb\xbf" + b'{"grade": 2}') == line('{"grade": 2}'), "with a mark of order"
    assert line('{"grade": 2}')["grade"] == 2
    with pytest.raises(KeyError):
        answer_line("no such score", b"{}")


def test_what_is_missing_is_a_list() -> None:
    assert said(Incomplete(missing=("a", "b"))) == {
        "refused": "missing: a, b", "missing": ["a", "b"]
    }  # fmt: skip
    assert said(Refused(reason="why")) == {"refused": "why", "missing": []}
    assert line("{}") == {"refused": "missing: grade", "missing": ["grade"]}


def test_a_body_that_is_neither_object_nor_list_is_refused_in_words() -> None:
    neither = Refused(reason="neither a JSON object nor a list of them")
    assert [answer_body("mmrc", body) for body in (b"1", b'"x"', b"null")] == [neither] * 3
    for body, words in ((b"{", "not JSON: Expecting"), (b"\xff", "not JSON: 'utf-8' codec")):
        found = answer_body("mmrc", body)
        assert isinstance(found, Refused)
        assert found.reason.startswith(words)
    twice = answer_body("mmrc", b'{"grade": 1, "grade": 2}')
    assert twice == Refused(reason="not JSON: a field is given twice")
    marked = answer_body("mmrc", b"\xef\xbb\xbf" + b'{"grade": 2}')
    assert marked == answer_body("mmrc", b'{"grade": 2}')
    assert answer_body("mmrc", b"[]") == []
    assert answer_body("mmrc", b"[3]") == [{"refused": "not a JSON object", "missing": []}]
    with pytest.raises(KeyError):
        answer_body("no such score", b"{}")
