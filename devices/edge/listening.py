"""One conversation with one oximeter: frames in, observations out."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from core import clock
from core.failpoint import failpoint
from core.vitals import Vital
from devices.device_time import Coincident, DateTime, coincident_of
from devices.edge.journal import Journal
from devices.gatt import oximeter
from devices.gatt.clock import CURRENT_TIME
from devices.gatt.engine import Table, decode
from devices.malformed import MalformedFrame
from devices.measurement import DeviceEvent, EventCode, Observation, Spot
from devices.observing import Reception, observe
from devices.sampling import Stream, extend, finish


class Listening:
    """Decodes the frames of one connection and hands over what they say."""

    def __init__(
        self,
        *,
        device: str,
        zone: tzinfo,
        sink: Callable[[Sequence[Observation]], None],
        journal: Journal,
    ) -> None:
        """Begin to listen to `device`, whose wall clock hangs in `zone`."""
        self.device = device
        self.streams = False
        self.frames = 0
        self._zone, self._sink, self._journal = zone, sink, journal
        self._streams: dict[Vital, Stream] = {}
        self._last_frame = clock.monotonic()
        self._coincident: Coincident | None = None

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last frame, or since listening began."""
        return clock.monotonic() - self._last_frame

    def on_continuous(self, frame: bytes) -> None:
        """Take one notification of PLX Continuous Measurement."""
        for spot in self._spots(oximeter.CONTINUOUS, frame):
            stream, leaving = extend(self._streams.get(spot.vital, Stream()), spot)
            self._streams[spot.vital] = stream
            self._sink(leaving)

    def on_spot_check(self, frame: bytes) -> None:
        """Take one indication of PLX Spot-check Measurement."""
        if spots := self._spots(oximeter.SPOT_CHECK, frame):
            self._sink(spots)

    def on_clock(self, frame: bytes) -> None:
        """Note what the device's clock (Current Time) shows at this moment."""
        decoded = decode(CURRENT_TIME, frame)
        if isinstance(decoded, MalformedFrame):
            self._refuse(decoded)
        elif isinstance(shown := decoded.values["timestamp"], DateTime):
            self._coincident = coincident_of(shown, clock.now())

    def event(self, event: EventCode, value: str | float | None = None) -> None:
        """Report an event of the device."""
        self._journal(event.value, device=self.device)
        at = clock.now()
        self._sink((DeviceEvent(device=self.device, event=event, at=at, value=value),))

    def end(self) -> None:
        """Hand over what is still growing and report the end."""
        for stream in self._streams.values():
            self._sink(finish(stream))
        self._streams.clear()
        self.event(EventCode.DISCONNECTED)

    def _heard(self) -> None:
        self.frames += 1
        self._last_frame = clock.monotonic()
        failpoint("gateway.ble_read")

    def _spots(self, table: Table, frame: bytes) -> tuple[Spot, ...]:
        self._heard()
        decoded = decode(table, frame)
        if isinstance(decoded, MalformedFrame):
            self._refuse(decoded)
            return ()
        reception = Reception(
            device=self.device,
            received_at=clock.now(),
            zone=self._zone,
            coincident=self._coincident,
        )
        return observe(decoded, reception)

    def _refuse(self, malformed: MalformedFrame) -> None:
        """A frame that cannot be read is an event with its bytes, so that a person can see it."""
        self._journal("frame_malformed", device=self.device, reason=malformed.reason)
        detail = f"{malformed.reason}: {malformed.frame.hex()}"
        at = clock.now()
        self._sink(
            (DeviceEvent(device=self.device, event=EventCode.MALFORMED_FRAME, at=at, value=detail),)
        )
