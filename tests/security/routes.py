"""What the application answers to, read from the application itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True, order=True)
class WebRoute:
    """One verb of one path; `checks` are the names of all it depends on."""

    key: str
    checks: tuple[str, ...]

    @property
    def method(self) -> str:
        return self.key.split(" ", 1)[0]

    @property
    def path(self) -> str:
        return self.key.split(" ", 1)[1]


@lru_cache
def console() -> Any:
    """Return the application of the console process, which serves the pages too; Dash can be
    put together only once a process."""
    from app.console import create_console

    return create_console()


def web_routes() -> list[WebRoute]:
    """Return every route of the pages, those outside the OpenAPI and the mounts included."""
    from app.web import create_web

    return sorted(_described(walk(create_web().routes)))


def openapi_routes() -> set[str]:
    """Return what the published OpenAPI lists, as `VERB /path`."""
    from app.web import create_web

    paths = create_web().openapi().get("paths", {})
    return {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs}


def dash_routes() -> list[WebRoute]:
    """Return every route Dash answers to under the console's address."""
    return sorted(_described(walk(_dash().server.routes)))


def _dash() -> Any:
    import dash

    console()
    found: Any = dash
    return found.get_app()


def dash_callbacks() -> dict[str, dict[str, Any]]:
    """Return every server callback of the console by the name of its function."""
    app = _dash()
    asked = {one["output"]: one for one in app._callback_list}
    return {
        found["callback"].__name__: {**asked.get(output, {}), "output": output}
        for output, found in app.callback_map.items()
        if found.get("callback") is not None
    }


def walk(routes: Iterable[object]) -> Iterator[BaseRoute]:
    """Yield all routes, those of included routers too."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner:
            yield from walk(inner)
        elif isinstance(route, BaseRoute):
            yield route


def _described(routes: Iterable[BaseRoute]) -> Iterator[WebRoute]:
    for route in routes:
        if isinstance(route, Mount):
            yield WebRoute(f"MOUNT {route.path}", ())
        elif isinstance(route, WebSocketRoute):
            yield WebRoute(f"SOCKET {route.path}", ())
        elif isinstance(route, APIRoute | Route):
            checks = tuple(_checks(route)) if isinstance(route, APIRoute) else ()
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield WebRoute(f"{method} {route.path}", checks)
        else:
            yield WebRoute(f"UNKNOWN {route!r}", ())


def _checks(route: APIRoute) -> Iterator[str]:
    """Yield the names of everything a route depends on, at any depth, in order."""
    left = [route.dependant]
    while left:
        one = left.pop(0)
        yield getattr(one.call, "__name__", "")
        left = [*one.dependencies, *left]
