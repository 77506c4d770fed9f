"""What stays in hospital, visits and actions add to the timeline of a record."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final
from uuid import UUID

from coordination.actions.words import EVENT_LABELS as ACTION_LABELS
from coordination.rich_text import excerpt
from coordination.stays.words import EVENT_LABELS as STAY_LABELS
from coordination.visits.words import OUTCOME_LABELS
from core.access import Permission
from core.doors import CareContext, PersonConnection
from core.i18n import Translate, say_day, zone
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Grain, Line, Source, Weight, Window, entry_of

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "stays": "Stays in hospital",
    "visits": "Visits",
    "actions": "Things to do",
    "made": "Visits made: {count}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLine(Line):
    """What was marked of a stay, and its dates."""

    started_at: datetime
    planned_out_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine(Line):
    """What was said of an action; `withheld`: it came from what is not communicable."""

    withheld: bool


def load_stays(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what was marked of stays in hospital."""
    lines = fetch_all(conn, _SQL["stay_lines"], window.params(ctx.patient), StayLine)
    return [stay_entry(ctx.patient, line, window.zone) for line in lines]


def stay_entry(patient: UUID, line: StayLine, time_zone: str) -> Entry:
    """Return the entry of a stay, with the day it speaks of."""
    return Entry(
        at=line.at,
        key=line.key,
        kind="stays",
        what=line.what,
        facts={"day": _day_of(line, zone(time_zone))},
        link=f"/patients/{patient}/stays",
        author=line.author,
        weight=Weight.ORANGE if line.what in ("emergency", "admitted") else Weight.USUAL,
    )


def _day_of(line: StayLine, time_zone: tzinfo) -> date | None:
    match line.what:
        case "emergency" | "admitted" | "corrected":
            return line.started_at.astimezone(time_zone).date()
        case "planned":
            return line.planned_out_on
        case "discharged" if line.ended_at:
            return line.ended_at.astimezone(time_zone).date()
        case _:
            return None


def say_stay(entry: Entry, say: Translate, locale: str) -> str:
    """Write what was marked of a stay: « Hospitalisé : 3 mars 2026 »."""
    words, day = say(STAY_LABELS[entry.what]), entry.facts["day"]
    colon = " : " if locale == "fr" else ": "
    return f"{words}{colon}{say_day(day, locale)}" if day else words


def load_visits(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what came of visits; those simply made are counted by day in a wide span."""
    params = {
        **window.params(ctx.patient),
        "until": window.until,
        "zone": window.zone,
        "each": window.grain in (Grain.HOUR, Grain.EACH),
    }
    lines = fetch_all(conn, _SQL["visit_lines"], params, Line)
    return [entry_of("visits", line, f"/patients/{ctx.patient}/visits") for line in lines]


def say_visit(entry: Entry, say: Translate, locale: str) -> str:
    """Write what came of a visit: « Problème : Toilette – la porte est fermée »."""
    more = entry.facts["more"]
    if entry.what == "made":
        return say(TIMELINE_LABELS["made"]).format(count=more)
    colon = " : " if locale == "fr" else ": "
    words = f"{say(OUTCOME_LABELS[entry.what])}{colon}{entry.facts['name']}"
    return f"{words} – {excerpt(more)}" if more else words


def load_actions(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what was said of the actions that the actor sees."""
    lines = fetch_all(conn, _SQL["action_lines"], window.params(ctx.patient), ActionLine)
    return [_action_entry(ctx, line) for line in lines]


def _action_entry(ctx: CareContext, line: ActionLine) -> Entry:
    return Entry(
        at=line.at,
        key=line.key,
        kind="actions",
        what=line.what,
        facts={"name": line.name or "", "more": line.more or ""},
        link=f"/patients/{ctx.patient}/actions",
        item_id=UUID(line.thing) if line.thing else None,
        author=line.author,
        withheld=line.withheld,
    )


def say_action(entry: Entry, say: Translate, locale: str) -> str:
    """Write what was said of an action: « Fait : Appeler le pharmacien – il livre demain »."""
    colon = " : " if locale == "fr" else ": "
    words = f"{say(ACTION_LABELS[entry.what])}{colon}{entry.facts['name']}"
    more = entry.facts["more"]
    return f"{words} – {excerpt(more)}" if more else words


STAYS: Final = Source(
    kind="stays",
    label=TIMELINE_LABELS["stays"],
    permissions=(Permission.STAYS_READ,),
    load=load_stays,
    say=say_stay,
)
VISITS: Final = Source(
    kind="visits",
    label=TIMELINE_LABELS["visits"],
    permissions=(Permission.VISITS_READ,),
    load=load_visits,
    say=say_visit,
)
ACTIONS: Final = Source(
    kind="actions",
    label=TIMELINE_LABELS["actions"],
    permissions=(Permission.ACTIONS_READ,),
    load=load_actions,
    say=say_action,
)
