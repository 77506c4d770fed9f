"""Forms of plans, questionnaires and answers."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from PIL import Image

from identity.phone_owner import owner_of
from questionnaires.library_service import active_edition
from tests.conftest import ROOT
from tests.days import day_in_france
from tests.security.cast import CANARY, Cast
from tests.security.sending import Form, Maker, Things
from tests.security.things import MAKERS

GIVEN: Form = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


RHYTHM: Form = {
    "act": "save", "days": "every_day", "time.0": "09:00", "opens": "1", "due": "2", "grace": "3",
}  # fmt: skip


def _pausing(_cast: Cast, _made: Things) -> Form:
    day = day_in_france()
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


def _starting(cast: Cast, _made: Things) -> Form:
    cast.owner.execute(
        "update questionnaires.plan set ended_at = now(), end_reason = 'other'"
        " where patient_id = %s and programme = 'covid-30' and ended_at is null",
        [cast.patient],
    )
    return {"programme": "covid-30", "zone": "Europe/Paris", "silence_alert": "yes"}


def _day_off(_cast: Cast, _made: Things) -> Form:
    day = day_in_france() + timedelta(days=5)
    return {"reason": "holiday", "first": str(day), "last": str(day)}


def _answered(_cast: Cast, _made: Things) -> Form:
    return {**GIVEN, "client_key": uuid4().hex}


def _kept_by_a_phone(cast: Cast, _made: Things) -> Form:
    return {
        "owner": owner_of(cast.patient),
        "edition": active_edition("home-daily").digest,
        "key": uuid4().hex,
        "answers": GIVEN,
        "times": {"wall_ms": 0, "sent_wall_ms": 0},
    }


def _said_by_phone(_cast: Cast, _made: Things) -> Form:
    return {
        **GIVEN,
        "client_key": uuid4().hex,
        "_what": active_edition("home-daily").digest,
        "_how": "phone",
    }


def _measured(_cast: Cast, _made: Things) -> Form:
    return {"spo2": "96", "client_key": uuid4().hex}


def _corrected(_cast: Cast, _made: Things) -> Form:
    return {"spo2": "95", "client_key": uuid4().hex, "_reason": "Mal lu"}


def _link(cast: Cast, _made: Things) -> Form:
    """To the patient himself, at an address of his."""
    cast.owner.execute(
        "insert into messages.contact_point (id, party, channel, address, created_at)"
        " values (%s, %s, 'email', %s, now()) on conflict do nothing",
        [uuid4(), cast.patient, f"{uuid4().hex}@cast.example"],
    )
    return {"what": active_edition("home-daily").digest, "to": f"email {cast.patient}"}


def _calling(_cast: Cast, _made: Things) -> Form:
    return {"act": "note", "outcome": "no_answer"}


def _file(_cast: Cast, _made: Things) -> Form:
    """A questionnaire nobody has imported yet."""
    path = ROOT / "questionnaires/library/mmrc.json"
    resource = json.loads(path.read_text())
    name = f"x{uuid4().hex[:12]}"
    resource |= {"name": name, "url": f"https://example.org/{name}"}
    return {"file": json.dumps(resource).encode()}


def imported_draft(cast: Cast) -> str:
    """A questionnaire of the centre's that is not published."""
    digest, name = uuid4().hex * 2, f"x{uuid4().hex[:12]}"
    cast.owner.execute(
        "insert into questionnaires.edition (digest, name, version, url, resource, origin,"
        " organisation, state, created_at, created_by) values (%s, %s, '1', %s,"
        " jsonb_build_object('resourceType', 'Questionnaire', 'name', %s::text), 'imported', %s,"
        " 'draft', now(), %s)",
        [
            digest,
            name,
            f"https://example.org/{name}",
            name,
            cast.home.care.centre,
            cast.home.care.nurse.person,
        ],
    )
    return digest


def _photo(_cast: Cast, _made: Things) -> Form:
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return {"photo": drawn.getvalue()}


def _called(cast: Cast, _made: Things) -> Form:
    return {"answer": str(MAKERS["answer_id"](cast)), "called": "yes", "told": "call_15"}


def _noticed(cast: Cast, _made: Things) -> Form:
    """Of what somebody in the circle is told: another choice each time."""
    found = cast.owner.execute(
        "select id from access.membership where patient_id = %s and role = 'gp'"
        " and ends_at is null order by id limit 1",
        [cast.patient],
    ).fetchone()
    assert found is not None
    cast.owner.execute("delete from coordination.circle_notice")
    return {"membership": str(found[0]), "occasion": "red"}


def _measured_again(_cast: Cast, _made: Things) -> Form:
    return {"client_key": uuid4().hex, "spo2": "97", "worse": "no", "placed": "yes"}


ASKED: dict[str, Form | Maker] = {
    "POST /patients/{patient_id}/plan": _starting,
    "POST /patients/{patient_id}/plan/{plan_id}": {"act": "end", "reason": "other"},
    "POST /patients/{patient_id}/plan/{plan_id}/rhythm/{questionnaire}": RHYTHM,
    "POST /patients/{patient_id}/pauses": _pausing,
    "POST /patients/{patient_id}/pauses/end": _paused,
    "POST /patients/{patient_id}/pauses/refuse": _asking_for_a_pause,
    "POST /p/questions": {},
    "POST /p/tasks/{task_id}": _answered,
    "POST /p/tasks/{task_id}/later": {},
    "POST /p/api/answers": _kept_by_a_phone,
    "POST /p/repeats/{repeat_id}": _measured_again,
    "POST /p/api/repeats/{repeat_id}": _kept_by_a_phone,
    "POST /p/for/{patient_id}/questions": _answered,
    "POST /p/for/{patient_id}/tasks/{task_id}": _answered,
    "POST /p/for/{patient_id}/api/answers": _kept_by_a_phone,
    "POST /p/for/{patient_id}/called": _called,
    "POST /p/api/photos": _photo,
    "POST /p/call-back": lambda _cast, _made: {"client_key": uuid4().hex},
    "POST /p/notices": lambda _cast, _made: {"membership": str(uuid4()), "occasion": "red"},
    "POST /patients/{patient_id}/circle/notices": _noticed,
    "POST /p/consents/silence": lambda _cast, _made: {"membership": str(uuid4()), "told": "yes"},
    "POST /p/pause": _day_off,
    "POST /p/sent/called": _called,
    "POST /patients/{patient_id}/answers/links": _link,
    "POST /patients/{patient_id}/answers/links/{answer_link}/end": {},
    "POST /patients/{patient_id}/answers/new": _said_by_phone,
    "POST /patients/{patient_id}/answers/{answer_id}/correct": _corrected,
    "POST /patients/{patient_id}/bedside": _measured,
    "POST /patients/{patient_id}/calls": _calling,
    "POST /instruments": _file,
    "POST /instruments/{digest}": {"act": "publish"},
}
