"""What persons do with an alert: take it in charge, see it, call the patient, close it."""

from uuid import UUID

from alerts.lifecycle import PersonAct, Refused
from alerts.views import AlertPage, NotFound
from core.doors import CareContext


def act(ctx: CareContext, alert_id: UUID, person_act: PersonAct) -> AlertPage | Refused | NotFound:
    """Apply one act of the person in `ctx`, whoever the act names; repeated, it changes nothing.

    Needs a context opened for `alerts:acknowledge`; raises ValueError for another.
    """
    raise NotImplementedError
