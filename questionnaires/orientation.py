"""The orientation questionnaire of 2020-06-09 read into the tree, and what the tree says. Pure."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from questionnaires.questionnaire import Value, Words
from scoring.orientation import Background, Ending, Reply, Symptoms, Temperature, orient
from scoring.refusal import Incomplete, Refused

NAME: Final = "covid-orientation-fr"


def ending_of(values: Mapping[str, Value]) -> Ending | Incomplete | Refused:
    """Return where the tree ends for the answers to the questionnaire."""
    return orient(_symptoms(values), _background(values))


def message_of(ending: Ending) -> Words:
    """Return the ministry's message word for word, and Chevet's translation of it."""
    return _messages()[ending]


@lru_cache
def _messages() -> dict[str, Words]:
    text = (files("questionnaires") / "orientation_messages.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    messages: dict[str, Words] = read["messages"]
    return messages


def _symptoms(values: Mapping[str, Value]) -> Symptoms:
    range_given = values.get("temperature_range")
    return Symptoms(
        fever=_yes(values, "fever"),
        temperature=Temperature(range_given) if isinstance(range_given, str) else None,
        cough=_yes(values, "cough"),
        anosmia=_yes(values, "anosmia"),
        aches=_yes(values, "aches"),
        diarrhoea=_yes(values, "diarrhoea"),
        fatigue=_yes(values, "fatigue"),
        in_bed=_yes(values, "in_bed"),
        cannot_eat_or_drink=_yes(values, "cannot_eat_or_drink"),
        breathless=_yes(values, "breathless"),
    )


def _background(values: Mapping[str, Value]) -> Background:
    age = _number(values, "age")
    return Background(
        age_years=int(age) if age is not None else None,
        weight_kg=_number(values, "weight"),
        height_cm=_number(values, "height"),
        heart=_reply(values, "heart"),
        diabetes=_yes(values, "diabetes"),
        cancer=_yes(values, "cancer"),
        respiratory=_yes(values, "respiratory"),
        dialysis=_yes(values, "dialysis"),
        cirrhosis=_yes(values, "cirrhosis"),
        pregnant=_reply(values, "pregnant"),
        sickle_cell=_yes(values, "sickle_cell"),
        immunity=_reply(values, "immunity"),
    )


def _yes(values: Mapping[str, Value], link_id: str) -> bool | None:
    value = values.get(link_id)
    return {"yes": True, "no": False}.get(value) if isinstance(value, str) else None


def _reply(values: Mapping[str, Value], link_id: str) -> Reply | None:
    value = values.get(link_id)
    return Reply(value) if value in tuple(Reply) else None


def _number(values: Mapping[str, Value], link_id: str) -> float | None:
    value = values.get(link_id)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
