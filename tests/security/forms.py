"""What a form of each act holds, filled so that nothing but a lock stands in its way.

An act sent without its fields is refused for them, and proves nothing of who may do it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from core import clock
from core.access import Role
from tests.integration.web.scene import PASSWORD
from tests.security.asking import IN_BRACES, fill
from tests.security.cast import (
    CANARY,
    CANARY_PHONE,
    DAY,
    Cast,
    Owner,
    add_member,
    add_party,
)
from tests.security.things import MAKERS

Form = dict[str, str]
Things = Mapping[str, object]
Maker = Callable[[Cast, Things], Form]
TRAITS = {"name": CANARY, "first_name": "Jeanne", "birth_date": "1951-04-02"}
IDENTITY = {
    "birth_name": CANARY,
    "birth_first_names": "Jeanne",
    "birth_first_name": "Jeanne",
    "birth_date": "1951-04-02",
    "sex": "female",
    "birth_place": "75056",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One request that would change something."""

    method: str
    address: str
    form: Form

    def answered_in(self, text: str) -> str:
        """Return an answer without what the form itself said, which tells nobody anything."""
        for value in self.form.values():
            text = text.replace(f'value="{value}"', "")
        return text


def act_of(key: str, cast: Cast, things: Things | None = None) -> Act:
    """Return a request of a route, about things made anew unless they are given."""
    method, path = key.split(" ", 1)
    known = {"kind": "note", **(things or {})}
    made = {
        name: known[name] if name in known else ABOUT.get((key, name), MAKERS[name])(cast)
        for name in IN_BRACES.findall(path)
    }
    form = FORMS.get(key, {})
    return Act(method, fill(path, cast, made), form(cast, made) if callable(form) else dict(form))


def _circle_version(cast: Cast) -> str:
    row = cast.owner.execute(
        "select version from access.circle where patient_id = %s", [cast.patient]
    ).fetchone()
    assert row is not None
    return str(row[0])


def _joining(cast: Cast, _: Things) -> Form:
    return {
        "party": _login(cast.owner, MAKERS["person"](cast)),
        "role": "carer",
        "consent_means": "spoken",
        "consent_on": str(clock.now().date() - timedelta(days=1)),
        "version": _circle_version(cast),
    }


def _login(owner: Owner, person: object) -> str:
    row = owner.execute("select login from identity.account where person = %s", [person]).fetchone()
    assert row is not None
    return str(row[0])


def _ending(cast: Cast, _: Things) -> Form:
    return {"reason": "Un départ", "version": _circle_version(cast)}


def _manager(cast: Cast, _: Things) -> Form:
    return {
        "organisation": str(cast.home.care.centre),
        "version": _circle_version(cast),
    }


def _hiding(_cast: Cast, _: Things) -> Form:
    return {"audience": "role:physiotherapist", "reason": "Une raison"}


def _identity(cast: Cast, _: Things) -> Form:
    row = cast.owner.execute(
        "select version from identity.patient where patient_id = %s", [cast.patient]
    ).fetchone()
    assert row is not None
    return {**IDENTITY, "phone": CANARY_PHONE, "reason": "Un usage", "version": str(row[0])}


def _newcomer(_cast: Cast, _: Things) -> Form:
    name = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    return {**IDENTITY, "birth_name": name, "confirmed": "yes"}


def _keeping(cast: Cast, _: Things) -> Form:
    return {"keep": str(cast.other_patient), "reason": "Une seule personne"}


def _period(cast: Cast, _: Things) -> Form:
    today = clock.now().date()
    return {
        "login": _login(cast.owner, MAKERS["person"](cast)),
        "first": str(today),
        "last": str(today + timedelta(days=3)),
    }


def _invitation(_cast: Cast, _: Things) -> Form:
    mail = f"{uuid4().hex}@cast.example"
    return {"family": "Dupont", "given": "Luc", "mail": mail, "role": "gp"}


def _until(_cast: Cast, _: Things) -> Form:
    return {"until": str(clock.now().date() + timedelta(days=30))}


def _note(_cast: Cast, _: Things) -> Form:
    return {"item_id": str(uuid4()), "text": "Une note"}


def _showing(cast: Cast, things: Things) -> Form:
    hiding = uuid4()
    cast.owner.execute(
        "insert into access.item_hidden (id, item_id, role, by, at)"
        " select %s, item_id, 'carer', %s, now() from access.item where item_id = %s",
        [hiding, cast.patient, things["item_id"]],
    )
    return {"hiding": str(hiding)}


def _mail(_cast: Cast, _: Things) -> Form:
    return {"mail": f"{uuid4().hex}@cast.example"}


def _colleague(cast: Cast) -> object:
    """Somebody of the organisation that follows the patient: of him its administrator decides."""
    found = cast.owner.execute(
        "select person from access.post where id = %s", [MAKERS["post"](cast)]
    ).fetchall()
    return found[0][0]


def _invited(cast: Cast) -> object:
    """A colleague who was sent his link and has not opened his account."""
    person = _colleague(cast)
    cast.owner.execute("update identity.account set password_hash = '' where person = %s", [person])
    cast.owner.execute(
        "insert into messages.contact_point (id, party, channel, address, created_at)"
        " values (%s, %s, 'email', %s, now())",
        [uuid4(), person, f"{uuid4().hex}@cast.example"],
    )
    return person


def _suspended(cast: Cast) -> object:
    person = _colleague(cast)
    cast.owner.execute(
        "update identity.account set disabled_at = now() where person = %s", [person]
    )
    return person


ACCOUNT = "POST /admin/accounts/{person}"
ABOUT: dict[tuple[str, str], Callable[[Cast], object]] = {
    (f"{ACCOUNT}/invite", "person"): _invited,
    (f"{ACCOUNT}/suspend", "person"): _colleague,
    (f"{ACCOUNT}/resume", "person"): _suspended,
    (f"{ACCOUNT}/expiry", "person"): _colleague,
}
"""Whom an act is about, where what a path usually names would be refused for itself."""


def _pausing(_cast: Cast, _made: Things) -> Form:
    day = clock.now().date()
    return {"reason": "other", "first": str(day), "last": str(day + timedelta(days=1))}


def _paused(cast: Cast, _made: Things) -> Form:
    pause = uuid4()
    cast.owner.execute(
        "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at)"
        " values (%s, %s, 'other', now(), now() + interval '1 day', now())",
        [pause, cast.patient],
    )
    return {"pause": str(pause)}


def _asking_for_a_pause(cast: Cast, _made: Things) -> Form:
    request = uuid4()
    cast.owner.execute(
        "insert into questionnaires.pause_request (id, patient_id, reason, from_day, until_day,"
        " note, asked_at, asked_by) values (%s, %s, 'other', current_date, current_date, %s,"
        " now(), %s)",
        [request, cast.patient, CANARY, cast.patient],
    )
    return {"request": str(request)}


def _dying(cast: Cast, _made: Things) -> Form:
    """The day before yesterday, in a record where no death is noted."""
    _living(cast)
    return {"day": (clock.now() - timedelta(days=2)).date().isoformat(), "sure": "yes"}


def _living(cast: Cast) -> None:
    cast.owner.execute(
        "update coordination.death set undone_at = now(), undone_by = noted_by,"
        " undo_reason = 'error' where patient_id = %s and undone_at is null",
        [cast.patient],
    )
    cast.owner.execute(
        "update access.patient set died_on = null, death_noted_at = null where id = %s",
        [cast.patient],
    )


def _dead(cast: Cast, _made: Things) -> Form:
    """A death is noted, and was not."""
    _living(cast)
    cast.owner.execute(
        "insert into coordination.death (id, patient_id, died_on, noted_by, organisation,"
        " noted_at, stopped) values (gen_random_uuid(), %s, current_date, %s, %s, now(), '{}')",
        [cast.patient, cast.home.care.nurse.person, cast.home.care.centre],
    )
    return {"reason": "Confusion avec un homonyme"}


def _bereaved(cast: Cast, made: Things) -> Form:
    """A relative whose stay ended with the death."""
    _dead(cast, made)
    relative = add_party(cast.owner, "person", "Proche")
    stay = add_member(cast.owner, cast.patient, relative, Role.CARER, clock.now() - DAY, None)
    cast.owner.execute(
        "update access.membership set ends_at = now() + interval '1 second',"
        " end_reason = 'death' where id = %s",
        [stay],
    )
    return {"party": str(relative)}


def _starting(cast: Cast, _made: Things) -> Form:
    cast.owner.execute(
        "update questionnaires.plan set ended_at = now(), end_reason = 'other'"
        " where patient_id = %s and programme = 'covid-30' and ended_at is null",
        [cast.patient],
    )
    return {"programme": "covid-30", "zone": "Europe/Paris", "silence_alert": "yes"}


FORMS: dict[str, Form | Maker] = {
    "POST /emergency": TRAITS,
    "POST /emergency/open": {
        **TRAITS,
        "reason": "Inconsciente chez elle, SAMU",
        "secret": PASSWORD,
    },
    "POST /emergency/reviews/{access_id}": {"verdict": "justified", "note": "Vu"},
    "POST /p/consents/opposition": {"opposed": "yes"},
    "POST /p/consents/{consent_id}/withdraw": {},
    "POST /p/items/{kind}/{item_id}/flag": {"sensitive": "yes"},
    "POST /p/items/{kind}/{item_id}/hide": _hiding,
    "POST /p/items/{kind}/{item_id}/show": _showing,
    "POST /p/questions": {},
    "POST /patients/{patient_id}/alerts/{alert_id}": {"act": "called_15", "note": "Appelé"},
    "POST /patients/search": TRAITS,
    "POST /patients/new": _newcomer,
    "POST /patients/duplicates/{pair_id}": _keeping,
    "POST /patients/merges/{link_id}/end": {"reason": "Deux personnes"},
    "POST /patients/{patient_id}/identity": _identity,
    "POST /patients/{patient_id}/circle": _joining,
    "POST /patients/{patient_id}/circle/consents/{consent_id}/withdraw": {},
    "POST /patients/{patient_id}/circle/manager": _manager,
    "POST /patients/{patient_id}/circle/opposition": {"opposed": "yes", "means": "spoken"},
    "POST /patients/{patient_id}/circle/prepare": _joining,
    "POST /patients/{patient_id}/circle/{membership_id}/end": _ending,
    "POST /patients/{patient_id}/items/{kind}/{item_id}/flag": {"sensitive": "yes"},
    "POST /patients/{patient_id}/items/{kind}/{item_id}/hide": _hiding,
    "POST /patients/{patient_id}/items/{kind}/{item_id}/show": _showing,
    "POST /patients/{patient_id}/notes": _note,
    "POST /patients/{patient_id}/exit/{episode_id}": {"reason": "hospitalisation"},
    "POST /patients/{patient_id}/death": _dying,
    "POST /patients/{patient_id}/death/undo": _dead,
    "POST /patients/{patient_id}/death/told": _bereaved,
    "POST /patients/{patient_id}/kit/{kit_id}": {"outcome": "returned"},
    "POST /patients/{patient_id}/plan": _starting,
    "POST /patients/{patient_id}/plan/{plan_id}": {"act": "end", "reason": "other"},
    "POST /patients/{patient_id}/pauses": _pausing,
    "POST /patients/{patient_id}/pauses/end": _paused,
    "POST /patients/{patient_id}/pauses/refuse": _asking_for_a_pause,
    "POST /admin/accounts": _invitation,
    "POST /admin/accounts/{person}/invite": {},
    "POST /admin/accounts/{person}/suspend": {},
    "POST /admin/accounts/{person}/resume": {},
    "POST /admin/accounts/{person}/expiry": _until,
    "POST /admin/accounts/posts/{post}/end": {},
    "POST /admin/accounts/posts/{post}/substitute": _period,
    "POST /patients/{patient_id}/account": _mail,
}
