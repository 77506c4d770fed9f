"""A prescription as the fields of a form: the text of each under its place. Pure.

« spo2.limits.orange_low » is a place; a field without text is not in the fields. `fields_of` and
`prescription_form.content_of_fields` are each other's inverse: a form shows all that is prescribed.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from alerts.prescription import Content, Parameter

Fields = Mapping[str, str]
ON: Final = "1"
"""The text of a box that is ticked."""
LONGEST_HOURS: Final = 24 * 30
LONGEST_MINUTES: Final = 24 * 60
LONGEST_REPEAT: Final = 60
MOST_READINGS: Final = 20
LONGEST_NOTICE_DAYS: Final = 60
"""Bounds of `alerts.prescription`, said beside a field."""
MOST_CHANGES: Final = 8
"""Rows of change over time that a form may send for one parameter."""
WAYS: Final = ("fall", "rise")
LEVELS: Final = ("orange", "red")


def fields_of(content: Content) -> dict[str, str]:
    """Return the fields of a content, in the order of the form."""
    return {place: text for place, text in _fields(content) if text}


def number_text(value: float | None) -> str:
    """Return a number as it is typed, with all its digits: « 92 », « 35.4 »."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def _fields(content: Content) -> Iterator[tuple[str, str]]:
    yield "template", "{}:{}".format(*content.template)
    yield "ladder", "{}:{}".format(*content.ladder)
    for parameter in content.parameters:
        for place, text in _parameter_fields(parameter):
            yield f"{parameter.item}.{place}", text
    for question in content.questions:
        yield f"{question.item}.on", ON
        yield f"{question.item}.every_hours", str(question.every_hours)
        yield f"{question.item}.essential", ON if question.essential else ""
        for code, level in sorted(question.choices.items()):
            yield f"{question.item}.choices.{code}", level
    for one in content.combinations:
        yield f"{one.code}.on", ON
        yield f"{one.code}.within_hours", str(one.within_hours)
        yield f"{one.code}.level", one.level
    if content.service_hours is not None:
        for day in content.service_hours.days:
            yield f"service_hours.{day}", ON
        yield "service_hours.start", content.service_hours.start
        yield "service_hours.end", content.service_hours.end
    yield "spo2_scale", str(content.spo2_scale)
    yield "ends_on", f"{content.ends_on:%d/%m/%Y}" if content.ends_on else ""
    yield "notice_days", str(content.notice_days)


def _parameter_fields(one: Parameter) -> Iterator[tuple[str, str]]:
    yield "on", ON
    yield "every_hours", str(one.every_hours)
    yield "essential", ON if one.essential else ""
    for name, value in one.limits.given():
        yield f"limits.{name}", number_text(value)
    yield "usual", number_text(one.usual)
    for usual in one.from_usual:
        yield f"from_usual.{usual.way}_{usual.level}", number_text(usual.by)
    if one.sustain is not None:
        for name in ("minutes", "breaches", "readings"):
            yield f"sustain.{name}", str(getattr(one.sustain, name) or "")
    for row, change in enumerate(one.changes):
        yield f"changes.{row}.way", change.way
        yield f"changes.{row}.by", number_text(change.by)
        yield f"changes.{row}.within_hours", str(change.within_hours)
        yield f"changes.{row}.level", change.level
    if one.silence is not None:
        yield "silence.after_hours", str(one.silence.after_hours)
        yield "silence.level", one.silence.level
    yield "repeat_minutes", str(one.repeat or "")
