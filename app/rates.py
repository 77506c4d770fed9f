"""How often one session or one address may ask: generous for people, narrow for guessing.

Counters live in Valkey, shared by all processes; when it does not answer each process counts in
its own memory, and asks it again a little later. No page ever waits for it or fails with it.
Keys are digests: neither an address nor a token is written anywhere.
"""

import hashlib
import threading
from dataclasses import dataclass
from typing import Final

import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from prometheus_client import Counter

from core import clock
from core.settings import settings

_log = structlog.get_logger("rates")
_REFUSED = Counter("chevet_rate_limited", "Requests refused for coming too often", ["rule"])

VALKEY_SECONDS: Final = 0.2
"""Longest a request waits for Valkey, once; then memory counts."""
AWAY_SECONDS: Final = 10.0
"""How long Valkey is left alone after it failed."""
ADDRESS_SHARE: Final = 4
"""Times a session's bound that one address may reach: a ward sits behind one address (proposed)."""
SEARCH_SHARE: Final = 10
"""A search counts against a tenth of the session's bound: nobody types two a second (proposed)."""
SCORING: Final = "/api/v1/scoring/"
SCORING_SHARE: Final = 4
"""Another system's calls count against a quarter of the session's bound: each may bring a thousand
objects, and nurses come first (proposed)."""
ATTEMPTS: Final = (
    "/sign-in", "/activate/", "/reset/", "/forgotten", "/account/password", "/account/factors",
    "/emergency/open", "/q/", "/l/", "/d/", "/invitations/",
)  # fmt: skip
"""Beginnings of the addresses where something secret is guessed."""
UNCOUNTED: Final = ("/static/", "/healthz", "/readyz", "/metrics", "/console/assets/",
                    "/console/_dash-component-suites/")  # fmt: skip
"""Files and the questions of machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A bound per minute for one name; the name is digested before it is written."""

    name: str
    per_minute: int
    counted: str


def rules_for(
    method: str, path: str, *, session: str, address: str, key: str = ""
) -> tuple[Rule, ...]:
    """Return what one request counts against; `session` is empty before sign-in.

    `key` is what another system shows for itself, not yet recognised.
    """
    if path.startswith(UNCOUNTED):
        return ()
    wanted = settings()
    most = wanted.requests_per_minute
    rules = [Rule(name="address", per_minute=most * ADDRESS_SHARE, counted=address)]
    if session:
        rules.append(Rule(name="session", per_minute=most, counted=session))
    if method == "POST" and path.startswith(ATTEMPTS):
        rules.append(Rule(name="attempt", per_minute=wanted.attempts_per_minute, counted=address))
    if method == "POST" and path.startswith(SCORING):
        bound = max(1, most // SCORING_SHARE)
        rules.append(Rule(name="scoring", per_minute=bound, counted=key or address))
    if "search" in path:
        bound = max(1, most // SEARCH_SHARE)
        rules.append(Rule(name="search", per_minute=bound, counted=session or address))
    return tuple(rules)


class Rates:
    """The counters of one process."""

    def __init__(self) -> None:
        self._memory = MemoryStorage()
        self._shared: Storage | None = None
        self._away_until = 0.0
        self._lock = threading.Lock()

    def seconds_to_wait(self, rules: tuple[Rule, ...]) -> int:
        """Count one request; return 0, or how many seconds the caller has to wait."""
        for rule in rules:
            if waits := self._hit(rule):
                _REFUSED.labels(rule.name).inc()
                return waits
        return 0

    def _hit(self, rule: Rule) -> int:
        shared = self._valkey()
        if shared is not None:
            try:
                return _count(shared, rule)
            except Exception as error:  # whatever Valkey does, pages go on
                self._leave_alone(error)
        return _count(self._memory, rule)

    def _valkey(self) -> Storage | None:
        url = settings().redis_url
        if not url or clock.monotonic() < self._away_until:
            return None
        with self._lock:
            if self._shared is None:
                try:
                    self._shared = RedisStorage(
                        url,
                        socket_timeout=VALKEY_SECONDS,
                        socket_connect_timeout=VALKEY_SECONDS,
                        key_prefix="chevet-rate",
                    )
                except Exception as error:
                    self._leave_alone(error)
        return self._shared

    def _leave_alone(self, error: Exception) -> None:
        self._away_until = clock.monotonic() + AWAY_SECONDS
        _log.warning("valkey_away", error=type(error).__name__)


def _count(storage: Storage, rule: Rule) -> int:
    limit = RateLimitItemPerMinute(rule.per_minute)
    key = hashlib.sha256(f"{rule.name} {rule.counted}".encode()).hexdigest()[:32]
    limiter = FixedWindowRateLimiter(storage)
    if limiter.hit(limit, rule.name, key):
        return 0
    ends = limiter.get_window_stats(limit, rule.name, key).reset_time
    return max(1, min(60, round(ends - clock.now().timestamp()) + 1))
