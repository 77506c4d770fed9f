"""What a signed prescription asks to be looked at by the clock: its end, and silence. Pure.

Every deadline is an instant; a look finds those since the look before. So nothing is told twice,
and what came while nobody looked is told all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from alerts.evidence import Breaches, Evidence
from alerts.prescription import Content
from alerts.profile import Signed
from alerts.wording import ITEM_WORDS
from core.i18n import say_date, translator
from core.vitals import Quality
from scoring.item import Said
from scoring.level import LEVEL_BY_CODE, Level

ENDING: Final = "prescription_end"
"""Item of the one open alert that says that a prescription ends or has ended."""
NO_MEASURE: Final = "no_measure"
"""Item of the one open alert a patient has for values that were expected and did not come."""
MORNING: Final = time(8)
"""When the team is told of an end, in the patient's zone. Source: proposed."""
LATE: Final = timedelta(minutes=5)
"""A deadline found later than this says so. Source: proposed."""
_LANGUAGES: Final = ("fr", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is to be told now, by item of an alert, and when to look next (None: never)."""

    told: Mapping[str, Breaches]
    look_at: datetime | None


def look(
    content: Content,
    signed: Signed,
    *,
    begun: datetime,
    looked_at: datetime,
    last: Mapping[str, datetime],
    zone: tzinfo,
    now: datetime,
) -> Standing:
    """Return what came due after `looked_at` and up to `now`, and when to look next.

    `last`: item to the time of its latest value that counts; without one, `begun` stands for it.
    """
    due: dict[str, list[Evidence]] = {}
    later: list[datetime] = []
    for at, evidence in _ends(content, signed, zone):
        if looked_at < at <= now:
            due.setdefault(ENDING, []).append(_late(evidence, now))
        elif at > now:
            later.append(at)
    for item, every, level in _silences(content):
        since = last.get(item, begun)
        periods = max(0, (now - since) // every)
        at = since + periods * every
        if periods and looked_at < at:
            evidence = _silent(signed, item, since, at, every, level)
            due.setdefault(NO_MEASURE, []).append(_late(evidence, now))
        later.append(since + (periods + 1) * every)
    told = {item: _breaches(found) for item, found in due.items()}
    return Standing(told=told, look_at=min(later, default=None))


def _breaches(found: list[Evidence]) -> Breaches:
    worst = max(found, key=lambda one: one.level)
    return Breaches(first=found[0], worst=worst, last=found[-1], count=len(found))


def _silences(content: Content) -> Iterator[tuple[str, timedelta, Level]]:
    for one in content.parameters:
        if one.silence is not None:
            yield (
                one.item,
                timedelta(hours=one.silence.after_hours),
                LEVEL_BY_CODE[one.silence.level],
            )


def _ends(content: Content, signed: Signed, zone: tzinfo) -> Iterator[tuple[datetime, Evidence]]:
    """Return the morning of the notice and the one after the last day, each with what it says."""
    if content.ends_on is None:
        return
    noon = datetime.combine(content.ends_on, time(12), zone)
    notice = content.ends_on - timedelta(days=content.notice_days)
    for code, day, sentence in (
        ("ending", notice, "ends on {day}: to renew or to end"),
        ("ended", content.ends_on + timedelta(days=1), "ended on {day}: watching goes on"),
    ):
        at = datetime.combine(day, MORNING, zone)
        answer = {
            language: translator(language)(sentence).format(day=say_date(noon, language, zone))
            for language in _LANGUAGES
        }
        yield at, _evidence(signed, ENDING, at, code, Level.ORANGE, answer)


def _silent(
    signed: Signed, item: str, since: datetime, at: datetime, every: timedelta, level: Level
) -> Evidence:
    hours = str((at - since) // timedelta(hours=1))
    answer = {
        language: translator(language)("{item}: no value for {hours} h").format(
            item=translator(language)(ITEM_WORDS.get(item, item)), hours=hours
        )
        for language in _LANGUAGES
    }
    return _evidence(signed, NO_MEASURE, at, item, level, answer)


def _evidence(
    signed: Signed, item: str, at: datetime, code: str, level: Level, answer: dict[str, str]
) -> Evidence:
    question = {language: translator(language)(ITEM_WORDS[item]) for language in _LANGUAGES}
    return Evidence(
        item=item,
        level=level,
        measured_at=at,
        reading_id=None,
        value=None,
        unit=None,
        quality=Quality(0),
        answer_id=None,
        code=code,
        bound=None,
        threshold=None,
        usual=None,
        source=None,
        profile="prescription",
        to_verify=False,
        late=False,
        said=Said(question=question, answer=answer),
        prescription=signed.prescription,
        prescription_version=signed.version,
    )


def _late(evidence: Evidence, now: datetime) -> Evidence:
    return replace(evidence, late=now - evidence.measured_at > LATE)
