"""What a review concludes from what it has read: home state, NEWS2, evidence, the summary. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from alerts.evidence import Breaches
from alerts.prescribed import profile_of, usual_of
from alerts.prescription import parse_content
from alerts.profile import Override, Profile, Signed, for_patient, usual_values
from alerts.records import from_json
from alerts.views import EvidenceEntry, LatestValue, News2View
from core.vitals import VITALS, Vital
from scoring.home_state import FUTURE_TOLERANCE, Missing, MissingWhy
from scoring.news2 import News2, News2Input, score_news2
from scoring.observation import TO_VERIFY, UNUSABLE, Reading
from scoring.refusal import Incomplete, Refused

NEWS2_LONGEST: Final = timedelta(hours=24)
"""Older values are no part of a NEWS2. Source: proposed, the age limit of the home profile."""

NO_NEWS2: Final = News2View(total=None, band=None, refused="incomplete", missing=())
"""Nothing was measured yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """By what a patient is judged: his profile with its overrides, and his usual values."""

    profile: Profile
    usual: Mapping[str, float]


def read_profile(shipped: Profile, adjustments: Sequence[Mapping[str, Any]]) -> Profile:
    """Return a shipped profile with the overrides of a prescription, as they are stored."""
    return for_patient(shipped, [from_json(Override, dict(part)) for part in adjustments])


def make_watch(
    shipped: Profile,
    adjustments: Sequence[Mapping[str, Any]],
    usual: Mapping[str, float],
    content: str | None = None,
    signed: Signed | None = None,
) -> Watch:
    """Return what a stored prescription says: its signed content, where there is one.

    Else the shipped profile with its overrides; an override's usual value wins.
    """
    if content is not None:
        written = parse_content(content)
        return Watch(profile=profile_of(written, shipped, signed), usual=usual_of(written))
    profile = replace(read_profile(shipped, adjustments), signed=signed)
    return Watch(profile=profile, usual={**usual, **usual_values(profile)})


def never_measured(profile: Profile) -> tuple[Missing, ...]:
    """Return every item of a profile as never measured."""
    return tuple(
        Missing(
            item=item.code,
            title=item.title,
            why=MissingWhy.NEVER,
            essential=item.essential,
            at=None,
        )
        for item in profile.items
    )


def latest_values(readings: Iterable[Reading], now: datetime) -> tuple[LatestValue, ...]:
    """Return the newest value of each vital that counts and does not lie in the future."""
    newest: dict[Vital, Reading] = {}
    for reading in readings:
        known = newest.get(reading.vital)
        if reading.quality & (UNUSABLE | TO_VERIFY) or reading.measured_at > now + FUTURE_TOLERANCE:
            continue
        if known is None or reading.measured_at > known.measured_at:
            newest[reading.vital] = reading
    return tuple(
        LatestValue(
            vital=vital,
            value=reading.value,
            unit=VITALS[vital].ucum,
            measured_at=reading.measured_at,
            quality=reading.quality,
        )
        for vital, reading in sorted(newest.items())
    )


def news2_of(
    latest: Iterable[LatestValue], spo2_scale: int | None, age: int | None, now: datetime
) -> News2View:
    """Return NEWS2 of the latest values; at home it usually says what is missing.

    Consciousness and oxygen are not recorded by a device: nothing is assumed for them. It does not
    apply under an `age` of 16 whole years.
    """
    value = {each.vital: each.value for each in latest if now - each.measured_at <= NEWS2_LONGEST}
    answer = score_news2(
        News2Input(
            respiratory_rate=value.get(Vital.RESPIRATORY_RATE),
            spo2=value.get(Vital.SPO2),
            supplemental_oxygen=None,
            systolic=value.get(Vital.SYSTOLIC),
            pulse=value.get(Vital.PULSE),
            consciousness=None,
            temperature=value.get(Vital.TEMPERATURE),
            spo2_scale=spo2_scale,
            age=age,
        )
    )
    match answer:
        case News2(total=total, band=band):
            return News2View(total=total, band=band, refused=None, missing=())
        case Incomplete(missing=missing):
            return News2View(total=None, band=None, refused="incomplete", missing=missing)
        case Refused(reason=reason):
            return News2View(total=None, band=None, refused=reason, missing=())
        case _:
            assert_never(answer)


def first_evidence(breaches: Breaches) -> tuple[EvidenceEntry, ...]:
    """Return the evidence an alert is raised with, frozen from then on."""
    count = breaches.count
    return (
        EvidenceEntry(part="first", count=count, evidence=breaches.first),
        EvidenceEntry(part="worst", count=count, evidence=breaches.worst),
        EvidenceEntry(part="last", count=count, evidence=breaches.last),
    )


def with_worsening(known: Sequence[EvidenceEntry], breaches: Breaches) -> tuple[EvidenceEntry, ...]:
    """Return the evidence with the value that made an orange alert red."""
    return (*known, EvidenceEntry(part="worsened", count=breaches.count, evidence=breaches.worst))


def with_sighting(known: Sequence[EvidenceEntry], breaches: Breaches) -> tuple[EvidenceEntry, ...]:
    """Return the evidence with the last breach seen, in place of the one seen before.

    Its count adds up, so that a page can say how many breaches there have been since.
    """
    kept = [entry for entry in known if entry.part != "last_seen"]
    before = sum(entry.count for entry in known if entry.part == "last_seen")
    last = EvidenceEntry(part="last_seen", count=before + breaches.count, evidence=breaches.last)
    return (*kept, last)
