"""Swaps of shifts, on the console and on « Mes gardes »: asked, answered, and each side told.

What is told stands in the outbox in the transaction of the act: who was asked without being told,
or told of what was not kept, does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.own import Clash, OwnTurn, clash, coming, is_over
from alerts.rota.public_days import Region
from alerts.rota.rota import Rota, Shift, works_on
from alerts.store import duties
from alerts.store import own_duties as store
from alerts.store.own_duties import ColleagueRow, OwnSwapRow
from alerts.week_service import NotDone, not_done
from core import clock
from core.access import Permission
from core.doors import Action, Actor, PersonConnection, acting_as, note_access
from core.settings import settings

AHEAD: Final = timedelta(days=35)
"""How far ahead one's own shifts are shown."""
BEHIND: Final = timedelta(days=7)
"""How long after its day a swap is still shown."""

_CLASHES: Final = {Clash.LEAVE: "away", Clash.SHIFT: "busy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDuties:
    """Somebody's own shifts and swaps, and whom he may ask; `serves`: he may be planned at all."""

    serves: bool
    today: date
    rotas: Mapping[UUID, Rota]
    turns: tuple[OwnTurn, ...]
    swaps: tuple[OwnSwapRow, ...]
    colleagues: tuple[ColleagueRow, ...]


def own_duties(actor: Actor, now: datetime) -> OwnDuties:
    """Return the shifts somebody has from now on, and the swaps that concern him."""
    with acting_as(actor) as conn:
        rotas = _rotas(conn)
        today = now.astimezone(ZoneInfo(settings().time_zone)).date()
        colleagues = store.load_colleagues(conn)
        return OwnDuties(
            serves=bool(colleagues),
            today=today,
            rotas=rotas,
            turns=coming(rotas, actor.person, now, AHEAD),
            swaps=tuple(store.load_swaps(conn, today - BEHIND)),
            colleagues=tuple(colleagues),
        )


def offer_swap(actor: Actor, shift: UUID, day: date, to: UUID) -> UUID | NotDone:
    """Ask a colleague to take a shift of a day, and tell him; nothing changes before he accepts."""
    now = clock.now()
    with acting_as(actor) as conn:
        found = _find(_rotas(conn), shift)
        if found is None or not works_on(found[1], day, found[0].region) or _passed(*found, day):
            return not_done("day")
        swap = store.offer_swap(conn, shift, day, to, now)
        if swap is None:
            return not_done("swap")
        _note(conn, actor, "C", swap)
        store.tell_swap(conn, swap, _ways())
    return swap


def answer_swap(actor: Actor, swap: UUID, *, accepts: bool) -> NotDone | None:
    """Accept a swap one is asked for, or say no, and tell whoever asked; None when it is done.

    Whoever is away then, or has another shift at that time, cannot accept.
    """
    with acting_as(actor) as conn:
        store.lock_person(conn, actor.person)
        refused = _refusal(conn, actor, swap) if accepts else None
        if refused is not None:
            return refused
        if not store.answer_swap(conn, swap, accepts=accepts):
            return not_done("gone")
        _note(conn, actor, "U", swap)
        store.tell_swap(conn, swap, _ways())
    return None


def _refusal(conn: PersonConnection, actor: Actor, swap: UUID) -> NotDone | None:
    """Return why a swap cannot be accepted, None if nothing speaks against it."""
    since = clock.now().date() - BEHIND
    asked = next((one for one in store.load_swaps(conn, since) if one.id == swap), None)
    rotas = _rotas(conn)
    found = _find(rotas, asked.shift) if asked else None
    if asked is None or found is None or asked.to_person != actor.person:
        return not_done("gone")
    if _passed(*found, asked.day):
        return not_done("over")
    found_clash = clash(tuple(rotas.values()), *found, asked.day, actor.person)
    return not_done(_CLASHES[found_clash]) if found_clash else None


def _passed(rota: Rota, shift: Shift, day: date) -> bool:
    """Say whether the day of a shift is over, and its night too."""
    now = clock.now()
    return day < now.astimezone(rota.zone).date() and is_over(rota, shift, day, now)


def _find(rotas: Mapping[UUID, Rota], shift: UUID) -> tuple[Rota, Shift] | None:
    known = ((rota, one) for rota in rotas.values() for one in rota.shifts if one.id == shift)
    return next(known, None)


def _rotas(conn: PersonConnection) -> dict[UUID, Rota]:
    site = settings()
    zone, region = ZoneInfo(site.time_zone), Region(site.holidays)
    rows = store.load_rotas(conn)
    return {row.organisation: duties.rota_of(row, zone, region) for row in rows}


def _ways() -> list[str]:
    """Return by which ways this site can send: what it cannot would wait in vain."""
    site = settings()
    able = {
        "email": True,
        "sms": bool(site.sms_url or site.sms_url_second),
        "push": bool(site.vapid_private_key),
    }
    return [way for way, is_able in able.items() if is_able]


def _note(conn: PersonConnection, actor: Actor, action: Action, swap: UUID) -> None:
    note_access(conn, actor, Permission.QUEUE_READ, None, action, {"swap": str(swap)})
