"""English words of the alert's page; each is the msgid of its translation. Pure."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from babel.dates import format_date

from alerts.alert import SleepReason
from alerts.answering import Hold
from alerts.aside import Aside
from alerts.ladder import Recipient
from alerts.rota.standing import SKIP_LABELS, Skip
from alerts.telling import FATE_LABELS, RECIPIENT_WORDS, NextCall, ToldPerson
from alerts.views import AlertLine, EventView
from core.i18n import Translate
from identity.words import role_label

EVENT_WORDS: Final = {
    "raised": "The alert was raised",
    "worsened": "It worsened to red",
    "drill_ended": "No exercise any more, somebody lives in the record: everybody is called anew",
    "nobody_reachable": "Nobody could be reached at this step",
    "exhausted": "Everybody was called and nobody answered: starting again",
    "rung_skipped": "A step of the ladder was passed by",
    "night": "The service is closed and nobody is on call: it stands first in the morning",
    "quiet": "Everybody it could call is in the quiet hours they chose: called when the first end",
    "carer_told": "The carer was told to look after the patient",
    "circle_told": "People of the circle were told, as was chosen; nobody has answered by that",
    "owned": "Taken in charge",
    "ownership_lapsed": "The taking in charge has lapsed",
    "promise_lapsed": "What was promised was not done by then: the ladder goes on",
    "seen": "Has seen it",
    "calling_patient": "Calls the patient back",
    "to_emergency": "Sends the patient to the emergency department",
    "visit_asked": "Asks for a visit",
    "called_15": "Has called 15",
    "asked": "Asks a question",
    "replied": "Replies",
    "answered_since": "The patient has answered since",
    "asleep": "Put to sleep for the team",
    "woken": "Woken",
    "set_aside": "Put to sleep for oneself alone",
    "taken_back": "Awake again for oneself",
    "assigned": "Given to a colleague",
    "cleared": "Within the limits again",
    "active_again": "Out of the limits again",
    "attempt": "Somebody tried to reach the patient",
    "doubt_check": "Somebody is sent to the home: {who}",
    "doubt_checked": "Somebody was at the home",
    "repeat_asked": "The patient is asked to measure again",
    "repeat_answered": "The patient answered the questions asked with it",
    "repeat_within": "Measured again: within the limits",
    "repeat_confirmed": "Measured again: still out of the limits",
    "repeat_not_done": "The patient did not measure again in time",
    "limits_proposed": "Proposes a change of limits",
    "closed": "The alert was closed",
}

CALL_WORDS: Final[dict[str, str]] = {
    "reached": "Call to {who}: answers",
    "no_answer": "Call to {who}: nobody answers",
    "message_left": "Call to {who}: a message was left",
    "call_later": "Call to {who}: to be called back",
    "wrong_number": "Call to {who}: wrong number",
}
CHECKED_WORDS: Final[dict[str, str]] = {
    "well": "At the home: the patient is well",
    "unwell": "At the home: the patient is unwell, the team was called",
    "nobody": "At the home: nobody was found",
    "called_15": "At the home: 15 was called",
    "cancelled": "Going to the home is no longer needed",
}

NEWS2_WORDS: Final = {
    "respiratory_rate": "respiratory rate",
    "spo2": "SpO2",
    "supplemental_oxygen": "oxygen",
    "systolic": "blood pressure",
    "pulse": "pulse",
    "consciousness": "consciousness",
    "temperature": "temperature",
    "spo2_scale": "SpO2 scale",
    "age": "age",
}


PROMISE_LABELS: Final = {
    Hold.CALLING_PATIENT: "I call the patient back before {time}",
    Hold.TO_EMERGENCY: "I send to the emergency department, to check before {time}",
    Hold.VISIT_ASKED: "I ask for a visit before {time}",
}
"""What a person promises, on the button by which he does."""

HOLD_SENTENCES: Final = {
    Hold.OWNED: "Taken in charge by {person}, until {time}",
    Hold.CALLING_PATIENT: "{person} calls the patient back before {time}",
    Hold.TO_EMERGENCY: "{person} sends the patient to the emergency department: "
    "to check before {time}",
    Hold.VISIT_ASKED: "{person} asks for a visit before {time}",
}
"""Who acts and before when, while somebody holds the alert."""

SLEEP_REASONS: Final = {
    SleepReason.MEASURE_AGAIN: "A new measurement is awaited",
    SleepReason.VISIT_EXPECTED: "Somebody is on the way to the patient",
    SleepReason.ADVICE_AWAITED: "Advice was asked for",
    SleepReason.KNOWN_AND_STABLE: "Known and stable for this person",
}
"""Why an alert may sleep, as its dialog offers it and as everybody reads it."""

DONE_SENTENCES: Final = {
    "calling_patient": "You call the patient back before {time}.",
    "to_emergency": "You send the patient to the emergency department, to check before {time}.",
    "visit_asked": "You ask for a visit before {time}.",
}
"""What the page says to whoever has just promised."""

_RUNG_LABELS: Final[dict[str, str]] = {
    Recipient.SECOND_NURSE: "Second nurse",
    Recipient.ON_CALL: "On call",
    Recipient.OPERATOR: "Operator of the service",
}

SayTime = Callable[[datetime], str]


def say_held(line: AlertLine, tr: Translate, say_time: SayTime) -> str:
    """Say who holds an alert, how and until when; empty while nobody does."""
    if line.hold is None or line.owned_until is None:
        return ""
    said = tr(HOLD_SENTENCES[line.hold])
    return said.format(person=line.owner_name or "", time=say_time(line.owned_until))


def say_asleep(line: AlertLine, tr: Translate, say_time: SayTime) -> str:
    """Say who put an alert to sleep, until when and why; empty while it is awake."""
    if line.sleep is None:
        return ""
    said = tr("Put to sleep by {person} until {time}: {reason}").format(
        person=line.sleeper_name or "",
        time=say_time(line.sleep.until),
        reason=tr(SLEEP_REASONS[line.sleep.reason]),
    )
    return f"{said} · {line.sleep.note}" if line.sleep.note else said


def say_aside(aside: Aside, tr: Translate, say_time: SayTime) -> str:
    """Say until when the reader has put an alert aside, and why."""
    said = tr("Asleep for you alone until {time}: {reason}").format(
        time=say_time(aside.until), reason=tr(SLEEP_REASONS[aside.reason])
    )
    return f"{said} · {aside.note}" if aside.note else said


def say_next(following: NextCall, tr: Translate, say_time: SayTime) -> str:
    """Say who is called next and when: « À 14 h 20, le médecin traitant »."""
    sentence = "If it is not closed by {time}: {role}" if following.held else "At {time}, {role}"
    said = tr(sentence).format(
        time=say_time(following.at), role=tr(RECIPIENT_WORDS[following.role])
    )
    return tr("{said}; the operator is told as well").format(said=said) if following.again else said


def say_fate(person: ToldPerson, tr: Translate, say_time: SayTime) -> str:
    """Say what became of a call to a person."""
    return tr(FATE_LABELS[person.fate]).format(time=say_time(person.at) if person.at else "")


def rung_label(role: str) -> str:
    """Return the msgid of whom a rung calls, by itself."""
    return _RUNG_LABELS.get(role) or role_label(role)


def say_skip(skip: Skip, tr: Translate) -> str:
    """Say why nobody of a rung was called: « passée : personne n'est de garde »."""
    return tr("passed by: {why}").format(why=tr(SKIP_LABELS[skip]))


def say_event(event: EventView, tr: Translate, say_time: SayTime) -> str:
    """Say one step of an alert's life; a call names whom, a promise or a sleep the time."""
    said = tr(EVENT_WORDS.get(event.what, event.what))
    match event.detail:
        case {"before": str(before)}:
            time = say_time(datetime.fromisoformat(before))
            return tr("{said}, before {time}").format(said=said, time=time)
        case {"until": str(until), "reason": str(reason)}:
            time = say_time(datetime.fromisoformat(until))
            why = tr(SLEEP_REASONS[SleepReason(reason)])
            return tr("{said}, until {time}: {reason}").format(said=said, time=time, reason=why)
        case {"role": str(role)} if event.what == "called":
            return tr("Called: {role}").format(role=tr(rung_label(role)))
        case {"outcome": str(outcome)} if event.what == "doubt_checked":
            return tr(CHECKED_WORDS.get(outcome, EVENT_WORDS[event.what]))
        case {"outcome": str(outcome)} if event.what == "attempt":
            who = str(event.detail.get("who") or "") or tr("the patient")
            return tr(CALL_WORDS.get(outcome, EVENT_WORDS[event.what])).format(who=who)
        case {"why": str(why)} if event.what == "rung_skipped":
            return f"{said}, {say_skip(Skip(why), tr)}"
        case {"who": str(who)}:
            return said.format(who=who)
        case _ if event.to_name:
            return tr("{said}: {name}").format(said=said, name=event.to_name)
        case _:
            return said


def say_day(day: date, locale: str) -> str:
    """Write a day, « 2 avril 1951 »."""
    return format_date(day, format="long", locale=locale)
