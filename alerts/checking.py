"""What is wrong with a prescription that can be read: each fault with its place. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from math import isfinite

from alerts.prescribed import COMBINED
from alerts.prescription import Content, Parameter, Problem, Question, TogetherRule, Wrong
from alerts.profile import Profile
from alerts.repeat import QUESTIONNAIRES
from core.vitals import VITAL_BY_SLUG, VITALS, VitalInfo
from scoring.item import AnswerItem


def problems_of(content: Content, template: Profile, today: date) -> tuple[Problem, ...]:
    """Return everything wrong, in the order of the form; nothing when it may be signed.

    `today` is the patient's.
    """
    return tuple(_all(content, template, today))


def _all(content: Content, template: Profile, today: date) -> Iterator[Problem]:
    if not content.parameters and not content.questions:
        yield Problem(place="parameters", wrong=Wrong.NOTHING)
    codes = [one.item for one in content.parameters] + [one.item for one in content.questions]
    codes += [one.code for one in content.combinations]
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(place=code, wrong=Wrong.TWICE)
    for parameter in content.parameters:
        yield from _parameter(parameter)
    for question in content.questions:
        yield from _question(question, template)
    for combination in content.combinations:
        yield from _combination(combination, frozenset(codes))
    hours = content.service_hours
    if hours is not None and (not hours.days or hours.start >= hours.end):
        yield Problem(place="service_hours", wrong=Wrong.HOURS)
    if content.ends_on is not None and content.ends_on < today:
        yield Problem(place="ends_on", wrong=Wrong.ENDED)


def _combination(one: TogetherRule, prescribed: frozenset[str]) -> Iterator[Problem]:
    known = COMBINED.get(one.code)
    if known is None:
        yield Problem(place=one.code, wrong=Wrong.UNKNOWN_COMBINATION)
    elif not prescribed.issuperset(known[0]):
        yield Problem(place=one.code, wrong=Wrong.NOT_PRESCRIBED)


def _parameter(one: Parameter) -> Iterator[Problem]:
    vital = VITAL_BY_SLUG.get(one.item)
    if vital is None:
        yield Problem(place=one.item, wrong=Wrong.UNKNOWN_VITAL)
        return
    info = VITALS[vital]
    if one.unit != info.ucum:
        yield Problem(place=f"{one.item}.unit", wrong=Wrong.UNIT)
    if one.loinc != info.loinc:
        yield Problem(place=f"{one.item}.loinc", wrong=Wrong.CODE)
    yield from _limits(one, info)
    if one.usual is not None and not _possible(one.usual, info):
        yield Problem(place=f"{one.item}.usual", wrong=Wrong.OUT_OF_RANGE)
    differences = [(rule.way, rule.by) for rule in one.changes]
    differences += [(rule.way, rule.by) for rule in one.from_usual]
    for way, by in differences:
        if not (isfinite(by) and by > 0):
            yield Problem(place=f"{one.item}.{way}", wrong=Wrong.NOT_POSITIVE)
    sustain = one.sustain
    if sustain is not None:
        often = sustain.breaches is not None and sustain.readings is not None
        half = (sustain.breaches is None) != (sustain.readings is None)
        more = often and (sustain.breaches or 0) > (sustain.readings or 0)
        if half or more or often == (sustain.minutes is not None):
            yield Problem(place=f"{one.item}.sustain", wrong=Wrong.SUSTAIN)
    if one.repeat is not None:
        yield from _repeat(one)


def _repeat(one: Parameter) -> Iterator[Problem]:
    place = f"{one.item}.repeat_minutes"
    if one.sustain is not None:
        yield Problem(place=place, wrong=Wrong.REPEAT)
    if one.item not in QUESTIONNAIRES:
        yield Problem(place=place, wrong=Wrong.NO_REPEAT)


def _limits(one: Parameter, info: VitalInfo) -> Iterator[Problem]:
    given = one.limits.given()
    before: float | None = None
    for name, value in given:
        place = f"{one.item}.limits.{name}"
        if not _possible(value, info):
            yield Problem(place=place, wrong=Wrong.OUT_OF_RANGE)
        elif before is not None and value <= before:
            yield Problem(place=place, wrong=Wrong.ORDER)
        before = value


def _possible(value: float, info: VitalInfo) -> bool:
    return isfinite(value) and info.lowest <= value <= info.highest


def _question(one: Question, template: Profile) -> Iterator[Problem]:
    items = {item.code: item for item in template.items}
    item = items.get(one.item)
    if not isinstance(item, AnswerItem):
        yield Problem(place=one.item, wrong=Wrong.UNKNOWN_QUESTION)
        return
    known = {choice.code for choice in item.choices}
    for code in sorted(set(one.choices) - known):
        yield Problem(place=f"{one.item}.{code}", wrong=Wrong.UNKNOWN_ANSWER)
    for code in sorted(known - set(one.choices)):
        yield Problem(place=f"{one.item}.{code}", wrong=Wrong.ANSWER_MISSING)
