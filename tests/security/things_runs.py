"""A run of the model over the past of the centre, and the version it asks."""

from uuid import UUID, uuid4

from tests.security.cast import Cast
from tests.security.makers import makes

VERSION = "ward-0"


def keep_version(cast: Cast) -> None:
    """Put a version there, whose file nobody reads: a page only names it."""
    cast.owner.execute(
        "insert into alerts.model (version, sha256, card, file, added_at)"
        " values (%s, repeat('0', 64), '{}', 'x', now()) on conflict do nothing",
        [VERSION],
    )


def _made(cast: Cast, state: str) -> UUID:
    keep_version(cast)
    run = uuid4()
    cast.owner.execute(
        "insert into alerts.risk_run (id, version, asked_from, asked_until, every, organisation,"
        " reason, at, state, ended_at) values (%s, %s, now() - interval '1 day', now(),"
        " interval '8 hours', %s, 'why', now(), %s, case when %s <> 'running' then now() end)",
        [run, VERSION, cast.home.care.centre, state, state],
    )
    cast.owner.execute(
        "insert into alerts.risk_share (run_id, number, patients) values (%s, 1, %s)",
        [run, [cast.patient]],
    )
    return run


@makes("run_id")
def make_run(cast: Cast) -> UUID:
    """Return a run in progress."""
    return _made(cast, "running")


def stopped_run(cast: Cast) -> UUID:
    """Return a run that may go on."""
    return _made(cast, "cancelled")


def shown_run(cast: Cast) -> UUID:
    """Return a run about enough patients for its numbers to be shown, beside what was said live."""
    run = _made(cast, "done")
    people = cast.owner.execute("select id from access.patient").fetchall()
    known = [one for (one,) in people]
    for _ in range(5 - len(known)):
        known.append(uuid4())
        cast.owner.execute(
            "insert into access.party (id, kind, name, created_at)"
            " values (%s, 'person', 'Somebody', now())",
            [known[-1]],
        )
        cast.owner.execute(
            "insert into access.patient (id, created_at) values (%s, now())", [known[-1]]
        )
    for line_of in (run, None):
        cast.owner.cursor().executemany(
            "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, run_id,"
            " window_from, window_until, inputs, risk, band) values (gen_random_uuid(), %s,"
            " now() - interval '1 hour', now(), %s, %s, now() - interval '3 days',"
            " now() - interval '1 hour', '{}', 0.5, 'raised')",
            [(one, VERSION, line_of) for one in known],
        )
    return run
