"""Named points where a test may crash or delay a process; nothing else can happen there.

`CHEVET_FAILPOINTS="ingest.after_commit=exit,outbox.before_send=sleep:0.2"`: `exit` ends the
process at once as a power cut would, `exit@N` at the N-th pass, `sleep:S` waits S seconds.
"""

import os
import time
from collections import Counter

_passes: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Crash or delay here if the test profile asks for it."""
    plan = os.environ.get("CHEVET_FAILPOINTS")
    if plan:
        _act(name, dict(part.split("=", 1) for part in plan.split(",") if part))


def _act(name: str, plan: dict[str, str]) -> None:
    action = plan.get(name)
    if action is None:
        return
    _passes[name] += 1
    verb, _, at = action.partition("@")
    if verb == "exit" and (not at or _passes[name] == int(at)):
        os._exit(86)
    if verb.startswith("sleep:"):
        time.sleep(float(verb.removeprefix("sleep:")))


def refuse_failpoints(profile: str) -> None:
    """Stop the process if failpoints are on outside the test profile."""
    if os.environ.get("CHEVET_FAILPOINTS") and profile != "test":
        raise SystemExit("CHEVET_FAILPOINTS is only for the test profile: unset it to start.")
