"""Use case of looking back before signing: what a draft would have called for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from alerts.asking import editions_named, read_answers
from alerts.edge.library import load_profile
from alerts.judging import Watch
from alerts.prescribed import profile_of, usual_of
from alerts.prescription import Content
from alerts.replaying import Compared, Replay, replay
from alerts.rows import AnswerRow, ReadingRow
from alerts.samples import ChartRow, all_readings
from alerts.store import replaying
from alerts.store.replaying import MOST_VALUES
from core import clock
from core.doors import CareContext, acting_as
from core.vitals import Quality, Vital
from questionnaires.library_service import load_edition
from questionnaires.questionnaire import Questionnaire
from scoring.home_state import OLDEST_JUDGED
from scoring.item import MeasuredItem
from scoring.observation import Reading

DAYS: Final = OLDEST_JUDGED - timedelta(minutes=1)
"""How far back: as old as a value may be and still be judged."""


def compare(ctx: CareContext, draft: Content, live: Content) -> Compared:
    """Judge the last 30 days by a draft without faults and by the live version.

    Needs `vitals:read`; answers are judged where the actor may read them.

    Of what was sampled, the lowest and the highest value of each minute are judged. Bounded:
    of more values than one look holds, both look at the newest, which `cut` says.
    """
    now = clock.now()
    watches = [_watch(content) for content in (draft, live)]
    vitals = sorted(
        {
            item.vital
            for watch in watches
            for item in watch.profile.items
            if isinstance(item, MeasuredItem)
        }
    )
    with acting_as(ctx, detail={"read": "prescription_replay"}) as conn:
        spots, minutes = replaying.load_readings(conn, ctx.patient, vitals, now - DAYS, now)
        answers = replaying.load_answers(conn, ctx.patient, now - DAYS, now)
        editions = {digest: load_edition(digest) for digest in editions_named(answers)}
    since, cut = _since(spots, minutes, now)
    readings = [one for one in _readings(spots, minutes) if one.measured_at >= since]
    said = [one for one in answers if one.answered_at >= since]
    by_draft, by_live = (_replay(readings, said, editions, watch, now) for watch in watches)
    return Compared(
        draft=by_draft,
        live=by_live,
        readings=len(readings),
        answers=len(said),
        since=since,
        cut=cut,
    )


def _watch(content: Content) -> Watch:
    return Watch(
        profile=profile_of(content, load_profile(*content.template)), usual=usual_of(content)
    )


def _replay(
    readings: Sequence[Reading],
    answers: Sequence[AnswerRow],
    editions: dict[str, Questionnaire],
    watch: Watch,
    now: datetime,
) -> Replay:
    asked = read_answers(answers, editions, watch.profile)
    return replay(readings, asked.answers, replace(watch, profile=asked.profile), now)


def _since(
    spots: Iterable[ReadingRow], minutes: Iterable[ChartRow], now: datetime
) -> tuple[datetime, bool]:
    """Return from when on every value was read, and whether that is later than asked for."""
    found = ([one.measured_at for one in spots], [one.at for one in minutes])
    starts = [min(times) for times in found if len(times) >= MOST_VALUES]
    return max(starts, default=now - DAYS), bool(starts)


def _readings(spots: Iterable[ReadingRow], minutes: Iterable[ChartRow]) -> list[Reading]:
    readings = all_readings(spots, [])
    for number, minute in enumerate(minutes):
        for value in sorted({minute.low, minute.high}):
            readings.append(
                Reading(
                    reading_id=-number,
                    vital=Vital(minute.vital),
                    value=value,
                    measured_at=minute.at,
                    quality=Quality(minute.quality),
                )
            )
    return readings
