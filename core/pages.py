"""Makes HTML pages from the rooms' Jinja templates, named `room/file.html`."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from core import i18n
from core.opening import say_opening
from core.settings import settings


@lru_cache
def environment() -> Environment:
    """Return the one Jinja environment: escaping on, unknown names are errors."""
    loaders = {room: PackageLoader(room) for room in i18n.ROOMS if _has_templates(room)}
    env = Environment(loader=PrefixLoader(loaders), autoescape=True, undefined=StrictUndefined)
    env.trim_blocks = env.lstrip_blocks = True
    return env


def _has_templates(room: str) -> bool:
    spec = find_spec(room)
    return bool(spec and spec.origin and (Path(spec.origin).parent / "templates").is_dir())


def page(template: str, locale: str, time_zone: str = "", **values: Any) -> str:
    """Render a page in a language and time zone; the words `_`, `at_time`, `at_instant`,
    `on_day`, `number`, `service_hours` are at hand in every template."""
    where = i18n.zone(time_zone or settings().time_zone)
    return (
        environment()
        .get_template(template)
        .render(
            {
                "_": i18n.translator(locale),
                "locale": locale,
                "settings": settings(),
                "service_hours": settings().service_hours
                or say_opening(settings().opening(), locale),
                "at_time": lambda at: i18n.say_time(at, locale, where),
                "at_date": lambda at: i18n.say_date(at, locale, where),
                "on_day": lambda day: i18n.say_day(day, locale),
                "at_instant": lambda at: i18n.say_instant(at, locale, where),
                "number": lambda value, decimals=0: i18n.say_number(value, locale, decimals),
                **values,
            }
        )
    )
