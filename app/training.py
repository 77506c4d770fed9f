"""The training territory: loaded beside real people without ever mixing with them, and reset.

Its people are those of the demonstration, flagged: they see each other and nobody else, and the
database refuses any circle or post that would join the two (core/sql/idempotent/93_site.sql).
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from uuid import uuid4

from app.demo.history import history
from app.demo.territory import (
    HISTORY_GATEWAY,
    Scenery,
    Territory,
    history_device,
    load_territory,
)
from app.recording import to_item
from core import clock
from core.settings import settings
from identity.training_service import count_worlds, forget_training
from ingest.message import Message
from ingest.service import store_batch

CENTRE: Final = "Centre de formation (données fictives)"
PREFIX: Final = "training-"
ITEMS: Final = 200
"""Measurements in one envelope of the history."""
Say = Callable[[str], None]


def load(tell: Say) -> int:
    """Load the territory and print its accounts; 1 when there is one already."""
    if count_worlds().training:
        tell("There is a training territory already: chevet training reset begins it anew.")
        return 1
    now, scenery = clock.now(), _scenery()
    territory = load_territory(now, scenery)
    stored = sum(store_batch([message], now).stored for message in _history(now, scenery))
    tell(
        f"{len(territory.patients)} invented patients, {stored} measurements of the last 24 hours."
    )
    _say_accounts(territory, tell)
    return 0


def reset(tell: Say) -> int:
    """Remove everything of the territory but its traces in the audit trail, and load it anew."""
    tell(f"{forget_training()} rows of the training territory are gone.")
    return load(tell)


def status(tell: Say) -> int:
    """Print who is invented and who is real, counted apart."""
    worlds = count_worlds()
    tell(f"training: {worlds.training_patients} patients, {worlds.training} parties")
    tell(f"real:     {worlds.real_patients} patients, {worlds.real} parties")
    tell(f"the whole site is for training: {'yes' if settings().training else 'no'}")
    return 0


def _scenery() -> Scenery:
    domain = settings().training_mail_domains.split(",")[0].strip()
    return Scenery(centre=CENTRE, mail_domain=domain, prefix=PREFIX, training=True)


def _history(now: datetime, scenery: Scenery) -> Iterator[Message]:
    """Yield the last 24 hours of everybody as the gateway of the territory would send them."""
    boot = str(uuid4())
    rows = [to_item(value, history_device(place, scenery)) for place, value in history(now)]
    numbered = [{"n": number, **item} for number, item in enumerate(rows, start=1)]
    for seq, first in enumerate(range(0, len(numbered), ITEMS), start=1):
        items = numbered[first : first + ITEMS]
        frame = {"v": 1, "boot": boot, "seq": seq, "sent_at": _wire(now), "items": items}
        yield Message(
            gateway=scenery.prefix + HISTORY_GATEWAY, kind="up", payload=json.dumps(frame).encode()
        )


def _wire(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _say_accounts(territory: Territory, tell: Say) -> None:
    tell("Accounts, shown this once:")
    for login in territory.logins:
        tell(f"  {login.who:<40} {login.login:<36} {login.password}")
