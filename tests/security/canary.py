"""Hours of a canary patient, and all that was written elsewhere than on a page meanwhile."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY, generate_latest
from starlette.testclient import TestClient

from alerts import service as alerts
from core import clock
from core.doors import Service, serving
from core.settings import settings
from core.vitals import Vital
from messages import service as messages
from messages.message import Occurrence
from tests.integration.alerts.home import measure
from tests.integration.web.scene import ORIGIN
from tests.mailbox import open_mailbox
from tests.security.asking import fill
from tests.security.cast import CANARY, CANARY_PHONE, Cast, Someone
from tests.security.relations import Relation
from tests.security.routes import web_routes

SENTENCE = "Canarisentence"
"""Stands in what people write: notes, closing words, reasons."""
PULSE = 137.625
"""No other number of the run looks like it, whole or shown."""
PHONE = r"[\s.\-]?".join(CANARY_PHONE[1:])
"""The phone number as anybody writes it: in pairs, with dots, with the country before it."""
LEAK = re.compile(rf"{CANARY}|{PHONE}|{SENTENCE}|137[.,]6|\b13[78]\s*(?:bpm|/min)", re.I)
ADDRESSES = re.compile(r"""(?:href|action|src|content)="([^"]*/[^"]*)\"""")


@dataclass
class Written:
    """All that a run wrote elsewhere than on its pages, by where."""

    texts: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    told: tuple[str, ...] = ()
    """To whom a mail went."""

    def leaks(self) -> list[str]:
        return [f"{where}: {found[0]}" for where, text in self.texts.items()
                for found in LEAK.finditer(text)]  # fmt: skip


@contextmanager
def logs() -> Iterator[list[str]]:
    """Catch what libraries log, down to the finest; ours goes to standard output."""
    caught: list[str] = []

    class Catcher(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("mail."):  # the provider of mail, which is not ours
                caught.append(f"{record.name} {record.getMessage()}")

    root, catcher, before = logging.getLogger(), Catcher(), logging.getLogger().level
    root.addHandler(catcher)
    root.setLevel(logging.DEBUG)
    try:
        yield caught
    finally:
        root.removeHandler(catcher)
        root.setLevel(before)


def people(cast: Cast, *, all_of_them: bool) -> list[Someone | None]:
    """Return one of every relation, and nobody; or the patient's own people alone."""
    found: dict[Relation, Someone] = {}
    for who in cast.everybody.values():
        if who.token:
            found.setdefault(who.standing.relation, who)
    few = (Relation.SELF, Relation.CIRCLE, Relation.CIRCLE_POST, Relation.NONE)
    return [None, *(found.values() if all_of_them else (found[one] for one in few))]


def run(
    cast: Cast,
    client: TestClient,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    whole: bool = False,
) -> Written:
    """Live some hours of the canary patient and return all that was written aside."""
    written, addresses = Written(), list[str]()
    capfd.readouterr()
    with logs() as logged, open_mailbox() as mailbox:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(mailbox.port))
        monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "duty@operator.example")
        settings.cache_clear()
        day = [(Vital.PULSE, PULSE, timedelta(minutes=minutes)) for minutes in range(1, 30)]
        measure(cast.home, day)
        with serving(Service.ESCALATION) as conn:
            what, number = Occurrence.LADDER_EXHAUSTED, str(uuid4())
            messages.tell_operator(conn, what, number, clock.now(), about=cast.patient)
        for ahead in range(0, 91, 10):
            now = clock.now() + timedelta(minutes=ahead)
            alerts.review(now)
            alerts.escalate_due(now)
            messages.send_due(now)
        _ask_everything(cast, client, written, addresses, people(cast, all_of_them=whole))
        _ask_everything(cast, client, written, addresses, people(cast, all_of_them=whole), "closed")
        messages.send_due(clock.now() + timedelta(hours=4))
        mails = [bytes(taken.mail).decode("utf-8", "replace") + _plain(taken.mail)
                 for taken in mailbox.taken]  # fmt: skip
    written.told = tuple(str(taken.mail["To"]) for taken in mailbox.taken)
    out, err = capfd.readouterr()
    outbox = cast.owner.execute("select params::text, key from messages.outbox").fetchall()
    written.texts = {
        "output": out + err,
        "log": "\n".join(logged),
        "mail": "\n".join(mails),
        "outbox": "\n".join(map(str, outbox)),
        "address": "\n".join(addresses),
        "counter": generate_latest(REGISTRY).decode(),
        "trail": str(cast.owner.execute("select detail::text from audit.event").fetchall()),
    }
    return written


def _plain(mail: object) -> str:
    return "\n".join(part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]


def _ask_everything(
    cast: Cast,
    client: TestClient,
    written: Written,
    addresses: list[str],
    everybody: list[Someone | None],
    act: str = "seen",
) -> None:
    """Ask every page, and send every form, filled with the canary's words."""
    form = {
        name: f"{SENTENCE} {CANARY}"
        for name in (
            "text",
            "note",
            "reason",
            "name",
            "birth_name",
            "family",
            "q",
            "query",
            "why",
            "words",
            "title",
        )
    }
    choices = {"act": act, "outcome": "advice_given", "item_id": str(uuid4()),
               "key": str(uuid4()), "urgent": "yes",
               "pulse": "137", "phone": CANARY_PHONE, "dyspnoea": "rest"}  # fmt: skip
    for route in web_routes():
        if act != "seen" and "alert_id" not in route.path:
            continue
        if route.method not in ("GET", "POST") or route.path == "/sign-out":
            continue
        path = fill(route.path, cast)
        for who in everybody:
            cookie = {"cookie": f"chevet_session={who.token}"} if who else {}
            answer = client.request(
                route.method, path, headers={"origin": ORIGIN, **cookie}, follow_redirects=False,
                **({"data": {**form, **choices}} if route.method == "POST" else {}),
            )  # fmt: skip
            client.cookies.clear()
            written.asked += 1
            addresses.append(answer.headers.get("location", ""))
            addresses += [one for one in ADDRESSES.findall(answer.text) if "tel:" not in one]
        cast.restore()
