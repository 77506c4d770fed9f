"""The form in which a change of limits is proposed: the four limits of what is watched. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.prescription import LIMITS, Content
from alerts.prescription_fields import Fields, fields_of
from core.vitals import VITAL_BY_SLUG, VITALS


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitField:
    """One limit as a field; `name` is that of its label."""

    place: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A parameter with its four fields; `unit` is an English msgid."""

    item: str
    unit: str
    limits: tuple[LimitField, ...]


def proposed(live: Content, sent: Mapping[str, str]) -> dict[str, str]:
    """Return what is in force with the limits that were sent; nothing else can be sent."""
    fields = fields_of(live)
    for parameter in live.parameters:
        for name in LIMITS:
            place = f"{parameter.item}.limits.{name}"
            fields[place] = sent.get(place, "").strip()
    return {place: text for place, text in fields.items() if text}


def limits_shown(live: Content, fields: Fields, locale: str) -> tuple[Shown, ...]:
    """Return the fields of each parameter in force, as they were typed."""
    return tuple(
        Shown(
            item=one.item,
            unit=VITALS[VITAL_BY_SLUG[one.item]].unit_shown,
            limits=tuple(
                LimitField(
                    place=f"{one.item}.limits.{name}",
                    name=name,
                    value=_written(fields.get(f"{one.item}.limits.{name}", ""), locale),
                )
                for name in LIMITS
            ),
        )
        for one in live.parameters
    )


def _written(text: str, locale: str) -> str:
    return text.replace(".", ",") if locale == "fr" else text
