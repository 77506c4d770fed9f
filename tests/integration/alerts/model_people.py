"""Invented people of whom an invented model said something: their lines, and what was measured."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import psycopg
from psycopg.types.json import Jsonb

from alerts.store import models
from core.doors import Service, serving
from core.ids import new_id
from core.settings import settings
from core.vitals import VITALS, Vital
from scoring.model.card import WARNING
from scoring.model.drift import spread_of
from scoring.windows import Floats

VERSION = "invented-1"
COUNT = 240
AGO = timedelta(hours=30)
"""The first people are asked about so long before now; all have twelve hours behind them."""
STRUCK = {Vital.SPO2: 91.0, Vital.RESPIRATORY_RATE: 25.0, Vital.PULSE: 131.0}
"""NEWS2 of 9, of somebody who breathes air."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Newest value of each vital, age, oxygen and risk of each; who got worse six hours later."""

    values: Mapping[Vital, Floats]
    age: Floats
    oxygen: Floats
    risk: Floats
    struck: Floats
    asked: Floats = field(default_factory=lambda: np.zeros(COUNT))
    """Minutes after the first question."""

    def __len__(self) -> int:
        return len(self.risk)


def usual(count: int = COUNT) -> People:
    """Return people who are just like those of the card: of ten foreseen to get worse ten do."""
    random = np.random.default_rng(11)
    values = {
        Vital.SPO2: random.integers(96, 100, count),
        Vital.PULSE: random.integers(60, 88, count),
        Vital.RESPIRATORY_RATE: random.integers(13, 20, count),
        Vital.TEMPERATURE: random.integers(364, 376, count) / 10,
        Vital.SYSTOLIC: random.integers(115, 145, count),
        Vital.DIASTOLIC: random.integers(65, 85, count),
    }
    risk = random.uniform(0.05, 0.35, count)
    struck = np.zeros(count)
    struck[random.permutation(count)[: round(float(risk.sum()))]] = 1
    return People(
        values={vital: value.astype(float) for vital, value in values.items()},
        age=random.integers(30, 90, count).astype(float),
        oxygen=(random.random(count) < 0.3).astype(float),
        risk=risk,
        struck=struck,
        asked=np.arange(count, dtype=float),
    )


def struck_more(people: People, count: int) -> People:
    """Return the same people of whom so many get worse."""
    return replace(people, struck=(np.arange(len(people)) < count).astype(float))


def card_of(people: People) -> dict[str, object]:
    """Return a card that says these people are those it was made from."""
    known = {VITALS[vital].slug: value for vital, value in people.values.items()}
    known |= {"age": people.age, "oxygen": people.oxygen, "risk": people.risk}
    return {
        "version": VERSION,
        "warning": WARNING,
        "patients": 20336,
        "data": {"name": "An invented set", "licence": "none"},
        "targets": {"deterioration": {"bands": {"raised": 0.15, "high": 0.25}}},
        "reference": {name: asdict(spread_of(value)) for name, value in known.items()},
        "held_out": {},
    }


def put_into_use(people: People, at: datetime) -> None:
    """Put a model into use whose card says it was made from these people."""
    with serving(Service.ADMINISTRATION) as conn:
        models.save_model(conn, VERSION, "a" * 64, card_of(people), b"trees", at)
        models.save_turn(conn, new_id(at), VERSION, "promoted", "to be tried", at)


def move_in(people: People, now: datetime, *, training: bool = False) -> None:
    """Store people, a line of the model for each, and what was measured hour by hour around it."""
    start = now - AGO
    ids = [new_id(now) for _ in range(len(people))]
    with psycopg.connect(settings().owner_dsn) as conn, conn.cursor() as cursor:
        with cursor.copy(
            "copy access.party (id, kind, name, created_at, training) from stdin"
        ) as to:
            for each in ids:
                to.write_row((each, "person", "X", start, training))
        with cursor.copy("copy access.patient (id, created_at) from stdin") as to:
            for each in ids:
                to.write_row((each, start))
        found = cursor.execute("select id, key from access.patient where id = any (%s)", [ids])
        keys: dict[UUID, int] = dict(found.fetchall())
        _say(cursor, people, ids, start)
        _measure(cursor, people, [keys[each] for each in ids], start)


def _say(cursor: psycopg.Cursor, people: People, ids: list[UUID], start: datetime) -> None:
    columns = (
        "id, patient_id, asked_at, noted_at, version, window_from, window_until, inputs, risk, band"
    )
    with cursor.copy(f"copy alerts.risk ({columns}) from stdin") as to:
        for n, each in enumerate(ids):
            at = start + timedelta(minutes=float(people.asked[n]))
            risk = float(people.risk[n])
            band = "low" if risk < 0.15 else "raised" if risk < 0.25 else "high"
            given = {"age": int(people.age[n]), "male": True, "oxygen": bool(people.oxygen[n])}
            to.write_row((new_id(at), each, at, at, VERSION, at, at, Jsonb(given), risk, band))


def _measure(cursor: psycopg.Cursor, people: People, keys: list[int], start: datetime) -> None:
    columns = "measured_at, received_at, patient_key, source, value, vital, quality"
    with cursor.copy(f"copy vitals.reading ({columns}) from stdin") as to:
        for n, key in enumerate(keys):
            first = start + timedelta(minutes=float(people.asked[n]))
            for hour in (*range(0, 13, 2),):
                at = first + timedelta(hours=hour)
                worse = STRUCK if people.struck[n] and hour == 6 else {}
                for vital, value in people.values.items():
                    row = (at, at, key, 1, worse.get(vital, float(value[n])), int(vital), 0)
                    to.write_row(row)
