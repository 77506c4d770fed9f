"""The models that are known, read from `models.toml` and checked.

A model says honestly how far it is verified: by bytes of that very model which tests decode, in
part, or not at all: then it stands on what others published, and nobody here has held one.
"""

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from devices.gatt.characteristics import SERVICES
from devices.makers.library import protocols

Words: TypeAlias = Annotated[str, Meta(min_length=30, max_length=600)]
Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=300)]


class Measures(StrEnum):
    """What the device is."""

    OXIMETER = "oximeter"
    BLOOD_PRESSURE = "blood_pressure"
    THERMOMETER = "thermometer"
    SCALE = "scale"
    HEART_RATE = "heart_rate"
    GLUCOSE = "glucose"


class Pairing(StrEnum):
    """What a gateway must do before the device talks to it."""

    NONE = "none"
    BOND = "bond"
    PASSKEY = "passkey"
    UNKNOWN = "unknown"


class Battery(StrEnum):
    """Where the charge can be read."""

    SERVICE = "service"
    COMMAND = "command"
    NONE = "none"
    UNKNOWN = "unknown"


class Clock(StrEnum):
    """What its clock is worth: how `devices.device_time` will find it."""

    NONE = "none"
    NEVER_SET = "never_set"
    SET_BY_GATEWAY = "set_by_gateway"
    SET_BY_HAND = "set_by_hand"
    UNKNOWN = "unknown"


class Verified(StrEnum):
    """On what our reading of it stands."""

    VECTORS = "vectors"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


class Quirk(StrEnum):
    """What it does otherwise than its standard, or beside it."""

    ZERO_IS_NO_VALUE = "zero_is_no_value"
    CLOCK_SET_IN_DATE_TIME = "clock_set_in_date_time"
    ASKED_BY_OWN_SERVICE = "asked_by_own_service"
    OWN_SERVICE_AROUND_STANDARD_VALUES = "own_service_around_standard_values"
    OWN_SERVICE_IN_OLD_FIRMWARE = "own_service_in_old_firmware"
    NEEDS_START_COMMANDS = "needs_start_commands"
    NEEDS_HEARTBEAT = "needs_heartbeat"
    ONE_CENTRAL_AT_A_TIME = "one_central_at_a_time"
    SEVERAL_FRAMES_A_NOTIFICATION = "several_frames_a_notification"
    TALKS_ONLY_AFTER_MEASURING = "talks_only_after_measuring"
    ASKED_FOR_STORED_RECORDS = "asked_for_stored_records"
    NEEDS_USER_CONSENT = "needs_user_consent"
    CABLE_ONLY = "cable_only"


class Help(Struct, frozen=True, forbid_unknown_fields=True):
    """What a patient does with it, in words alone; no picture is needed to follow them."""

    fr: Words
    en: Words


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model. `name_pattern` is a regular expression for the start of the advertised name."""

    id: Annotated[str, Meta(pattern="^[a-z0-9-]+$")]
    maker: Line
    model: Line
    measures: Measures
    name_pattern: str
    services: tuple[Annotated[str, Meta(pattern="^[0-9a-f-]{4,36}$")], ...]
    pairing: Pairing
    battery: Battery
    clock: Clock
    verified: Verified
    source: Line
    help: Help
    frames: tuple[str, ...] = ()
    quirks: tuple[Quirk, ...] = ()
    transport: Literal["ble", "usb"] = "ble"

    def __post_init__(self) -> None:
        """ValueError for a model that says what cannot be."""
        try:
            re.compile(self.name_pattern)
        except re.error as error:
            raise ValueError(f"{self.id}: name_pattern: {error}") from None
        if strange := set(self.frames) - set(protocols()):
            raise ValueError(f"{self.id}: no frame {', '.join(sorted(strange))}")
        if not self.frames and not _STANDARD & set(self.services):
            raise ValueError(f"{self.id}: nothing of it can be read")
        if self.transport == "ble" and not (self.name_pattern and self.services):
            raise ValueError(f"{self.id}: a radio device is known by its name and services")
        proven = any(protocols()[frame].verified for frame in self.frames)
        if self.frames and self.verified is Verified.VECTORS and not proven:
            raise ValueError(f"{self.id}: none of its frames is verified")

    def is_named(self, name: str) -> bool:
        """Say whether a device that calls itself `name` is of this model."""
        return bool(self.name_pattern) and re.match(self.name_pattern, name) is not None


class ModelsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    model: tuple[Model, ...]


_STANDARD: Final = frozenset(f"{code:04x}" for code in SERVICES if code)


def parse_models(text: bytes) -> tuple[Model, ...]:
    """Return the models of a file; ValueError (msgspec.ValidationError) for one that cannot be."""
    parsed = msgspec.toml.decode(text, type=ModelsFile).model
    if len({model.id for model in parsed}) < len(parsed):
        raise ValueError("an id stands twice")
    return parsed


@cache
def models() -> tuple[Model, ...]:
    """Return the models that are shipped."""
    return parse_models((files("devices.catalogue") / "models.toml").read_bytes())


def model_named(name: str) -> Model | None:
    """Return the model that calls itself `name`."""
    return next((model for model in models() if model.is_named(name)), None)
