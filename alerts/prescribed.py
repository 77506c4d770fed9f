"""From a prescription to what judges, and from a shipped profile to its prescription. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import UNSET

from alerts.lasting import Change, Combination, ItemRules, Silence, Sustained
from alerts.prescription import (
    ChangeRule,
    Content,
    Limits,
    Parameter,
    Question,
    Sustain,
    UsualRule,
)
from alerts.profile import Override, Profile, Signed, for_patient, usual_values
from alerts.trends import VITAL_LABELS
from core.vitals import VITAL_BY_SLUG, VITALS, Vital
from scoring.item import AnswerItem, Bound, Item, Limit, MeasuredItem, Said
from scoring.level import LEVEL_BY_CODE, Level

SET: Final = "Set in the patient's prescription"
"""Source of a number that is not the template's own."""
_BOUNDS: Final = {
    "red_low": (Level.RED, Bound.AT_MOST),
    "orange_low": (Level.ORANGE, Bound.AT_MOST),
    "orange_high": (Level.ORANGE, Bound.AT_LEAST),
    "red_high": (Level.RED, Bound.AT_LEAST),
}
_TOGETHER: Final = {"fr": "Plusieurs à la fois", "en": "Several at once"}
COMBINED: Final[dict[str, tuple[tuple[str, ...], dict[str, str]]]] = {
    "spo2_and_breathing": (
        ("spo2", "respiratory_rate"),
        {
            "fr": "SpO₂ et fréquence respiratoire hors seuils",
            "en": "SpO₂ and respiratory rate out of limits",
        },
    ),
    "spo2_and_pulse": (
        ("spo2", "pulse"),
        {"fr": "SpO₂ et pouls hors seuils", "en": "SpO₂ and pulse out of limits"},
    ),
    "spo2_and_breathlessness": (
        ("spo2", "dyspnoea"),
        {
            "fr": "SpO₂ hors seuils et essoufflement",
            "en": "SpO₂ out of limits and breathlessness",
        },
    ),
    "fever_and_pulse": (
        ("temperature", "pulse"),
        {"fr": "Température et pouls hors seuils", "en": "Temperature and pulse out of limits"},
    ),
}
"""The combinations there are, by name: their items and their words (proposed). No other can be
written: a list that can be read is one that can be checked."""


def profile_of(content: Content, template: Profile, signed: Signed | None = None) -> Profile:
    """Return the profile a checked content means; `template` is the one it names."""
    shipped = {item.code: item for item in template.items}
    items: list[Item] = [
        *(_measured(one, shipped.get(one.item)) for one in content.parameters),
        *(_asked(one, shipped[one.item]) for one in content.questions),
    ]
    order = {item.code: place for place, item in enumerate(template.items)}
    items.sort(key=lambda item: order.get(item.code, len(order)))
    rules = {one.item: _rules(one) for one in content.parameters}
    return replace(
        template,
        items=tuple(items),
        rules={item: found for item, found in rules.items() if found != ItemRules()},
        combinations=tuple(
            Combination(
                code=one.code,
                items=COMBINED[one.code][0],
                within=timedelta(hours=one.within_hours),
                level=LEVEL_BY_CODE[one.level],
                source=SET,
                said=Said(question=dict(_TOGETHER), answer=dict(COMBINED[one.code][1])),
            )
            for one in content.combinations
        ),
        signed=signed,
    )


def usual_of(content: Content) -> dict[str, float]:
    """Return the usual value of each parameter that has one."""
    return {one.item: one.usual for one in content.parameters if one.usual is not None}


def looks_back(profile: Profile) -> timedelta | None:
    """Return how far before a new value its rules look, None where none looks back."""
    spans = [combination.within for combination in profile.combinations]
    for rules in profile.rules.values():
        spans += [change.within for change in rules.changes]
        if rules.sustained is not None:
            spans.append(max(rules.sustained.lasting or LOOKS_BACK, LOOKS_BACK))
    return max(spans, default=None)


def vitals_looked_back(profile: Profile) -> list[Vital]:
    """Return the vitals of which earlier values are needed."""
    codes = {code for combination in profile.combinations for code in combination.items}
    codes |= {code for code, rules in profile.rules.items() if rules.over_time}
    return [
        item.vital
        for item in profile.items
        if isinstance(item, MeasuredItem) and item.code in codes
    ]


LOOKS_BACK: Final = timedelta(days=7)
"""How far back a row of breaches may begin: sparse readings are days apart. Source: proposed."""


def _measured(one: Parameter, shipped: Item | None) -> MeasuredItem:
    vital = VITAL_BY_SLUG[one.item]
    limits = [
        Limit(level=level, bound=bound, value=value, source=SET)
        for name, value in one.limits.given()
        for level, bound in (_BOUNDS[name],)
    ]
    limits += [
        Limit(
            level=LEVEL_BY_CODE[rule.level],
            bound=Bound.FALL_FROM_USUAL if rule.way == "fall" else Bound.RISE_FROM_USUAL,
            value=rule.by,
            source=SET,
        )
        for rule in one.from_usual
    ]
    known = shipped.limits if isinstance(shipped, MeasuredItem) else ()
    limits.sort(key=lambda limit: -limit.level)
    return MeasuredItem(
        code=one.item,
        title=shipped.title if shipped else VITAL_LABELS[vital],
        vital=vital,
        limits=tuple(_sourced(limit, vital, known) for limit in limits),
        max_age=timedelta(hours=one.every_hours),
        essential=one.essential,
    )


def _sourced(limit: Limit, vital: Vital, known: Iterable[Limit]) -> Limit:
    """Return a limit with the template's own source where the template has the same."""
    for one in known:
        same = _at_most(one, vital) == (limit.bound, limit.value)
        if same and one.level is limit.level:
            return replace(limit, source=one.source)
    return limit


def _at_most(limit: Limit, vital: Vital) -> tuple[Bound, float]:
    """Return a limit as it is prescribed: « below 35.5 » is « 35.4 or less » to one decimal."""
    if limit.bound is not Bound.BELOW:
        return limit.bound, limit.value
    decimals = VITALS[vital].decimals
    step = Decimal(1).scaleb(-decimals)
    return Bound.AT_MOST, float(Decimal(repr(limit.value)) - step)


def _asked(one: Question, shipped: Item) -> AnswerItem:
    if not isinstance(shipped, AnswerItem):
        raise ValueError(f"{one.item}: no question of the template")
    choices = [
        choice
        if choice.level is LEVEL_BY_CODE[one.choices[choice.code]]
        else replace(choice, level=LEVEL_BY_CODE[one.choices[choice.code]], source=SET)
        for choice in shipped.choices
    ]
    return replace(
        shipped,
        choices=tuple(choices),
        max_age=timedelta(hours=one.every_hours),
        essential=one.essential,
    )


def _rules(one: Parameter) -> ItemRules:
    silence = one.silence
    return ItemRules(
        sustained=_sustained(one.sustain) if one.sustain else None,
        changes=tuple(_change(rule) for rule in one.changes),
        silence=Silence(
            after=timedelta(hours=silence.after_hours), level=LEVEL_BY_CODE[silence.level]
        )
        if silence
        else None,
        repeat=timedelta(minutes=one.repeat) if one.repeat else None,
    )


def _sustained(one: Sustain) -> Sustained:
    lasting = timedelta(minutes=one.minutes) if one.minutes else None
    return Sustained(lasting=lasting, breaches=one.breaches, readings=one.readings)


def _change(rule: ChangeRule) -> Change:
    return Change(
        falls=rule.way == "fall",
        by=rule.by,
        within=timedelta(hours=rule.within_hours),
        level=LEVEL_BY_CODE[rule.level],
        source=f"{SET} ({rule.within_hours} h)",
    )


def content_of(
    shipped: Profile,
    ladder: tuple[str, int],
    *,
    overrides: Sequence[Override] = (),
    usual: Mapping[str, float] | None = None,
    spo2_scale: int = 1,
) -> Content:
    """Return what a shipped profile, with one patient's own limits, prescribes in full.

    Raises ValueError for limits that four ordered numbers cannot say.
    """
    profile = for_patient(shipped, overrides)
    known = {**(usual or {}), **usual_values(profile)}
    return Content(
        template=(shipped.id, shipped.version),
        ladder=ladder,
        parameters=tuple(
            _parameter(item, known.get(item.code), profile.rules.get(item.code, ItemRules()))
            for item in profile.items
            if isinstance(item, MeasuredItem)
        ),
        questions=tuple(
            Question(
                item=item.code,
                every_hours=int(item.max_age / timedelta(hours=1)),
                essential=item.essential,
                choices={choice.code: choice.level.code for choice in item.choices},  # type: ignore[misc]
            )
            for item in profile.items
            if isinstance(item, AnswerItem)
        ),
        spo2_scale=spo2_scale,  # type: ignore[arg-type]
    )


def _parameter(item: MeasuredItem, usual: float | None, rules: ItemRules) -> Parameter:
    numbers: dict[str, float] = {}
    from_usual: list[UsualRule] = []
    names = {named: name for name, named in _BOUNDS.items()}
    for limit in item.limits:
        if limit.bound in (Bound.FALL_FROM_USUAL, Bound.RISE_FROM_USUAL):
            way = "fall" if limit.bound is Bound.FALL_FROM_USUAL else "rise"
            level = "red" if limit.level is Level.RED else "orange"
            from_usual.append(UsualRule(way=way, by=limit.value, level=level))  # type: ignore[arg-type]
            continue
        bound, value = _at_most(limit, item.vital)
        name = names[limit.level, bound]
        if name in numbers:
            raise ValueError(f"{item.code}: two limits of one side and level")
        numbers[name] = value
    info = VITALS[item.vital]
    return Parameter(
        item=item.code,
        loinc=info.loinc,
        unit=info.ucum,
        every_hours=int(item.max_age / timedelta(hours=1)),
        essential=item.essential,
        limits=Limits(**numbers),
        usual=usual,
        from_usual=tuple(from_usual),
        repeat_minutes=UNSET if rules.repeat is None else rules.repeat // timedelta(minutes=1),
    )


def signed_as(prescription: UUID | None, version: int | None) -> Signed | None:
    """Return the version a stored prescription is, None for no prescription."""
    if prescription is None or version is None:
        return None
    return Signed(prescription=prescription, version=version)
