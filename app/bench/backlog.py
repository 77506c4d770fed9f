"""The readings of one run: one a message, each with an instant of its own. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from core.vitals import VITALS, Vital
from devices.envelope import SpotItem, encode_envelope, encode_item

STEP = timedelta(milliseconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Numbered readings, dealt out to homes in turn; values are drawn with `seed`."""

    boot: UUID
    first: datetime
    count: int
    seed: int
    gateways: tuple[str, ...]
    patient_keys: tuple[int, ...]
    """By place: the patient of each gateway."""

    @property
    def end(self) -> datetime:
        """The instant after the last reading."""
        return self.first + self.count * STEP

    def messages(self, place: int) -> Iterator[bytes]:
        """Return the envelopes of one home, in order; they count from 1."""
        info, gateway = VITALS[Vital.SPO2], self.gateways[place]
        mine = range(place, self.count, len(self.gateways))
        values = self._values()
        for n, number in enumerate(mine, start=1):
            at = self.first + number * STEP
            item = SpotItem(
                n=n,
                device=f"oximeter-{gateway}",
                vital=info.slug,
                value=values[number],
                unit=info.ucum,
                measured_at=at,
                raw_at=None,
                quality=0,
            )
            yield encode_envelope(boot=self.boot, seq=n, sent_at=at, items=[encode_item(item)])

    def expected(self) -> Counter[tuple[int, datetime, float]]:
        """Return (patient key, instant, value) of each reading, as the table must hold it."""
        homes = len(self.gateways)
        return Counter(
            (self.patient_keys[number % homes], self.first + number * STEP, value)
            for number, value in enumerate(self._values())
        )

    def _values(self) -> list[float]:
        chance = Random(self.seed)
        return [float(chance.randint(88, 99)) for _ in range(self.count)]
