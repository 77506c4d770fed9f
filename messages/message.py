"""Words of the room: where a party can be told something, and what waits to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class Template(StrEnum):
    """The messages there are; each has a subject and `templates/<name>.txt` and `.html`."""

    MESSAGE_WAITING = "message_waiting"
    """To a professional: something waits for you; params: `alert_id` and, sealed, `link`."""
    ALERTS_WAITING = "alerts_waiting"
    """To a professional: several things wait for you; `count` is known when it is sent."""
    RECORD_NOTICE = "record_notice"
    """To somebody in a care circle: something in the record concerns you; params: `path`."""
    OPERATOR_NOTICE = "operator_notice"
    """To the operator of the service; params: `what` (an Occurrence) and `reference`."""
    SIGN_IN_CODE = "sign_in_code"
    """By SMS, a code to sign in; params: `code`, sealed."""
    ACTIVATION = "activation"
    """By mail, a link that opens an account, with a code given otherwise; `token`, sealed."""
    ACTIVATION_CODE = "activation_code"
    """The code of that link by SMS, to the telephone of his record; `code`, sealed."""
    CIRCLE_INVITATION = "circle_invitation"
    """By mail, a link to an invitation into a circle; params: `by`, a name, and sealed `token`."""
    DOCUMENT_LINK = "document_link"
    """To an MSSanté address: a link to one document; `by`, a name, and sealed `token`."""
    PASSWORD_RESET = "password_reset"
    """By mail, a link to a new password; params: `token`, sealed."""

    NEW_BROWSER = "new_browser"
    """By mail to its owner: somebody signed in from a browser he never used; no params."""
    REMINDER = "reminder"
    """To a patient by notification, SMS or mail: something waits on his phone page; no params."""
    ANSWER_LINK = "answer_link"
    """To a patient or who may answer for him: a link to one questionnaire; `token`, sealed."""
    CARER_AT_NIGHT = "carer_at_night"
    """To a carer who agreed: the service is closed, please look after the person; no params."""
    REPEAT_ASKED = "repeat_asked"
    """To a patient by notification or SMS: a measure is to be taken again; no params."""
    CIRCLE_NOTICE = "circle_notice"
    """To somebody close to a patient, who chose that he is told; params: `occasion`."""
    SWAP_NOTICE = "swap_notice"
    """To somebody on the rota: of a swap he is asked for or asked for; `what` became of it."""
    DIGEST = "digest"
    """To a professional once a day: what happened to his patients; no params."""
    ALERT_EVENT = "alert_event"
    """To another system: something happened to an alert; params: `alert`, `event`, `at`."""
    ANSWER_CODE = "answer_code"
    """The code of that link, by another way; params: `code`, sealed."""


class Weight(StrEnum):
    """What a message is worth to its recipient; a cap of the day holds back reminders alone."""

    URGENT = "urgent"
    """A red, a repeat request, a call-back: never held back."""
    NOTICE = "notice"
    """Something he has to be told; not held back, but counted."""
    REMINDER = "reminder"
    """Not sent beyond the cap of the day, and not at night."""
    OWN = "own"
    """Asked for by its recipient, a code or a trial: not counted."""


Channel = Literal["email", "sms", "push", "webhook"]
Lane = Literal["all", "reminders", "webhooks", "others"]
"""Which messages a sender takes; « all » takes those of other systems and reminders last."""
SEALED_PARAM = "message"
"""Purpose under which a param is sealed that must not be read in the outbox."""


class Occurrence(StrEnum):
    """What the operator of the service has to know."""

    LADDER_EXHAUSTED = "ladder_exhausted"
    NOBODY_ON_DUTY = "nobody_on_duty"
    RED_AT_NIGHT = "red_at_night"
    NOBODY_REACHABLE = "nobody_reachable"
    DEAD_ADDRESS = "dead_address"
    REVIEW_FAILING = "review_failing"
    ESCALATION_FAILING = "escalation_failing"
    AUDIT_UNSEALED = "audit_unsealed"
    BREAK_GLASS_UNTOLD = "break_glass_untold"
    BREAK_GLASS_UNREVIEWED = "break_glass_unreviewed"
    PLANNING_FAILING = "planning_failing"
    SILENCE_FAILING = "silence_failing"
    CALL_BACK_FAILING = "call_back_failing"
    REPEAT_FAILING = "repeat_failing"
    SILENT_UNWATCHED = "silent_unwatched"
    TECHNICAL_TROUBLE = "technical_trouble"
    DRILL_FAILED = "drill_failed"
    DRILL_NOT_STARTED = "drill_not_started"
    MODEL_OUT_OF_RANGE = "model_out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is put into the outbox; `recipient` is None for the operator or a system.

    `key` is stable: the same notice has the same key, and is sent once. `about` is the record it
    speaks of: whoever has left its circle is not told any more, even if the message waits already.
    `gathered_in`: a summary that is told instead of it. By notification the address is the id of
    a subscription. `task`: the task it reminds of; once
    that is answered, paused or over it is not sent. After `expires_at` it is of no use.
    """

    key: str
    recipient: UUID | None
    address: str
    template: Template
    params: Mapping[str, str]
    locale: str
    channel: Channel = "email"
    about: UUID | None = None
    weight: Weight = Weight.NOTICE
    task: UUID | None = None
    expires_at: datetime | None = None
    gathered_in: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message under lease; `attempts` counts this one, and is the proof of the lease.

    `training`: its recipient belongs to a training territory.
    """

    id: UUID
    key: str
    recipient: UUID | None
    channel: Channel
    address: str
    template: str
    params: dict[str, str]
    locale: str
    created_at: datetime
    attempts: int
    training: bool
    weight: str = Weight.NOTICE
    expires_at: datetime | None = None


def may_go_to(address: str, domains: str) -> bool:
    """Say whether a training message may go to an address; `domains` are separated by commas."""
    allowed = {domain.strip().lower() for domain in domains.split(",") if domain.strip()}
    return address.rpartition("@")[2].strip().lower() in allowed


def message_id(key: str, mail_from: str) -> str:
    """Return the Message-ID of a key: the same key, the same id, so a provider can drop a double.

    Colons are not allowed in a dot-atom (RFC 5322 §3.2.3, §3.6.4).
    """
    domain = mail_from.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{key.replace(':', '.')}@{domain}>"
