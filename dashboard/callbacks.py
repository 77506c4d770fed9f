"""The one way into the console: every callback asks who acts, then works outside the event loop.

Dash runs a plain function on the event loop and would freeze the process, so each callback is a
coroutine that hands its synchronous work to a bounded number of threads. One that fails leaves a
line in the log and tells the person, and changes nothing of what he has before him.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar, assert_never
from uuid import UUID

import structlog
from anyio import CapacityLimiter, to_thread
from dash import State, callback, no_update, set_props
from dash.exceptions import PreventUpdate

from alerts.setback import place_of
from core import clock
from core.access import Denied, NotInCircle, Permission
from core.care import open_record
from core.doors import CareContext
from core.i18n import translator
from core.rights import rights
from dashboard.ids import CONSOLE_FAULT, PATIENT_IN_HAND, RECORD_REFUSAL
from dashboard.reader import Reader
from identity.people import SignedIn

THREADS: Final = 8
"""As many as the door for people has connections: more would only wait there."""

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("console")
_limiter = CapacityLimiter(THREADS)
_signed_in: ContextVar[SignedIn | None] = ContextVar("console_signed_in", default=None)


def carry(who: SignedIn) -> None:
    """Make `who` the person of everything this request or socket does from here on."""
    _signed_in.set(who)


def someone() -> SignedIn | None:
    """Return the person of this request, if there is one."""
    return _signed_in.get()


def may(who: SignedIn | None, permission: Permission) -> bool:
    """Tell whether the role of the acting post grants a permission on the organisation's lists."""
    return who is not None and rights().of_post(who.role, permission)


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run synchronous work in one of a bounded number of threads."""
    return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=_limiter)


def acting(permission: Permission) -> SignedIn:
    """Return who acts in this request; without the permission the callback does nothing."""
    who = _signed_in.get()
    if who is None or not may(who, permission):
        raise PreventUpdate
    return who


Registered = Callable[[Callable[..., Any]], Callable[..., Any]]


def console_callback(permission: Permission, *dependencies: Any, **options: Any) -> Registered:
    """Register `work(who, *values)` for lists of the organisation, such as the queue."""

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*values: Any) -> Any:
            who = acting(permission)
            return await in_thread(work, who, *values)

        _register(run, work, dependencies, options)
        return work

    return register


def patient_callback(permission: Permission, *dependencies: Any, **options: Any) -> Registered:
    """Register `work(who, ctx, *values)` for the patient whose page is open.

    The record is opened anew at each call, and a refusal is said on the page.
    """

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*values: Any) -> Any:
            *inputs, patient = values
            who = acting(Permission.QUEUE_READ)
            opened = await in_thread(open_record, who.actor, _patient_id(patient), permission)
            match opened:
                case CareContext():
                    return await in_thread(work, who, opened, *inputs)
                case Denied() | NotInCircle():
                    set_props(RECORD_REFUSAL, {"children": refusal_sentence(who, opened)})
                    # Raising PreventUpdate would also throw away the words of the refusal.
                    return no_update
                case _:
                    assert_never(opened)

        _register(run, work, (*dependencies, State(PATIENT_IN_HAND, "data")), options)
        return work

    return register


def refusal_sentence(who: SignedIn, refusal: Denied | NotInCircle) -> str:
    """Say why a record does not open; a stranger learns no more than of a page that is not."""
    tr = translator(who.locale)
    if isinstance(refusal, Denied):
        return tr("Your role does not allow this for this patient.")
    return tr("There is no such page.")


def console_stream(permission: Permission) -> Registered:
    """Register `updates(who)`, an endless stream of (component, properties) over the socket.

    It has neither input nor output: only such a callback is started again by the browser after
    the server restarts.
    """

    def register(updates: Callable[[SignedIn], AsyncIterator[tuple[str, dict[str, Any]]]]) -> Any:
        async def run() -> None:
            async for component, properties in updates(acting(permission)):
                set_props(component, properties)

        run.__name__ = updates.__name__
        return callback(websocket=True, persistent=True)(run)

    return register


def _patient_id(raw: object) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError:
        raise PreventUpdate from None


def _register(run: Any, work: Any, dependencies: tuple[Any, ...], options: dict[str, Any]) -> None:
    answer = _never_in_silence(run, work.__name__)
    answer.__name__ = work.__name__
    answer.__doc__ = work.__doc__
    callback(*dependencies, **options)(answer)


def _never_in_silence(run: Callable[..., Awaitable[Any]], name: str) -> Any:
    """Return `run` so that its failure is logged and said, and what the person typed stays."""

    async def answer(*values: Any) -> Any:
        try:
            return await run(*values)
        except PreventUpdate:
            raise
        except Exception as error:
            _log.error("console_callback_failed", callback=name, **place_of(error))
            who = _signed_in.get()
            if who is None:
                raise
            set_props(CONSOLE_FAULT, {"children": fault_sentence(who)})
            return no_update

    return answer


def fault_sentence(who: SignedIn) -> str:
    """Say that something failed, and when; it never says that nothing was saved: who knows."""
    reader = Reader(locale=who.locale, time_zone=who.time_zone, now=clock.now())
    return reader.say(
        "This failed at {time} and may not have been saved. What you wrote is still here: "
        "try again, and call the operator if it fails again.",
        time=reader.time(reader.now),
    )
