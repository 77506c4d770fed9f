"""What this room adds to the timeline of a record: answers, plans of questions, pauses."""

import json
from datetime import datetime
from typing import Final

from core.access import Permission
from core.changes import Change, ChangeSource
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Line, Source, Window, entry_of
from questionnaires.answered import SOURCE_LABELS
from questionnaires.answered import Source as Way
from questionnaires.library_service import load_edition
from questionnaires.questionnaire import said

_SQL = load_queries("questionnaires")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "answers": "Answers",
    "plans": "Questions asked",
    "begun": "Questions begin: {title}",
    "ended": "Questions end: {title}",
    "paused": "A pause begins: nothing is asked",
    "resumed": "The pause is over",
}


def load_answers(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return that answers were given, not what they say."""
    lines = fetch_all(conn, _SQL["answer_lines"], window.params(ctx.patient), Line)
    return [
        entry_of("answers", line, f"/patients/{ctx.patient}/answers/{line.thing}") for line in lines
    ]


def say_answer(entry: Entry, say: Translate, locale: str) -> str:
    """Write which questionnaire was answered, and by which way."""
    digest = entry.facts["more"]
    title = said(load_edition(digest).title, locale) if digest else entry.facts["name"]
    way = SOURCE_LABELS.get(Way(entry.what), "")
    return f"{title} – {say(way)}" if way else title


def load_plans(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return when questions and pauses began and ended."""
    lines = fetch_all(conn, _SQL["plan_lines"], window.params(ctx.patient), Line)
    return [entry_of("plans", line, f"/patients/{ctx.patient}/plan") for line in lines]


def say_plan(entry: Entry, say: Translate, locale: str) -> str:
    """Write what began or ended."""
    title = said(json.loads(entry.facts["name"]), locale) if entry.facts["name"] else ""
    return say(TIMELINE_LABELS[entry.what]).format(title=title)


def load_changed(conn: PersonConnection, since: datetime, most: int) -> list[Change]:
    """Return in which records the actor follows answers came."""
    return fetch_all(conn, _SQL["changed_answers"], {"since": since, "most": most}, Change)


ANSWERS: Final = Source(
    kind="answers",
    label=TIMELINE_LABELS["answers"],
    permissions=(Permission.ANSWERS_READ,),
    load=load_answers,
    say=say_answer,
)
PLANS: Final = Source(
    kind="plans",
    label=TIMELINE_LABELS["plans"],
    permissions=(Permission.ANSWERS_READ,),
    load=load_plans,
    say=say_plan,
)
CHANGED: Final = ChangeSource(kind="answers", label=TIMELINE_LABELS["answers"], load=load_changed)
