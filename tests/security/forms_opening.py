"""Forms of how a record stands."""

from tests.days import day_in_france
from tests.security.cast import Cast
from tests.security.sending import Form, Maker, Things

RECORD = "/patients/{patient_id}/record"


def _version(cast: Cast) -> str:
    row = cast.owner.execute(
        "select version from access.record where patient_id = %s", [cast.patient]
    ).fetchone()
    return str(row[0] if row else 0)


def _closed(cast: Cast, _: Things) -> Form:
    return {"shared": "no", "reason": "x", "confirmed": "yes", "version": _version(cast)}


def _reopened(cast: Cast, _: Things) -> Form:
    cast.owner.execute(
        "insert into access.record (patient_id, changed_at, archived_at) values (%s, now(), now())"
        " on conflict (patient_id) do update set archived_at = now()",
        [cast.patient],
    )
    return {"archived": "no", "reason": "x", "confirmed": "yes", "version": _version(cast)}


def _said(_cast: Cast, _: Things) -> Form:
    return {
        "kind": "agreement",
        "said_by": "patient",
        "said_on": str(day_in_france()),
        "means": "spoken",
    }


def _proposed(cast: Cast, _: Things) -> Form:
    return {
        "organisation": str(cast.home.care.centre),
        "mission": "telemonitoring_centre",
        "reason": "x",
        "told_on": str(day_in_france()),
        "version": _version(cast),
    }


OPENED: dict[str, Form | Maker] = {
    f"POST {RECORD}/sharing": _closed,
    f"POST {RECORD}/archive": _reopened,
    f"POST {RECORD}/statements": _said,
    f"POST {RECORD}/transfers": _proposed,
    f"POST {RECORD}/statements/{{statement_id}}/withdraw": {},
    f"POST {RECORD}/transfers/{{transfer_id}}/withdraw": {},
    "POST /records/transfers/{transfer_id}": {"verdict": "refuse"},
    "POST /p/record/opposition": {"opposed": "yes"},
}
