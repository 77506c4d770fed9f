"""Sentences of the page of a patient's plan; English here, each the msgid of its French. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from core.i18n import Translate
from questionnaires.plans.schedule import Phase, Schedule
from questionnaires.plans.shown import WEEKDAY_LABELS, phase_kind

SAID_SENTENCES: Final = {
    "started": "The plan has started: the first questionnaire is asked at the next time.",
    "changed": "The plan is changed from now on.",
    "moved": "From now on the questionnaires are asked in their published edition.",
    "ended": "The plan has ended: nothing more of it is asked.",
    "paused": "The pause is noted: nothing is asked in it, and nothing is missed.",
    "resumed": "The pause is over: the patient is asked again.",
    "refused": "The request is answered: everything is asked as before.",
}
"""What was done, by the code in the address."""

ZONE_LABELS: Final = {
    "Europe/Paris": "Mainland France",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "French Guiana",
    "Indian/Reunion": "Réunion",
    "Indian/Mayotte": "Mayotte",
    "Pacific/Noumea": "New Caledonia",
    "Pacific/Tahiti": "Tahiti",
    "Pacific/Marquesas": "Marquesas Islands",
    "Pacific/Gambier": "Gambier Islands",
    "Pacific/Wallis": "Wallis and Futuna",
    "America/Miquelon": "Saint Pierre and Miquelon",
    "America/St_Barthelemy": "Saint Barthélemy",
    "America/Marigot": "Saint Martin",
}
"""English msgid of each zone of France; any other stands for itself."""


def say_clock(clock: str, locale: str) -> str:
    """Write a time of day: « 9 h » or « 9 h 30 » in French, 09:30 in English."""
    hours, minutes = clock.split(":")
    if locale != "fr":
        return clock
    return f"{int(hours)} h" if minutes == "00" else f"{int(hours)} h {minutes}"


def say_span(minutes: int) -> str:
    """Write a number of minutes, as hours when it is whole hours; the same in both languages."""
    return f"{minutes // 60} h" if minutes and minutes % 60 == 0 else f"{minutes} min"


def say_rhythm(schedule: Schedule, locale: str, tr: Translate) -> str:
    """Say on which days and at which times a schedule asks."""
    said = [_phase(phase, locale, tr) for phase in schedule.phases]
    return tr(", then ").join(said)


def _phase(phase: Phase, locale: str, tr: Translate) -> str:
    times = _listed((say_clock(one, locale) for one in phase.times), tr)
    days = _days(phase, tr)
    said = tr("{days}, at {times}").format(days=days, times=times)
    if phase.days is not None:
        said = tr("for {count} days: {rhythm}").format(count=phase.days, rhythm=said)
    return said


def _days(phase: Phase, tr: Translate) -> str:
    kind = phase_kind(phase)
    if kind == "on_days":
        return tr("day {days} after the start").format(
            days=_listed(map(str, phase.on_days or ()), tr)
        )
    if kind == "weekdays":
        return tr("every {days}").format(
            days=_listed((tr(WEEKDAY_LABELS[day]) for day in phase.weekdays or ()), tr)
        )
    if kind == "every_days":
        return tr("every {count} days").format(count=phase.every_days)
    return tr("every day")


def _listed(words: Iterable[str], tr: Translate) -> str:
    known = list(words)
    if len(known) < 2:
        return "".join(known)
    return tr("{first} and {last}").format(first=", ".join(known[:-1]), last=known[-1])


def title_in(title: Mapping[str, str], locale: str) -> str:
    """Return a title in a language, else in French, else in whatever there is."""
    return title.get(locale) or title.get("fr") or next(iter(title.values()), "")
