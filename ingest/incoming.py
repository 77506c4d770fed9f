"""A batch as it was read: what each message says, and what cannot be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from devices.envelope import EventItem, Item, SampledItem, SpotItem, encode_item
from devices.envelope_parse import BadItem, Envelope, parse_envelope, parse_status
from devices.malformed import Malformed
from ingest.message import Message
from ingest.minutes import sample_times
from ingest.quarantine import Quarantined, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An envelope and the gateway it came from."""

    gateway: str
    envelope: Envelope

    @property
    def epoch(self) -> str:
        """The boot of the gateway, which its item numbers belong to."""
        return str(self.envelope.boot)

    @property
    def numbers(self) -> list[int]:
        """The numbers of all its items, usable or not."""
        good = [item.n for item in self.envelope.items]
        return good + [bad.n for bad in self.envelope.bad if bad.n is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStatus:
    """Whether a gateway is there, and how many items wait in its spool."""

    gateway: str
    online: bool
    spooled: int


Unit: TypeAlias = Upload | GatewayStatus | Quarantined
Incoming: TypeAlias = tuple[Unit, ...]


def read_message(message: Message) -> Unit:
    """Read one message; what is no envelope and no status becomes Quarantined."""
    if message.retained:
        return quarantine_message(message, Reason.RETAINED, "")
    if message.kind == "status":
        status = parse_status(message.payload)
        if isinstance(status, Malformed):
            return quarantine_message(message, Reason.MALFORMED_MESSAGE, status.reason)
        return GatewayStatus(gateway=message.gateway, online=status.online, spooled=status.spooled)
    envelope = parse_envelope(message.payload)
    if isinstance(envelope, Malformed):
        return quarantine_message(message, Reason.MALFORMED_MESSAGE, envelope.reason)
    return Upload(gateway=message.gateway, envelope=envelope)


def quarantine_message(message: Message, reason: Reason, detail: str) -> Quarantined:
    """Return a whole message as something that cannot be used."""
    return Quarantined(
        source=message.gateway, reason=reason, detail=detail, payload=message.payload
    )


def item_times(item: Item) -> tuple[datetime, datetime]:
    """Return when what an item tells of began and ended."""
    match item:
        case SpotItem():
            return item.measured_at, item.measured_at
        case SampledItem():
            return sample_times(item.start, item.period_ms, len(item.values))
        case EventItem():
            return item.at, item.at
        case _:
            assert_never(item)


def uploads_of(units: Iterable[Unit]) -> list[Upload]:
    """Return the envelopes of a batch."""
    return [unit for unit in units if isinstance(unit, Upload)]


def halve(units: Incoming) -> tuple[Incoming, Incoming] | None:
    """Split a batch that cannot be stored, down to single items; None when it is one already."""
    if len(units) > 1:
        middle = len(units) // 2
        return units[:middle], units[middle:]
    if not units or not isinstance(units[0], Upload):
        return None
    upload = units[0]
    parts = (*upload.envelope.items, *upload.envelope.bad)
    if len(parts) < 2:
        return None
    middle = len(parts) // 2
    return (_part(upload, parts[:middle]),), (_part(upload, parts[middle:]),)


def condemn(units: Incoming, detail: str) -> Incoming | None:
    """Turn a single item that cannot be stored into one that is kept in quarantine.

    None when there is nothing left to turn: not even the quarantine takes it.
    """
    if len(units) != 1 or not isinstance(units[0], Upload):
        return None
    upload = units[0]
    if len(upload.envelope.items) != 1:
        return None
    item = upload.envelope.items[0]
    bad = BadItem(n=item.n, reason=f"could not be stored: {detail}", raw=encode_item(item))
    return (_part(upload, (bad,)),)


def _part(upload: Upload, parts: Sequence[Item | BadItem]) -> Upload:
    items = tuple(part for part in parts if not isinstance(part, BadItem))
    bad = tuple(part for part in parts if isinstance(part, BadItem))
    return replace(upload, envelope=replace(upload.envelope, items=items, bad=bad))
