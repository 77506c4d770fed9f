"""« Modèle : le passé »: an administrator asks a version again about the past of his organisation.

He opens no record: what he sees are counts, and none of fewer than five patients.
"""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from alerts import rescoring_service
from alerts.beside import FEWEST_SHOWN, Beside, as_table
from alerts.rescoring import SPANS, NotAsked
from alerts.rescoring_service import name_of
from alerts.run_form import Typed, parse
from alerts.run_words import BAND_WORDS, SAID_WORDS, STATE_WORDS, fault_words, percent
from alerts.store.rescoring import RunRow
from core import clock
from core.access import Permission
from core.i18n import say_number, zone
from core.spreadsheet import to_csv
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from scoring.model.card import WARNING

router = APIRouter(include_in_schema=False)
PAGE = "/admin/model-runs"
ONE = PAGE + "/{run_id}"
AtVisit = Annotated[Visit, Depends(visit)]
Administrator = Annotated[SignedIn, Depends(acting_post(Permission.ACCOUNTS_MANAGE))]
Text = Annotated[str, Form(max_length=600)]


@router.get(PAGE)
def runs_page(at: AtVisit, admin: Administrator, said: str = "") -> Response:
    """Show the runs of the organisation, and the form that begins one."""
    return _page(at, admin, said=said)


@router.get(PAGE + "/list")
def runs_list(at: AtVisit, admin: Administrator) -> Response:
    """Give the list alone: the page asks for it again while something runs."""
    runs, _ = rescoring_service.my_runs(admin.actor)
    return html(at, "alerts/model_runs_list.html", **_shown(runs, at.locale))


@router.post(PAGE)
def begin(
    at: AtVisit,
    admin: Administrator,
    version: Text = "",
    first: Text = "",
    until: Text = "",
    every: Text = "",
    programme: Text = "",
    reason: Text = "",
) -> Response:
    """Begin a run; a form with a fault comes back as it was typed."""
    typed = Typed(
        version=version,
        first=first,
        until=until,
        every=every,
        programme=programme,
        reason=reason,
    )
    asked = parse(typed, zone(at.time_zone), clock.now())
    if not isinstance(asked, NotAsked):
        done = rescoring_service.begin_mine(admin.actor, asked)
        if isinstance(done, UUID):
            return _back("begun")
        asked = done
    return _page(at, admin, typed=typed, wrong=asked, status=422)


@router.post(ONE + "/cancel")
def cancel(admin: Administrator, run_id: UUID) -> Response:
    """Stop a run: no share of it is begun any more."""
    return _turn(admin, run_id, "cancel")


@router.post(ONE + "/resume")
def resume(admin: Administrator, run_id: UUID) -> Response:
    """Let a run go on, and try again what failed."""
    return _turn(admin, run_id, "resume")


@router.get(ONE)
def side_by_side(at: AtVisit, admin: Administrator, run_id: UUID, other: str = "") -> Response:
    """Show a run beside another, or beside the live lines."""
    compared = _compared(admin, run_id, other)
    if compared is None:
        return _back("gone")
    run, found = compared
    runs, _ = rescoring_service.my_runs(admin.actor)
    return html(
        at,
        "alerts/model_beside.html",
        found=found,
        enough=found.patients >= FEWEST_SHOWN,
        fewest=FEWEST_SHOWN,
        run=run,
        others=[each for each in runs if each.id != run_id],
        other=other,
        bands=BAND_WORDS,
        percent=lambda value: percent(value, at.locale),
        **_shown(runs, at.locale),
    )


@router.get(ONE + "/file")
def side_by_side_file(admin: Administrator, run_id: UUID, other: str = "") -> Response:
    """Give the same as a table file."""
    compared = _compared(admin, run_id, other)
    if compared is None or compared[1].patients < FEWEST_SHOWN:
        return _back("gone")
    name = f"model-run-{run_id.hex[-6:]}.csv"
    return PlainTextResponse(
        to_csv(as_table(compared[1])),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _page(
    at: Visit,
    admin: SignedIn,
    *,
    said: str = "",
    typed: Typed | None = None,
    wrong: NotAsked | None = None,
    status: int = 200,
) -> Response:
    runs, choices = rescoring_service.my_runs(admin.actor)
    return html(
        at,
        "alerts/model_runs.html",
        status=status,
        organisation=admin.organisation_name,
        choices=choices,
        spans=SPANS,
        typed=typed or Typed(),
        wrong=wrong,
        said=SAID_WORDS.get(said),
        done=said not in ("nothing", "gone"),
        **_shown(runs, at.locale),
    )


def _shown(runs: list[RunRow], locale: str) -> dict[str, Any]:
    return {
        "runs": runs,
        "running": any(run.state == "running" and not run.failed for run in runs),
        "states": STATE_WORDS,
        "fault_words": fault_words,
        "name_of": name_of,
        "hours": lambda every: every // timedelta(hours=1),
        "number": lambda value: say_number(value, locale, 0),
        "warning": WARNING["fr" if locale == "fr" else "en"],
    }


def _compared(admin: SignedIn, run: UUID, other: str) -> tuple[RunRow, Beside] | None:
    """Return None of a run that is none of his organisation as of one that there is not."""
    try:
        beside = UUID(other) if other else None
    except ValueError:
        return None
    return rescoring_service.compare_mine(admin.actor, run, beside)


def _turn(admin: SignedIn, run: UUID, act: str) -> Response:
    turned = rescoring_service.turn_mine(admin.actor, run, act)
    if turned is None:
        return _back("gone")
    return _back(act if turned else "nothing")


def _back(said: str) -> Response:
    return RedirectResponse(f"{PAGE}?said={said}", 303)
