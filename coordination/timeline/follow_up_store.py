"""What follow-ups and calls add to the timeline of a record."""

from typing import Final

from alerts.page_words import CALL_WORDS, CHECKED_WORDS, EVENT_WORDS
from coordination.inclusion.follow_up import CONTACT_LABELS, EXIT_LABELS, ExitReason
from coordination.inclusion.programmes import PROGRAMME_LABELS
from core.access import Permission
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Line, Source, Window, entry_of

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "follow_up": "Follow-up at home",
    "calls": "Calls and who was sent",
    "begun": "A follow-up at home begins: {programme}, {name}",
    "ended": "The follow-up at home ends: {reason}",
    "agreed": "The patient agrees to the follow-up",
    "refused": "The patient does not agree to the follow-up",
    "agreed_usage_data": "The patient agrees to the use of data to improve the service",
    "refused_usage_data": "The patient does not agree to the use of data to improve the service",
    "contact": "First call: {outcome}",
    "died": "The death is noted",
    "letter": "The letter at the end of the follow-up is made",
}


def load_follow_up(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return how follow-ups began, went on and ended."""
    lines = fetch_all(conn, _SQL["follow_up_lines"], window.params(ctx.patient), Line)
    return [entry_of("follow_up", line, _page_of(ctx, line)) for line in lines]


def load_letters(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return the letters that were made when follow-ups ended."""
    lines = fetch_all(conn, _SQL["letter_lines"], window.params(ctx.patient), Line)
    place = f"/patients/{ctx.patient}/letters"
    return [entry_of("follow_up", line, f"{place}/{line.thing}") for line in lines]


def _page_of(ctx: CareContext, line: Line) -> str:
    ends = line.what in ("ended", "died")
    return f"/patients/{ctx.patient}/{'exit' if ends else 'follow-up'}"


def say_follow_up(entry: Entry, say: Translate, locale: str) -> str:
    """Write what happened to a follow-up."""
    what, more = entry.what, entry.facts["more"]
    if what.startswith("contact_"):
        outcome = say(CONTACT_LABELS[what.removeprefix("contact_")])
        return say(TIMELINE_LABELS["contact"]).format(outcome=outcome)
    if what in ("agreed", "refused") and more == "usage_data":
        return say(TIMELINE_LABELS[f"{what}_usage_data"])
    reason = say(EXIT_LABELS[ExitReason(more)]) if what == "ended" else ""
    programme = say(PROGRAMME_LABELS.get(more, more)) if what == "begun" else ""
    return say(TIMELINE_LABELS[what]).format(
        name=entry.facts["name"], reason=reason, programme=programme
    )


def load_calls(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return calls to the patient and his people, and who was sent to his home."""
    params = window.params(ctx.patient)
    lines = fetch_all(conn, _SQL["attempt_lines"], params, Line)
    lines += fetch_all(conn, _SQL["check_lines"], params, Line)
    return [entry_of("calls", line, f"/patients/{ctx.patient}/reach") for line in lines]


def say_call(entry: Entry, say: Translate, locale: str) -> str:
    """Write what came of a call, or of somebody who went there."""
    who = entry.facts["name"]
    if entry.what == "sent":
        return say(EVENT_WORDS["doubt_check"]).format(who=who)
    if entry.what.startswith("found_"):
        return say(CHECKED_WORDS[entry.what.removeprefix("found_")])
    return say(CALL_WORDS[entry.what]).format(who=who)


FOLLOW_UP: Final = Source(
    kind="follow_up",
    label=TIMELINE_LABELS["follow_up"],
    permissions=(Permission.PLAN_READ,),
    load=load_follow_up,
    say=say_follow_up,
)
LETTERS: Final = Source(
    kind="follow_up",
    label=TIMELINE_LABELS["follow_up"],
    permissions=(Permission.DOCUMENTS_READ,),
    load=load_letters,
    say=say_follow_up,
)
CALLS: Final = Source(
    kind="calls",
    label=TIMELINE_LABELS["calls"],
    permissions=(Permission.ALERTS_READ,),
    load=load_calls,
    say=say_call,
)
