"""The person who reads a page: his language, his time zone, and the instant he reads at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.evidence import Evidence
from core.i18n import say_date, say_number, say_time, translator
from core.vitals import VITAL_BY_SLUG, VITALS, Vital
from dashboard import words
from identity.people import age_years
from scoring.home_state import Finding
from scoring.item import BOUND_SIGNS, Bound
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Says texts, times and values as this reader expects them. `now` carries a zone."""

    locale: str
    time_zone: str
    now: datetime

    def say(self, text: str, **values: object) -> str:
        """Return an English text in the reader's language, with its values filled in."""
        said = translator(self.locale)(text)
        return said.format(**values) if values else said

    def time(self, at: datetime) -> str:
        """Return the time of day, with the day when it is not today's."""
        zone = ZoneInfo(self.time_zone)
        clock = say_time(at, self.locale, zone)
        days_ago = (self.now.astimezone(zone).date() - at.astimezone(zone).date()).days
        if days_ago == 0:
            return clock
        if days_ago == 1:
            return self.say("yesterday {time}", time=clock)
        return f"{say_date(at, self.locale, zone)}, {clock}"

    def span(self, lasting: timedelta) -> str:
        """Return how long something lasts: 40 s, 4 min, 1 h 20, 3 days."""
        seconds = max(int(lasting.total_seconds()), 0)
        if seconds < 60:
            return self.say("less than 1 min")
        minutes = seconds // 60
        if minutes < 60:
            return f"{minutes} min"
        if minutes < 48 * 60:
            return f"{minutes // 60} h {minutes % 60:02d}"
        return self.say("{days} days", days=minutes // 1440)

    def since(self, at: datetime) -> str:
        """Return how long ago an instant was."""
        return self.span(self.now - at)

    def day(self, day: date) -> str:
        """Return a date in figures, as on an identity document: 02/04/1951."""
        return f"{day:%d/%m/%Y}"

    def age(self, birth: date) -> int:
        """Return full years since birth, today."""
        return age_years(birth, self.now.astimezone(ZoneInfo(self.time_zone)).date())

    def number(self, value: float, vital: Vital | None) -> str:
        """Return a value with the decimals of its vital."""
        return say_number(value, self.locale, VITALS[vital].decimals if vital else 0)

    def value(self, item: str, value: float | None, unit: str | None, code: str | None) -> str:
        """Return what was measured, with its unit, or what was answered, in words."""
        if value is None:
            return self.say(words.ANSWERS.get(code or "", code or ""))
        vital = VITAL_BY_SLUG.get(item)
        shown = self.say(VITALS[vital].unit_shown if vital else unit or "")
        return f"{self.number(value, vital)} {shown}"

    def limit(self, item: str, bound: Bound | None, threshold: float | None) -> str:
        """Return the limit that was met: « ≤ 92 », or nothing for an answer."""
        if bound is None or threshold is None:
            return ""
        number = self.number(threshold, VITAL_BY_SLUG.get(item))
        if bound in words.CHANGES:
            return self.say(words.CHANGES[bound], number=number)
        return f"{BOUND_SIGNS[bound]} {number}"

    def item(self, code: str, title: str | None = None) -> str:
        """Return the name of an item."""
        return self.say(words.ITEMS.get(code, title or code))

    def level(self, level: Level) -> str:
        """Return a level as a word that stands alone: « Rouge »."""
        return self.say(level.label).capitalize()

    def finding(self, finding: Finding) -> str:
        """Return one item as judged, in one line."""
        if finding.said is not None:
            return finding.said.sentence(self.locale)
        shown = self.value(finding.item, finding.value, finding.unit, finding.code)
        return f"{self.item(finding.item, finding.title)} {shown}"

    def evidence(self, seen: Evidence) -> str:
        """Return what was measured or answered, in one line with the name of its item."""
        if seen.said is not None:
            return seen.said.sentence(self.locale)
        return f"{self.item(seen.item)} {self.value(seen.item, seen.value, seen.unit, seen.code)}"
