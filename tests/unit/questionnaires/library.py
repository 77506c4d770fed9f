"""The shipped questionnaires, read once for these tests."""

from functools import lru_cache
from importlib.resources import files

from questionnaires.fhir import parse_questionnaire
from questionnaires.questionnaire import Questionnaire


def text_of(name: str) -> bytes:
    return (files("questionnaires") / "library" / f"{name}.json").read_bytes()


def names() -> list[str]:
    folder = files("questionnaires") / "library"
    return sorted(one.name.removesuffix(".json") for one in folder.iterdir())


@lru_cache
def shipped(name: str) -> Questionnaire:
    read = parse_questionnaire(text_of(name))
    assert isinstance(read, Questionnaire), (name, read)
    return read
