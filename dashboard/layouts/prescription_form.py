"""The form of a prescription: a group of fields for each parameter, question and combination.

Each field stands in an element that names its place (`data-place`), beside the room for what is
wrong with it (`data-error`); prescription.js reads the first and writes the second.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import html
from dash_mantine_components import Checkbox, Textarea, TextInput

from alerts.ladder import Ladder
from alerts.prescribed import COMBINED
from alerts.prescription import LIMITS
from alerts.prescription_fields import LEVELS, ON, WAYS, Fields
from alerts.prescription_form import in_order
from alerts.prescription_words import LIMIT_LABELS, WAY_LABELS, Speaker, say_rung
from alerts.profile import Profile
from alerts.wording import ANSWER_WORDS
from core.vitals import VitalInfo
from dashboard.layouts.marks import Component, attributes, shape
from dashboard.reader import Reader
from questionnaires.plans.shown import WEEKDAY_LABELS
from scoring.item import AnswerItem
from scoring.level import LEVEL_BY_CODE

LEAST_CHANGES: Final = 2
"""Rows for a change over time, so that one over a day and one over a week fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When a form was opened (ISO 8601), and on which draft it is written, None for a new one."""

    opened: str
    kept: dict[str, Any] | None


def opened_whole(opening: Opening, body: list[Component]) -> Component:
    """Return what is put up for one opening, under an id of its own.

    By its id the browser knows that nothing of it stands yet: it takes the form before it away and
    puts this one up in one step. Without, it would change the old one field by field, and a choice
    would keep what had been chosen in it.
    """
    return html.Div(body, id="rx-opening-" + re.sub(r"\D", "", opening.opened))


def form(
    reader: Reader,
    fields: Fields,
    template: Profile,
    ladders: Sequence[Ladder],
    reason: str,
    opening: Opening,
) -> Component:
    """Return the form with these fields in it; it says itself what it is written on."""
    make = _Form(reader, fields)
    vitals = in_order(template)
    watched = [info for info in vitals if fields.get(f"{info.slug}.on")]
    others = [info for info in vitals if info not in watched]
    asked = [item for item in template.items if isinstance(item, AnswerItem)]
    return html.Div(
        [
            make.kept("template"),
            *(make.parameter(info) for info in watched),
            make.more("Other parameters", [make.parameter(info) for info in others], opened=False),
            *(make.question(item) for item in asked),
            make.combinations(),
            make.around(ladders),
            make.reason(reason),
        ],
        className="rx-fields",
        **attributes({"data-opened": opening.opened, "data-kept": json.dumps(opening.kept)}),
    )


class _Form:
    """Makes the fields for one reader, with what each holds."""

    def __init__(self, reader: Reader, fields: Fields) -> None:
        self._reader = reader
        self._fields = fields

    def kept(self, place: str) -> Component:
        """Return what nobody types, and goes back as it came."""
        held = {"data-place": place, "data-value": self._fields.get(place, "")}
        return html.Div(hidden=True, **attributes(held))

    def text(self, place: str, label: str, *, plain: bool = False) -> Component:
        """Return a field with its label; numbers are written with the reader's comma."""
        value = self._fields.get(place, "")
        if self._reader.locale == "fr" and not plain:
            value = value.replace(".", ",")
        return self._held(place, TextInput(label=label, value=value, debounce=False))

    def tick(self, place: str, label: str) -> Component:
        """Return a box to tick."""
        box = Checkbox(label=label, checked=self._fields.get(place) == ON)
        return self._held(place, box, look="field tick")

    def choice(self, place: str, label: str, choices: Iterable[tuple[str, str]]) -> Component:
        """Return a choice; the first one where nothing is chosen."""
        chosen = self._fields.get(place, "")
        options: list[Component] = [html.Option(text, value=value) for value, text in choices]
        select = html.Label([html.Span(label), html.Select(options)])
        return self._held(place, select, chosen=chosen)

    def _held(
        self, place: str, body: Component, *, look: str = "field", chosen: str | None = None
    ) -> Component:
        named = {"data-place": place} | ({} if chosen is None else {"data-value": chosen})
        return html.Div([body, self.fault(place)], className=look, **attributes(named))

    def fault(self, place: str) -> Component:
        """Return the room for what is wrong at a place."""
        return html.Span(className="field-error", **attributes({"data-error": place}))

    def more(self, title: str, body: list[Component], *, opened: bool) -> Component:
        """Return what is seldom needed, folded away."""
        return html.Details([html.Summary(self._reader.say(title)), *body], open=opened)

    def _levels(self) -> list[tuple[str, str]]:
        return [(code, self._reader.level(LEVEL_BY_CODE[code])) for code in LEVELS]

    def parameter(self, info: VitalInfo) -> Component:
        """Return the fields of one parameter."""
        say, code = self._reader.say, info.slug
        unit = say(info.unit_shown)
        rules = ("sustain.", "changes.", "from_usual.", "silence.", "usual", "repeat_")
        used = any(place.startswith(tuple(f"{code}.{rule}" for rule in rules))
                   for place in self._fields)  # fmt: skip
        return _group(
            f"{self._reader.item(code)} ({unit})",
            [
                self.fault(code),
                _row([self.tick(f"{code}.on", say("Watched")),
                      self.text(f"{code}.every_hours", say("A value every (hours)")),
                      self.tick(f"{code}.essential", say("Never green without it"))]),
                _row([self._limit(code, name) for name in LIMITS], look="row four"),
                self.more("Lasting, change, usual value, silence", self._rules(code), opened=used),
            ],
        )  # fmt: skip

    def _limit(self, code: str, name: str) -> Component:
        level = name.partition("_")[0]
        said = self._reader.say(LIMIT_LABELS[name])
        sign = "≤" if name.endswith("_low") else "≥"
        mark = shape(LEVEL_BY_CODE[level])
        return html.Div(
            [mark, self.text(f"{code}.limits.{name}", f"{said.capitalize()} {sign}")],
            className=f"limit limit-{level}",
        )

    def _rules(self, code: str) -> list[Component]:
        say = self._reader.say
        changes = [place for place in self._fields if place.startswith(f"{code}.changes.")]
        rows = range(max(LEAST_CHANGES, len({place.split(".")[2] for place in changes})))
        never = say("An orange breach calls only once it has lasted. A red one never waits.")
        return [
            html.P(never, className="soft small"),
            _row([self.text(f"{code}.sustain.minutes", say("Lasts (minutes)")),
                  self.text(f"{code}.sustain.breaches", say("or so many breaches")),
                  self.text(f"{code}.sustain.readings", say("of the last readings"))]),
            self.fault(f"{code}.sustain"),
            _row([self.text(f"{code}.repeat_minutes",
                            say("Or a first orange waits for a new measure (minutes)"))]),
            *(self._change(f"{code}.changes.{row}") for row in rows),
            _row([self.text(f"{code}.usual", say("Usual value")),
                  *(self._distance(code, way, level) for way in WAYS for level in LEVELS)]),
            _row([self.text(f"{code}.silence.after_hours", say("Call without a value for (hours)")),
                  self.choice(f"{code}.silence.level", say("Level of silence"), self._levels())]),
        ]  # fmt: skip

    def _distance(self, code: str, way: str, level: str) -> Component:
        said = {
            "fall": self._reader.say("Below usual by, {level}", level=self._reader.say(level)),
            "rise": self._reader.say("Above usual by, {level}", level=self._reader.say(level)),
        }
        return self.text(f"{code}.from_usual.{way}_{level}", said[way])

    def _change(self, place: str) -> Component:
        say = self._reader.say
        ways = [(way, say(WAY_LABELS[way]).capitalize()) for way in WAYS]
        return _row(
            [
                self.choice(f"{place}.way", say("Change over time"), ways),
                self.text(f"{place}.by", say("of at least")),
                self.text(f"{place}.within_hours", say("within (hours)")),
                self.choice(f"{place}.level", say("Level"), self._levels()),
            ]
        )

    def question(self, item: AnswerItem) -> Component:
        """Return the fields of one question: the level of each of its answers."""
        say = self._reader.say
        green = ("green", self._reader.level(LEVEL_BY_CODE["green"]))
        answers = [
            self.choice(
                f"{item.code}.choices.{choice.code}",
                say(ANSWER_WORDS.get(choice.code, choice.title)).capitalize(),
                [green, *self._levels()],
            )
            for choice in item.choices
        ]
        return _group(
            self._reader.item(item.code, item.title),
            [
                self.fault(item.code),
                _row([self.tick(f"{item.code}.on", say("Watched")),
                      self.text(f"{item.code}.every_hours", say("An answer every (hours)")),
                      self.tick(f"{item.code}.essential", say("Never green without it"))]),
                _row(answers),
            ],
        )  # fmt: skip

    def combinations(self) -> Component:
        """Return the combinations there are, each to be ticked."""
        say = self._reader.say
        return _group(
            say("Several at once (proposed)"),
            [
                _row([html.Div([self.tick(f"{code}.on", self._reader.item(code)),
                                self.fault(code)]),
                      self.text(f"{code}.within_hours", say("within (hours)")),
                      self.choice(f"{code}.level", say("Level"), self._levels())],
                     look="row pair")
                for code in COMBINED
            ],
        )  # fmt: skip

    def around(self, ladders: Sequence[Ladder]) -> Component:
        """Return who is called, the hours of the team, and the end."""
        say = self._reader.say
        called = [(f"{one.id}:{one.version}", say(one.title)) for one in ladders]
        days = [
            self.tick(f"service_hours.{day}", say(text)) for day, text in WEEKDAY_LABELS.items()
        ]
        about = say("Written into the prescription; no call waits for these hours.")
        return _group(
            say("Who is called, and until when"),
            [
                _row([self.choice("ladder", say("Who is called, in which order"), called)],
                     look="row whole"),
                self._called(ladders),
                html.P(about, className="soft small"),
                _row(days, look="row days"),
                _row([self.text("service_hours.start", say("Team reads from (hh:mm)"), plain=True),
                      self.text("service_hours.end", say("until (hh:mm)"), plain=True)]),
                self.fault("service_hours"),
                _row([self.text("ends_on", say("Last day (dd/mm/yyyy)"), plain=True),
                      self.text("notice_days", say("Tell the team so many days before")),
                      self.choice("spo2_scale", say("SpO₂ scale of NEWS2"),
                                  [("1", "1"), ("2", "2")])]),
            ],
        )  # fmt: skip

    def _called(self, ladders: Sequence[Ladder]) -> Component:
        """Return of each ladder whom it calls, in which order and after how long."""
        speak = Speaker(tr=self._reader.say, locale=self._reader.locale, name=self._reader.item)
        each = [
            html.Li(
                [
                    html.Strong(self._reader.say(one.title)),
                    html.Ol([html.Li(say_rung(rung, speak)) for rung in one.rungs],
                            className="rx-rungs"),
                ]
            )
            for one in ladders
        ]  # fmt: skip
        return self.more("Whom each of them calls", [html.Ul(each)], opened=False)

    def reason(self, reason: str) -> Component:
        """Return why it is changed: read by who signs and by who comes after."""
        area = Textarea(label=self._reader.say("Why it is changed (optional)"), value=reason,
                        autosize=True, minRows=2, maxRows=6, debounce=False)  # fmt: skip
        return self._held("reason", area, look="field wide")


def _row(body: list[Component], look: str = "row") -> Component:
    return html.Div(body, className=look)


def _group(title: str, body: list[Component]) -> Component:
    return html.Fieldset([html.Legend(title), *body], className="card rx-group")
