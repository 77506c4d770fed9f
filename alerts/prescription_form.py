"""Reading the form of a prescription: every field that cannot be read is named. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from re import fullmatch
from typing import Any, cast

from msgspec import UNSET

from alerts.prescribed import COMBINED
from alerts.prescription import (
    LIMITS,
    ChangeRule,
    Content,
    Limits,
    Parameter,
    Problem,
    Question,
    ServiceHours,
    SilenceRule,
    Sustain,
    TogetherRule,
    UsualRule,
    Wrong,
)
from alerts.prescription_fields import (
    LEVELS,
    LONGEST_HOURS,
    LONGEST_MINUTES,
    LONGEST_NOTICE_DAYS,
    LONGEST_REPEAT,
    MOST_CHANGES,
    MOST_READINGS,
    ON,
    WAYS,
    Fields,
)
from alerts.profile import Profile
from core.vitals import VITALS, VitalInfo
from scoring.item import AnswerItem, MeasuredItem


def content_of_fields(fields: Fields, template: Profile) -> Content | tuple[Problem, ...]:
    """Return what the fields prescribe, or which of them cannot be read.

    `template` is the one that the fields name. What can be read may still be wrong:
    `checking.problems_of` says so.
    """
    form = _Form(fields)
    content = Content(
        template=(template.id, template.version),
        ladder=form.reference("ladder"),
        parameters=tuple(
            form.parameter(info.slug, loinc=info.loinc, unit=info.ucum)
            for info in in_order(template)
            if form.on(info.slug)
        ),
        questions=tuple(
            form.question(item)
            for item in template.items
            if isinstance(item, AnswerItem) and form.on(item.code)
        ),
        combinations=tuple(form.together(code) for code in COMBINED if form.on(code)),
        service_hours=form.service_hours(),
        spo2_scale=2 if form.text("spo2_scale") == "2" else 1,
        ends_on=form.day("ends_on"),
        notice_days=form.whole("notice_days", 0, LONGEST_NOTICE_DAYS, Wrong.WHOLE_DAYS) or 0,
    )
    return tuple(form.faults) or content


def in_order(template: Profile) -> list[VitalInfo]:
    """Return all that can be measured, in the order of a template and then of the vocabulary."""
    first = [item.vital for item in template.items if isinstance(item, MeasuredItem)]
    return [VITALS[vital] for vital in (*first, *(one for one in VITALS if one not in first))]


def reference_of(text: str) -> tuple[str, int] | None:
    """Return id and version of « covid-home:1 », None for what is none."""
    found = fullmatch(r"([a-z0-9-]{1,60}):(\d{1,4})", text)
    return (found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class _Form:
    """The fields being read, and what could not be read so far."""

    fields: Fields
    faults: list[Problem] = field(default_factory=list)

    def text(self, place: str) -> str:
        return str(self.fields.get(place) or "").strip()

    def on(self, code: str) -> bool:
        return self.text(f"{code}.on") == ON

    def fault(self, place: str, wrong: Wrong) -> None:
        self.faults.append(Problem(place=place, wrong=wrong))

    def reference(self, place: str) -> tuple[str, int]:
        found = reference_of(self.text(place))
        if found is None:
            self.fault(place, Wrong.CHOICE)
        return found or ("none", 1)

    def number(self, place: str) -> float | None:
        """Return a number, with a comma or a point; None for nothing and for a fault."""
        text = self.text(place).replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
        if not text:
            return None
        number = float(text) if fullmatch(r"-?\d{1,6}(\.\d{1,6})?", text) else float("nan")
        if not isfinite(number):
            self.fault(place, Wrong.NUMBER)
            return None
        return number

    def difference(self, place: str) -> float | None:
        number = self.number(place)
        if number is not None and number <= 0:
            self.fault(place, Wrong.NOT_POSITIVE)
        return number

    def whole(self, place: str, low: int, high: int, wrong: Wrong) -> int | None:
        text = self.text(place)
        if text and (not fullmatch(r"\d{1,6}", text) or not low <= int(text) <= high):
            self.fault(place, wrong)
            return None
        return int(text) if text else None

    def hours(self, place: str) -> int:
        """Return hours that must be given."""
        found = self.whole(place, 1, LONGEST_HOURS, Wrong.WHOLE_HOURS)
        if found is None and not self.text(place):
            self.fault(place, Wrong.WHOLE_HOURS)
        return found or 1

    def choice(self, place: str, known: tuple[str, ...]) -> Any:
        chosen = self.text(place)
        if chosen not in known:
            self.fault(place, Wrong.CHOICE)
        return chosen if chosen in known else known[0]

    def day(self, place: str) -> date | None:
        text = self.text(place)
        for shape in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, shape).date()  # noqa: DTZ007
            except ValueError:
                continue
        if text:
            self.fault(place, Wrong.DATE)
        return None

    def clock(self, place: str) -> str:
        text = self.text(place)
        found = fullmatch(r"([01]?\d|2[0-3]) ?[:hH] ?([0-5]\d)", text)
        if found is None:
            self.fault(place, Wrong.CLOCK)
        return f"{int(found[1]):02d}:{found[2]}" if found else "00:00"

    def parameter(self, code: str, *, loinc: str, unit: str) -> Parameter:
        after = self.text(f"{code}.silence.after_hours")
        return Parameter(
            item=code,
            loinc=loinc,
            unit=unit,
            every_hours=self.hours(f"{code}.every_hours"),
            essential=self.text(f"{code}.essential") == ON,
            limits=Limits(**{name: self.number(f"{code}.limits.{name}") for name in LIMITS}),
            sustain=self.sustain(f"{code}.sustain"),
            changes=tuple(self.changes(f"{code}.changes")),
            usual=self.number(f"{code}.usual"),
            from_usual=tuple(self.from_usual(f"{code}.from_usual")),
            silence=SilenceRule(
                after_hours=self.hours(f"{code}.silence.after_hours"),
                level=self.choice(f"{code}.silence.level", LEVELS),
            )
            if after
            else None,
            repeat_minutes=self.whole(
                f"{code}.repeat_minutes", 1, LONGEST_REPEAT, Wrong.REPEAT_MINUTES
            )
            or UNSET,
        )

    def sustain(self, place: str) -> Sustain | None:
        minutes = self.whole(f"{place}.minutes", 1, LONGEST_MINUTES, Wrong.WHOLE_MINUTES)
        breaches, readings = (
            self.whole(f"{place}.{name}", 1, MOST_READINGS, Wrong.WHOLE_COUNT)
            for name in ("breaches", "readings")
        )
        if minutes is None and breaches is None and readings is None:
            return None
        return Sustain(minutes=minutes, breaches=breaches, readings=readings)

    def changes(self, place: str) -> Iterator[ChangeRule]:
        for row in range(MOST_CHANGES):
            here = f"{place}.{row}"
            if not (self.text(f"{here}.by") or self.text(f"{here}.within_hours")):
                continue
            by = self.difference(f"{here}.by")
            if not self.text(f"{here}.by"):
                self.fault(f"{here}.by", Wrong.NUMBER)
            yield ChangeRule(
                way=self.choice(f"{here}.way", WAYS),
                by=by or 1.0,
                within_hours=self.hours(f"{here}.within_hours"),
                level=self.choice(f"{here}.level", LEVELS),
            )

    def from_usual(self, place: str) -> Iterator[UsualRule]:
        for way in WAYS:
            for level in LEVELS:
                by = self.difference(f"{place}.{way}_{level}")
                if by is not None:
                    yield UsualRule(way=cast(Any, way), by=by, level=cast(Any, level))

    def question(self, item: AnswerItem) -> Question:
        known = ("green", *LEVELS)
        return Question(
            item=item.code,
            every_hours=self.hours(f"{item.code}.every_hours"),
            essential=self.text(f"{item.code}.essential") == ON,
            choices={
                choice.code: self.choice(f"{item.code}.choices.{choice.code}", known)
                for choice in item.choices
            },
        )

    def together(self, code: str) -> TogetherRule:
        return TogetherRule(
            code=code,
            within_hours=self.hours(f"{code}.within_hours"),
            level=self.choice(f"{code}.level", LEVELS),
        )

    def service_hours(self) -> ServiceHours | None:
        days = tuple(day for day in range(1, 8) if self.text(f"service_hours.{day}") == ON)
        times = [self.text(f"service_hours.{name}") for name in ("start", "end")]
        if not days and not any(times):
            return None
        return ServiceHours(
            days=days,
            start=self.clock("service_hours.start"),
            end=self.clock("service_hours.end"),
        )
