"""Answers sent as phones and staff send them, for tests of what becomes of them."""

from datetime import datetime
from uuid import UUID

import psycopg

from core import clock
from core.access import Permission
from core.doors import Actor, CareContext
from questionnaires import answers_service as answers
from questionnaires.answered import Source
from questionnaires.answers_service import Stored
from questionnaires.library_service import active_edition
from tests.conftest import Database
from tests.integration.alerts.home import Home, opened
from tests.security.cast import Owner

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
DAILY = "home-daily"


def may_write(home: Home, actor: Actor | None = None) -> CareContext:
    """Open the record to answer, as the patient unless told otherwise."""
    who = actor or home.care.patient_actor
    return opened(who, home.care.patient, Permission.ANSWERS_WRITE)


def may_read(home: Home) -> CareContext:
    return opened(home.care.nurse, home.care.patient, Permission.ANSWERS_READ)


def send(
    home: Home,
    given: dict[str, str | list[str]],
    *,
    key: str = "k",
    edition: str = DAILY,
    at: datetime | None = None,
    ctx: CareContext | None = None,
    task: UUID | None = None,
    source: Source = Source.PATIENT,
) -> Stored:
    """Send a questionnaire that must be taken."""
    outcome = answers.submit(
        ctx or may_write(home),
        active_edition(edition).digest,
        given,
        key=key,
        source=source,
        answered_at=at or clock.now(),
        task=task,
    )
    assert isinstance(outcome, Stored), outcome
    return outcome


def owner_rows(database: Database, query: str, *params: object) -> list[tuple[object, ...]]:
    """Return what the owner of the database sees."""
    with psycopg.connect(database.dsn("OWNER")) as conn:
        return conn.execute(query.encode(), params).fetchall()


def put_edition(owner: Owner, resource: dict[str, object]) -> str:
    """Publish an edition of the test's own; return its digest."""
    from psycopg.types.json import Jsonb

    from questionnaires.fhir import parse_questionnaire
    from questionnaires.questionnaire import Questionnaire

    read = parse_questionnaire(resource)
    assert isinstance(read, Questionnaire), read
    owner.execute(
        "insert into questionnaires.edition (digest, name, version, url, resource, origin, state,"
        " created_at, published_at) values (%s, %s, %s, %s, %s, 'shipped', 'active', now(), now())",
        [read.digest, read.name, read.version, read.url, Jsonb(resource)],
    )
    return read.digest
