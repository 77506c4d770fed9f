"""A prescription in words, line by line, and what differs between two of them. Pure.

Two contents that differ differ in a line: numbers are said with all their digits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from alerts.ladder import Ladder, Rung
from alerts.page_words import say_day
from alerts.prescription import Content, Parameter, Question, ServiceHours, Sustain
from alerts.prescription_fields import number_text
from alerts.profile import Profile
from alerts.telling import RECIPIENT_WORDS
from alerts.wording import ANSWER_WORDS
from core.i18n import Translate
from core.vitals import VITAL_BY_SLUG, VITALS
from questionnaires.plans.shown import WEEKDAY_LABELS

LIMIT_LABELS: Final[dict[str, str]] = {
    "red_low": "red low",
    "orange_low": "orange low",
    "orange_high": "orange high",
    "red_high": "red high",
}
"""English msgid of each limit, after the name of its parameter."""
WAY_LABELS: Final[dict[str, str]] = {"fall": "fall", "rise": "rise"}
CHANGE_SENTENCES: Final[dict[str, str]] = {
    "fall": "a fall of {by} or more within {hours} h: {level}",
    "rise": "a rise of {by} or more within {hours} h: {level}",
}
USUAL_SENTENCES: Final[dict[str, str]] = {
    "fall": "{by} or more below the usual value: {level}",
    "rise": "{by} or more above the usual value: {level}",
}
NOTHING: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line: what it is about, where it stands in the form, and what is prescribed."""

    place: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """How words are said: the translator, the language, and the name of an item in it."""

    tr: Translate
    locale: str
    name: Callable[[str], str]

    def number(self, value: float) -> str:
        """Return a number with all its digits."""
        text = number_text(value)
        return text.replace(".", ",") if self.locale == "fr" else text

    def level(self, code: str) -> str:
        """Return a level as a word."""
        return self.tr(code)

    def amount(self, item: str, value: float) -> str:
        """Return a number with the unit of its parameter."""
        vital = VITAL_BY_SLUG.get(item)
        unit = self.tr(VITALS[vital].unit_shown) if vital is not None else ""
        return f"{self.number(value)} {unit}".rstrip()


def say_prescription(
    content: Content, template: Profile, ladder: Ladder, speak: Speaker
) -> tuple[Said, ...]:
    """Return all that is prescribed, in the order of the form."""
    return tuple(_lines(content, template, ladder, speak))


def say_differences(
    before: tuple[Said, ...], after: tuple[Said, ...], speak: Speaker
) -> tuple[str, ...]:
    """Return « SpO₂ orange bas : ≤ 93 % → ≤ 91 % » for each line that is not the same."""
    old = {line.place: line for line in before}
    new = {line.place: line for line in after}
    nothing, colon = speak.tr(NOTHING), " : " if speak.locale == "fr" else ": "
    found = []
    for place in [*old, *(place for place in new if place not in old)]:
        was, is_now = old.get(place), new.get(place)
        if (was and was.value) != (is_now and is_now.value):
            label = (is_now or was or old[place]).label
            values = [one.value if one else nothing for one in (was, is_now)]
            found.append(f"{label}{colon}{' → '.join(values)}")
    return tuple(found)


def _lines(content: Content, template: Profile, ladder: Ladder, speak: Speaker) -> Iterator[Said]:
    tr = speak.tr
    programme = f"{tr(template.title)} ({template.reference})"
    yield Said(place="template", label=tr("Programme"), value=programme)
    for parameter in content.parameters:
        yield from _parameter(parameter, speak)
    for question in content.questions:
        yield from _question(question, speak)
    for one in content.combinations:
        said = tr("within {hours} h: {level}").format(
            hours=one.within_hours, level=speak.level(one.level)
        )
        yield Said(place=one.code, label=speak.name(one.code), value=said)
    calls = "; ".join(say_rung(rung, speak) for rung in ladder.rungs)
    called = f"{calls} ({ladder.id}-{ladder.version})"
    yield Said(place="ladder", label=tr("Called, in this order"), value=called)
    if content.service_hours is not None:
        hours = say_hours(content.service_hours, speak)
        yield Said(place="service_hours", label=tr("Hours of the team"), value=hours)
    scale = str(content.spo2_scale)
    yield Said(place="spo2_scale", label=tr("SpO₂ scale of NEWS2"), value=scale)
    if content.ends_on is not None:
        ends = say_day(content.ends_on, speak.locale)
        yield Said(place="ends_on", label=tr("Last day"), value=ends)
        days = tr("{days} days before").format(days=content.notice_days)
        yield Said(place="notice_days", label=tr("The team is told"), value=days)


def say_rung(rung: Rung, speak: Speaker) -> str:
    """Return « les infirmiers de télésuivi (rouge 10 min, orange 240 min) »."""
    waits = [
        f"{speak.level(level)} {getattr(rung.wait_seconds, level) / 60:g} min"
        for level in (("red",) if rung.only_red else ("red", "orange"))
    ]
    if rung.only_red:
        waits.append(speak.tr("red only"))
    if rung.on_duty_only:
        waits.append(speak.tr("on duty only"))
    return f"{speak.tr(RECIPIENT_WORDS[rung.role])} ({', '.join(waits)})"


def say_hours(hours: ServiceHours, speak: Speaker) -> str:
    """Return « lundi, mardi, de 08:00 à 20:00 »."""
    days = ", ".join(speak.tr(WEEKDAY_LABELS[day]).lower() for day in sorted(set(hours.days)))
    return speak.tr("{days}, from {start} to {end}").format(
        days=days, start=hours.start, end=hours.end
    )


def _every(hours: int, essential: bool, tr: Translate) -> str:
    every = tr("expected every {hours} h").format(hours=hours)
    return f"{every}, {tr('never green without it')}" if essential else every


def _parameter(one: Parameter, speak: Speaker) -> Iterator[Said]:
    tr, name, item = speak.tr, speak.name(one.item), one.item
    yield Said(place=item, label=name, value=_every(one.every_hours, one.essential, tr))
    for limit, value in one.limits.given():
        sign = "≤" if limit.endswith("_low") else "≥"
        said = f"{sign} {speak.amount(item, value)}"
        label = f"{name} {tr(LIMIT_LABELS[limit])}"
        yield Said(place=f"{item}.limits.{limit}", label=label, value=said)
    rules: list[tuple[str, str, str]] = []
    if one.usual is not None:
        rules.append(("usual", tr("usual value"), speak.amount(item, one.usual)))
    if one.from_usual:
        said = "; ".join(
            tr(USUAL_SENTENCES[rule.way]).format(
                by=speak.amount(item, rule.by), level=speak.level(rule.level)
            )
            for rule in one.from_usual
        )
        rules.append(("from_usual", tr("distance from usual"), said))
    if one.repeat is not None:
        rules.append(_again(one.repeat, tr))
    if one.sustain is not None:
        rules.append(("sustain", tr("orange calls once it lasts"), _lasts(one.sustain, tr)))
    if one.changes:
        said = "; ".join(
            tr(CHANGE_SENTENCES[rule.way]).format(
                by=speak.amount(item, rule.by),
                hours=rule.within_hours,
                level=speak.level(rule.level),
            )
            for rule in one.changes
        )
        rules.append(("changes", tr("change over time"), said))
    if one.silence is not None:
        said = tr("no value for {hours} h: {level}").format(
            hours=one.silence.after_hours, level=speak.level(one.silence.level)
        )
        rules.append(("silence", tr("silence"), said))
    for place, label, said in rules:
        yield Said(place=f"{item}.{place}", label=f"{name}, {label}", value=said)


def _again(minutes: int, tr: Translate) -> tuple[str, str, str]:
    label = tr("a first orange is measured again within")
    return "repeat_minutes", label, tr("{minutes} min").format(minutes=minutes)


def _lasts(one: Sustain, tr: Translate) -> str:
    parts = []
    if one.minutes is not None:
        parts.append(tr("{minutes} min").format(minutes=one.minutes))
    if one.breaches is not None or one.readings is not None:
        parts.append(
            tr("{breaches} of the last {readings} readings").format(
                breaches=one.breaches or "?", readings=one.readings or "?"
            )
        )
    return "; ".join(parts)


def _question(one: Question, speak: Speaker) -> Iterator[Said]:
    name = speak.name(one.item)
    asked = _every(one.every_hours, one.essential, speak.tr)
    yield Said(place=one.item, label=name, value=asked)
    for code, level in sorted(one.choices.items()):
        label = f"{name}, {speak.tr(ANSWER_WORDS.get(code, code))}"
        yield Said(place=f"{one.item}.choices.{code}", label=label, value=speak.level(level))
