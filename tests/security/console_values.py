"""What the browser holds when it calls the console's callbacks, by `id.property`."""

from alerts.edge.library import load_profile
from alerts.prescribed import content_of
from alerts.prescription import Content
from alerts.prescription_fields import fields_of
from tests.security.cast import Cast
from tests.security.things_drill import make_drill
from tests.security.things_handover import make_handover


def _template() -> Content:
    return content_of(load_profile("covid-home", 1), ("home-two-rungs", 1))


def held_by_browser(cast: Cast) -> dict[str, object]:
    """Return the values of a browser that has the patient of the cast in hand."""
    return {
        "url.pathname": f"/console/patients/{cast.patient}",
        "patient-in-hand.data": str(cast.patient),
        "tick.data": {"number": 0, "stopped": []},
        "acted.data": 0,
        "ask.data": 0,
        "read.data": None,
        "chart-span.value": "24",
        "handover-in-hand.data": str(make_handover(cast)),
        "queue-level.value": "all",
        "queue-whose.value": "all",
        "queue-name.value": "",
        "queue-page.data": 0,
        "queue-next.n_clicks": 1,
        "click.data": {"act": "see", "on": str(cast.alert), "level": "red", "at": 1},
        "closing-confirm.n_clicks": 1,
        "closing-alert.data": {"alert": str(cast.alert), "level": "red"},
        "closing-outcome.value": "nothing",
        "closing-note.value": "",
        "asking-confirm.n_clicks": 1,
        "asking-alert.data": {"alert": str(cast.alert), "key": "of-the-browser"},
        "asking-words.value": "",
        "sleeping-confirm.n_clicks": 1,
        "sleeping-alert.data": {"alert": str(cast.alert), "level": "red"},
        "sleeping-whom.value": "team",
        "sleeping-minutes.value": "5",
        "sleeping-reason.value": "nothing",
        "sleeping-note.value": "",
        "precision-days.value": "30",
        "precision-group.value": "patient",
        "precision-save.n_clicks": 1,
        "model-save.n_clicks": 1,
        "giving-confirm.n_clicks": 1,
        "giving-alert.data": {"alert": str(cast.alert)},
        "giving-to.value": "nobody",
        "drill-in-hand.data": str(make_drill(cast)),
        "drill-confirm.n_clicks": 1,
        "drill-alert.data": {"drill": str(cast.alert)},
        "drill-record.value": str(cast.patient),
        "drill-person.value": "site",
        "drillplan-confirm.n_clicks": 1,
        "drillplan-record.value": str(cast.patient),
        "drillplan-day.value": "1",
        "drillplan-time.value": "10 h",
        "drill-save.n_clicks": 1,
        **of_the_rota(cast),
        **of_the_prescription(cast),
    }


def of_the_prescription(cast: Cast) -> dict[str, object]:
    """Return what the form of a prescription holds."""
    return {
        "rx-typed.data": {
            "fields": fields_of(_template()),
            "typed": True,
            "kept": {"id": str(cast.alert), "revision": 1},
        },
        "rx-problems.data": None,
        "rx-replay-ask.data": {"fields": fields_of(_template())},
        "signing-confirm.n_clicks": 1,
        "signing-alert.data": {"id": str(cast.alert), "revision": 1},
    }


def of_the_rota(cast: Cast) -> dict[str, object]:
    """Return what the dialogs of the rota and of the GP's hours hold."""
    nobody = "nobody"
    return {
        "rota-monday.data": "2026-11-23",
        "shift-confirm.n_clicks": 1,
        "shift-alert.data": {},
        "shift-person.value": nobody,
        "shift-duty.value": "on_call",
        "shift-weekdays.value": ["0"],
        "shift-starts.value": "8 h",
        "shift-ends.value": "20 h",
        "shift-holidays.value": "off",
        "shift-first.value": "",
        "shift-last.value": "",
        "ending-confirm.n_clicks": 1,
        "ending-alert.data": {"shift": str(cast.alert)},
        "ending-last.value": "",
        "leave-confirm.n_clicks": 1,
        "leave-person.value": nobody,
        "leave-substitute.value": None,
        "leave-first.value": "",
        "leave-last.value": "",
        "swap-confirm.n_clicks": 1,
        "swap-alert.data": {"shift": str(cast.alert), "day": "2026-11-23"},
        "swap-to.value": nobody,
        "gp-confirm.n_clicks": 1,
        "gp-who.value": nobody,
        "gp-agreed.value": "yes",
        "gp-weekdays.value": ["0"],
        "gp-starts.value": "8 h",
        "gp-ends.value": "19 h",
    }
