"""The commands of the model: made, judged, compared."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from core.vitals import VITALS, Vital

if TYPE_CHECKING:
    from scoring.model.cohort import Cohort
    from scoring.model.heads import Heads

app = typer.Typer(
    no_args_is_help=True,
    help="The deterioration model: research-grade, made from intensive-care patients.",
)
Data = Annotated[Path, typer.Option(help="Parquet or CSV with the columns of PhysioNet 2019.")]
Every = Annotated[str, typer.Option(help="Thin what the model sees to one row each, as 8h.")]
Resamples = Annotated[int, typer.Option(min=10, help="Draws of patients for each interval.")]
Model = Annotated[Path | None, typer.Option(help="A model file; the shipped one if none.")]
Reason = Annotated[str, typer.Option(help="Why, in words.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same model.")]


NOT_LOOKED: Final = {
    "none_in_use": "No model is in use: the rules speak alone.",
    "another": "Somebody else is looking at it right now.",
}
"""By hand a look is never « not due »."""


@app.command("train")
def model_train(
    data: Data,
    out: Annotated[Path, typer.Option(help="The model file to write.")],
    version: Annotated[str, typer.Option(help="Its name.")],
    seed: Seed = 1,
) -> None:
    """Make a model and judge it on the patients it has not seen; the report stands in its card."""
    from scoring.edge.model_file import VERSION, digest, save_model
    from scoring.model.card import write_card
    from scoring.model.report import report
    from scoring.model.training import held_out, train
    from scoring.refusal import Refused

    if not re.fullmatch(VERSION, version):
        stop("--version: small letters, digits, dots and hyphens, at most 40")
    if not out.resolve().parent.is_dir():
        stop(f"--out: there is no folder {out.resolve().parent.name}")
    cohort = _cohort(data)
    heads = train(cohort, seed=seed, say=_tell)
    if isinstance(heads, Refused):
        stop(heads.reason)
    unseen = held_out(cohort, seed)
    _tell("judging on the patients held out")
    whole = report(heads, unseen, seed=seed)
    at_home = report(heads, unseen, every=timedelta(hours=8), seed=seed, robust=False)
    save_model(write_card(heads, version, digest(data), whole, at_home), out)
    typer.echo(json.dumps({"version": version, "file": out.name, "sha256": digest(out)}))


@app.command("evaluate")
def model_evaluate(
    data: Data,
    every: Every = "",
    model: Model = None,
    resamples: Resamples = 200,
    seed: Seed = 0,
) -> None:
    """Judge a model on patients of a file and print the report as JSON."""
    from scoring.model.report import report

    span, heads, cohort = _span(every), _model(model), _cohort(data)
    found = report(heads, cohort, every=span, resamples=resamples, seed=seed)
    typer.echo(json.dumps({"model": _which(heads), **found}, indent=1))


@app.command("compare")
def model_compare(
    data: Data,
    one: Annotated[Path, typer.Argument(help="A model file.")],
    other: Annotated[Path | None, typer.Argument(help="Another; the shipped one if none.")] = None,
    every: Every = "",
    resamples: Resamples = 200,
    seed: Seed = 0,
) -> None:
    """Judge two models on the same patients, side by side, with the interval of the difference."""
    from scoring.model.report import compared

    span, first, second = _span(every), _model(one), _model(other)
    found = compared(first, second, _cohort(data), every=span, resamples=resamples, seed=seed)
    typer.echo(json.dumps({"one": _which(first), "other": _which(second), **found}, indent=1))


@app.command("drift")
def model_drift(data: Data, model: Model = None) -> None:
    """Say whether the people of a file are those a model was measured on, and if it is right."""
    from scoring.model.report import drift

    heads, cohort = _model(model), _cohort(data)
    typer.echo(json.dumps({"model": _which(heads), **drift(heads, cohort)}, indent=1))


@app.command("argue")
def model_argue(
    data: Data,
    patient: Annotated[str, typer.Option(help="As in the column patient.")],
    hour: Annotated[int, typer.Option(help="ICULOS, the hour asked about.")],
    model: Model = None,
    locale: Annotated[str, typer.Option(help="fr or en.")] = "fr",
) -> None:
    """Say one patient's risk at one hour, its reasons and words, beside what the rules say."""
    from alerts.risk_words import risk_words
    from scoring.edge.cohort_file import read_person
    from scoring.lines import said
    from scoring.model.risk import argue, chart_of
    from scoring.news2_home import score_news2_home
    from scoring.refusal import Incomplete, Refused

    if locale not in ("fr", "en"):
        stop("--locale: fr or en")
    heads, given = _model(model), read_person(data, patient, hour)
    if isinstance(given, Refused):
        stop(given.reason)
    found = argue(heads, given)
    if isinstance(found, Incomplete):
        stop(f"no risk is given without {', '.join(found.missing)}")
    if isinstance(found, Refused):
        stop(found.reason)
    shown = {
        "model": _which(heads),
        "rules": {"news2-home": said(score_news2_home(chart_of(given)))},
        "risk": _named(asdict(found)),
        "words": asdict(risk_words(found, locale)),
    }
    typer.echo(json.dumps(shown, indent=1, ensure_ascii=False))


@app.command("promote")
def model_promote(
    file: Annotated[Path, typer.Argument(help="A model file.")],
    reason: Reason,
) -> None:
    """Put a model into use; it is kept, with its digest and the reason."""
    from alerts.model_service import promote
    from scoring.refusal import Refused

    done = promote(file, reason)
    if isinstance(done, Refused):
        stop(done.reason)
    typer.echo(f"{done} is in use.")


@app.command("rollback")
def model_rollback(reason: Reason) -> None:
    """Put the model into use that was before; if none was, the rules speak alone."""
    from alerts.model_service import roll_back
    from scoring.refusal import Refused

    done = roll_back(reason)
    if isinstance(done, Refused):
        stop(done.reason)
    typer.echo(f"{done} is in use." if done != "rules" else "No model is in use: the rules alone.")


@app.command("watch")
def model_watch() -> None:
    """Look now whether the model in use still fits the people here; out of range it is taken back.

    Ends with status 3 when it was taken back.
    """
    from alerts.watch_service import NotLooked, watch
    from core import clock

    found = watch(clock.now(), by_hand=True)
    if isinstance(found, NotLooked):
        typer.echo(NOT_LOOKED[found.why])
        return
    shown = {**asdict(found), "findings": found.findings}
    typer.echo(json.dumps(shown, indent=1, default=str))
    if found.verdict == "out_of_range":
        typer.echo(f"{found.version} is out of range: the rules speak alone.", err=True)
        raise typer.Exit(3)


@app.command("list")
def model_list() -> None:
    """Print which model came into use when and why, the newest first; then what is kept unused."""
    from alerts.model_service import kept, turns

    for turn in turns():
        what = f"{turn.kind:11}  {turn.version or 'rules':20}"
        typer.echo(f"{turn.at:%Y-%m-%dT%H:%MZ}  {what}  {turn.reason}")
    for model in kept():
        what = f"{'kept':11}  {model.version:20}"
        typer.echo(f"{model.added_at:%Y-%m-%dT%H:%MZ}  {what}  {model.kept_for}")


@app.command("ask")
def model_ask() -> None:
    """Ask the model in use about whom reviews named, as the worker does every few seconds."""
    from alerts.risk_service import ask_due
    from core import clock

    typer.echo(f"{ask_due(clock.now())} lines")


@app.command("card")
def model_card(
    model: Model = None,
) -> None:
    """Print the card of a model: what it is, what it was made from, what it is worth."""
    typer.echo(json.dumps(_model(model).card, indent=1))


def _named(found: Any) -> Any:
    """Name vitals by their slug instead of their number."""
    match found:
        case Vital():
            return VITALS[found].slug
        case dict():
            return {name: _named(one) for name, one in found.items()}
        case list() | tuple():
            return [_named(one) for one in found]
        case _:
            return found


def _which(heads: "Heads") -> dict[str, object]:
    return {"version": heads.card["version"], "warning": heads.card["warning"]["en"]}


def _model(path: Path | None) -> "Heads":
    from scoring.edge.model_file import SHIPPED, load_model
    from scoring.refusal import Refused

    heads = load_model(path or SHIPPED)
    if isinstance(heads, Refused):
        stop(heads.reason)
    return heads


def _cohort(path: Path) -> "Cohort":
    from scoring.edge.cohort_file import read_cohort
    from scoring.refusal import Refused

    cohort = read_cohort(path)
    if isinstance(cohort, Refused):
        stop(cohort.reason)
    return cohort


def _span(every: str) -> timedelta | None:
    return span_of(every) if every else None


def span_of(every: str) -> timedelta:
    """Return the span of `8h`; stops at anything else."""
    found = re.fullmatch(r"([1-9][0-9]?)h", every)
    if found is None:
        stop("--every: a whole number of hours, as 8h")
    return timedelta(hours=int(found[1]))


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def stop(reason: str) -> NoReturn:
    """End the command with status 2, saying why on standard error."""
    typer.echo(reason, err=True)
    raise typer.Exit(2)
