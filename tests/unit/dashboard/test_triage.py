"""What a row of the queue says, and which rows a filter keeps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from alerts.alert import Cause, State
from alerts.evidence import Evidence
from alerts.views import (
    AlertLine,
    EvidenceEntry,
    LatestValue,
    LevelCount,
    News2View,
    QueueRow,
    SummaryView,
)
from core.vitals import Quality, Vital
from dashboard.layouts.queue import entry, missing_words, rows
from dashboard.layouts.shell import stopped_banner
from dashboard.reader import Reader
from dashboard.triage import (
    Filters,
    counts_of,
    keeps,
    level_shown,
    owners,
    plain,
    trend_of,
    waiting_since,
)
from scoring.home_state import Missing, MissingWhy
from scoring.item import Bound
from scoring.level import Level

NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
ME, OTHER, PATIENT = UUID(int=1), UUID(int=2), UUID(int=3)
READER = Reader(locale="fr", time_zone="Europe/Paris", now=NOW)


def alert(
    level: Level = Level.RED, owner: UUID | None = None, value: float | None = 91.0
) -> AlertLine:
    began = NOW - timedelta(minutes=30)
    seen = Evidence(
        item="spo2", level=level, measured_at=began, reading_id=1, value=value, unit="%",
        quality=Quality(0), answer_id=None, code=None, bound=Bound.AT_MOST, threshold=92.0,
        usual=None, source="test", profile="p-1", to_verify=False, late=False,
    )  # fmt: skip
    return AlertLine(
        alert_id=UUID(int=9), patient_id=PATIENT, item="spo2", level=level,
        state=State.OWNED if owner else State.RAISED, hold=None, owner=owner,
        owner_name="Inès" if owner else None, owned_until=None, since=began,
        first_breach_at=began, late=False, next_step_at=NOW, cause=Cause.ABNORMAL,
        cleared_at=None, sleep=None, sleeper_name=None, assigned_to=None, assigned_name=None,
        night_at=None, reason=EvidenceEntry(part="first", count=1, evidence=seen),
    )  # fmt: skip


def row(*alerts: AlertLine, level: Level = Level.GREEN, latest: float | None = None) -> QueueRow:
    values = () if latest is None else (
        LatestValue(vital=Vital.SPO2, value=latest, unit="%", measured_at=NOW, quality=Quality(0)),
    )  # fmt: skip
    summary = SummaryView(
        patient_id=PATIENT, level=level, rank=0, since=NOW, judged_at=NOW, last_measured_at=NOW,
        items=(), missing=(), doubtful=(), latest=values,
        news2=News2View(total=None, band=None, refused=None, missing=("systolic",)),
        open_alerts=len(alerts), open_red=0, oldest_alert_at=None,
    )  # fmt: skip
    return QueueRow(
        patient_id=PATIENT, name="PETIT-ROCHE Émile", birth_date=date(1951, 4, 2), sex="male",
        phone=None, rank=0, waiting_since=NOW, summary=summary, seen_at=None, seen_by=None,
        alerts=alerts,
    )  # fmt: skip


def test_an_unanswered_red_alert_stays_red_when_the_next_value_is_fine() -> None:
    assert level_shown(row(alert(), level=Level.GREEN)) is Level.RED
    assert "entry-red" in str(entry(READER, row(alert(), level=Level.GREEN)))


@pytest.mark.parametrize(("latest", "trend"), [(88.0, -1), (91.4, 0), (95.0, 1), (None, None)])
def test_the_trend_is_from_the_first_breach_to_the_latest_value(
    latest: float | None, trend: int | None
) -> None:
    assert trend_of(alert(), row(latest=latest).summary) == trend


def test_waiting_and_owner_leave_out_each_other() -> None:
    assert waiting_since(row(alert())) == NOW - timedelta(minutes=30)
    assert waiting_since(row(alert(owner=ME))) is None
    assert owners(row(alert(owner=ME), alert(owner=ME))) == ("Inès",)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), True),
        (Filters(level=Level.RED), True),
        (Filters(level=Level.GREEN), False),
        (Filters(whose="unowned"), True),
        (Filters(whose="mine"), False),
        (Filters(name="petit roche"), True),
        (Filters(name="EMILE"), True),
        (Filters(name="martin"), False),
    ],
)
def test_filters_on_an_alert_nobody_owns(filters: Filters, kept: bool) -> None:
    assert keeps(row(alert()), filters, ME) is kept


def test_mine_is_mine() -> None:
    assert keeps(row(alert(owner=ME)), Filters(whose="mine"), ME)
    assert not keeps(row(alert(owner=OTHER)), Filters(whose="mine"), ME)


def test_names_are_searched_without_accents() -> None:
    assert plain("D'Hérouville-Élie") == "d herouville elie"


def test_counts_add_up() -> None:
    counts = counts_of(
        [
            LevelCount(level=Level.RED, patients=2, open_alerts=3, open_red=2),
            LevelCount(level=Level.GREEN, patients=5, open_alerts=1, open_red=1),
        ]
    )
    assert (counts.total, counts.open_alerts, counts.open_red) == (7, 4, 3)
    assert counts.patients[Level.UNKNOWN] == 0


def test_an_incomplete_news2_is_no_news2() -> None:
    assert "NEWS2" not in str(entry(READER, row(alert())))


def test_what_is_missing_is_gathered_by_reason() -> None:
    never = [
        Missing(item=item, title=item, why=MissingWhy.NEVER, essential=False, at=None)
        for item in ("pulse", "temperature")
    ]
    stale = Missing(item="spo2", title="SpO2", why=MissingWhy.STALE, essential=True, at=NOW)
    said = missing_words(READER, (*never, stale))
    assert said == "Pouls, Température (pas encore de valeur) · SpO₂ (trop ancienne)"


def test_an_empty_queue_says_which_kind_of_empty() -> None:
    assert "encore suivi" in str(rows(READER, (), Filters()))
    assert "ces filtres" in str(rows(READER, (), Filters(name="x")))


def test_a_stopped_process_is_named() -> None:
    assert stopped_banner(READER, []) is None
    said = str(stopped_banner(READER, ["sentinel"]))
    assert "La surveillance automatique est arrêtée" in said
    assert "évaluation et escalade" in said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(minutes=5), "11 h 55"),
        (timedelta(hours=13), "hier 23 h 00"),
        (timedelta(days=3), "12 janv. 2026, 12 h 00"),
    ],
)
def test_a_time_tells_its_day_when_it_is_not_today(ago: timedelta, said: str) -> None:
    assert READER.time(NOW - ago) == said


def test_values_are_written_as_french_readers_expect() -> None:
    assert READER.value("temperature", 38.4, "Cel", None) == "38,4 °C"
    assert READER.value("respiratory_rate", 22, "/min", None) == "22 mouvements/min"
    assert READER.value("dyspnoea", None, None, "rest") == "au repos"
    assert READER.limit("spo2", Bound.AT_MOST, 92) == "≤ 92"
    assert READER.age(date(1951, 1, 16)) == 74


def test_a_late_first_call_shows_in_the_row_and_no_other_row_says_so() -> None:
    calm = row(level=Level.GREEN)
    assert not calm.first_call_is_late
    assert "Premier appel en retard" not in str(entry(READER, calm))
    late = replace(calm, rank=405)
    assert "Premier appel en retard" in str(entry(READER, late))


def test_a_promised_call_that_is_due_shows_in_the_row_beside_a_late_first_call() -> None:
    assert "Rappel promis à faire" not in str(entry(READER, row(level=Level.GREEN)))
    due = replace(row(level=Level.GREEN), rank=303)
    assert "Rappel promis à faire" in str(entry(READER, due))
    assert "Premier appel en retard" not in str(entry(READER, due))
    both = str(entry(READER, replace(due, rank=308)))
    assert "Rappel promis à faire" in both
    assert "Premier appel en retard" in both


def test_what_i_put_aside_leaves_my_queue_and_nobody_elses() -> None:
    orange = row(alert(Level.ORANGE))
    aside = {UUID(int=9)}
    assert not keeps(orange, Filters(), ME, aside)
    assert not keeps(orange, Filters(level=Level.ORANGE), ME, aside)
    assert keeps(orange, Filters(), ME)
    assert keeps(orange, Filters(whose="aside"), ME, aside)
    assert not keeps(orange, Filters(whose="aside"), ME)
    assert keeps(orange, Filters(name="petit"), ME, aside)


@pytest.mark.parametrize(
    "stays",
    [
        row(alert(Level.ORANGE), replace(alert(Level.ORANGE), alert_id=UUID(int=10))),
        row(alert(Level.ORANGE), level=Level.RED),
        replace(row(alert(Level.ORANGE)), rank=303),
        replace(row(alert(Level.ORANGE)), rank=305),
        row(),
    ],
    ids=["another alert", "worse now", "promised call is due", "first call is late", "no alert"],
)
def test_a_patient_stays_for_anything_that_is_not_aside(stays: QueueRow) -> None:
    assert keeps(stays, Filters(), ME, {UUID(int=9)})
