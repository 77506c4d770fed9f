"""What a form of each act holds, filled so that nothing but a lock stands in its way.

An act sent without its fields is refused for them, and proves nothing of who may do it.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from tests.days import day_in_france
from tests.integration.web.scene import PASSWORD
from tests.security.asking import IN_BRACES, fill
from tests.security.cast import (
    CANARY,
    CANARY_PHONE,
    Cast,
    Owner,
)
from tests.security.forms_asked import ASKED, imported_draft
from tests.security.forms_chat import TALKED
from tests.security.forms_documents import KEPT
from tests.security.forms_follow_up import FOLLOWED
from tests.security.forms_inviting import INVITING
from tests.security.forms_notes import NOTED
from tests.security.forms_opening import OPENED
from tests.security.forms_plan import PLANNED
from tests.security.forms_reaching import REACHED
from tests.security.sending import Act, Form, Maker, Things
from tests.security.things import MAKERS
from tests.security.things_directory import DIRECTED
from tests.security.things_documents import make_withheld_document
from tests.security.things_notes import make_withheld
from tests.security.things_plan import make_action
from tests.security.things_runs import VERSION, keep_version, shown_run, stopped_run

TRAITS = {"name": CANARY, "first_name": "Jeanne", "birth_date": "1951-04-02"}
IDENTITY = {
    "birth_name": CANARY,
    "birth_first_names": "Jeanne",
    "birth_first_name": "Jeanne",
    "birth_date": "1951-04-02",
    "sex": "female",
    "birth_place": "75056",
}


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
        "consent_on": str(day_in_france() - timedelta(days=1)),
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
    today = day_in_france()
    return {
        "login": _login(cast.owner, MAKERS["person"](cast)),
        "first": str(today),
        "last": str(today + timedelta(days=3)),
    }


def _invitation(_cast: Cast, _: Things) -> Form:
    mail = f"{uuid4().hex}@cast.example"
    return {"family": "Dupont", "given": "Luc", "mail": mail, "role": "gp"}


def _until(_cast: Cast, _: Things) -> Form:
    return {"until": str(day_in_france() + timedelta(days=30))}


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
    ("POST /admin/model-runs/{run_id}/resume", "run_id"): stopped_run,
    ("GET /admin/model-runs/{run_id}/file", "run_id"): shown_run,
    ("GET /instruments/{digest}", "digest"): imported_draft,
    ("GET /instruments/{digest}/preview", "digest"): imported_draft,
    ("POST /instruments/{digest}", "digest"): imported_draft,
    ("POST /patients/{patient_id}/notes/{item_id}/withheld", "item_id"): make_withheld,
    (
        "POST /patients/{patient_id}/documents/{document_id}/withheld",
        "document_id",
    ): make_withheld_document,
    ("POST /patients/{patient_id}/actions/{item_id}", "item_id"): make_action,
}
"""Whom an act is about, where what a path usually names would be refused for itself."""


def _replying(_cast: Cast, _made: Things) -> Form:
    return {"words": "Je la vois ce soir.", "key": str(uuid4())}


def _running(cast: Cast, _made: Things) -> Form:
    day = str(day_in_france())
    keep_version(cast)
    return {
        "version": VERSION,
        "first": day,
        "until": day,
        "every": "24",
        "reason": "Comparer deux versions",
    }


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
    "POST /patients/{patient_id}/alerts/{alert_id}": {"act": "called_15", "note": "Appelé"},
    "POST /patients/{patient_id}/alerts/{alert_id}/reply": _replying,
    "POST /patients/{patient_id}/alerts/{alert_id}/limits": {
        "spo2.limits.red_low": "88",
        "reason": "Saturation habituelle plus basse",
    },
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
    "POST /admin/accounts": _invitation,
    "POST /admin/accounts/{person}/invite": {},
    "POST /admin/accounts/{person}/suspend": {},
    "POST /admin/accounts/{person}/resume": {},
    "POST /admin/accounts/{person}/expiry": _until,
    "POST /admin/accounts/posts/{post}/end": {},
    "POST /admin/accounts/posts/{post}/substitute": _period,
    "POST /admin/model-runs": _running,
    "POST /admin/model-runs/{run_id}/cancel": {},
    "POST /admin/model-runs/{run_id}/resume": {},
    "POST /patients/{patient_id}/account": _mail,
    **ASKED,
    **FOLLOWED,
    **INVITING,
    **NOTED,
    **OPENED,
    **KEPT,
    **PLANNED,
    **DIRECTED,
    **TALKED,
    **REACHED,
}
