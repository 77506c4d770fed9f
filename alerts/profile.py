"""The home alert profile: which items are looked at and at which values somebody is called.

A profile is versioned data (`profiles/*.json`): each number stands beside its source. Read
strictly: an unknown field, level, bound or vital is an error that names its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec

from alerts.lasting import Combination, ItemRules
from core.vitals import VITAL_BY_SLUG
from scoring.item import OVER_TIME, AnswerItem, Bound, Choice, Item, Limit, MeasuredItem
from scoring.level import LEVEL_BY_CODE, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A change of one measured item for one patient, with who decided it, when and why.

    `limits` replaces all limits of the item (an empty tuple: the item never alarms); None leaves
    them. `essential` likewise. `usual` is the person's usual value in the item's unit.
    """

    item: str
    limits: tuple[Limit, ...] | None
    essential: bool | None
    usual: float | None
    author: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The version of a patient's prescription by which a value is judged."""

    prescription: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A versioned set of items, with the overrides of one patient where there are any.

    `rules` (by item) and `combinations` come from a patient's own prescription, which `signed`
    names. A shipped profile has no rule but how long a first orange value waits for a new measure,
    and is judged value by value.
    """

    id: str
    version: int
    title: str
    status: str
    items: tuple[Item, ...]
    overrides: tuple[Override, ...] = ()
    rules: Mapping[str, ItemRules] = field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    signed: Signed | None = None

    @property
    def reference(self) -> str:
        """Return « id-version », as written into evidence."""
        return f"{self.id}-{self.version}"


class ProfileError(ValueError):
    """The profile, or an override of it, cannot be used: the message says where and why."""


_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Hours = Annotated[int, msgspec.Meta(gt=0, le=24 * 30)]


class _LimitFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    level: _Text
    bound: Bound
    value: float
    source: _Text


class _ChoiceFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    code: _Text
    title: _Text
    level: _Text
    source: _Text


class _RepeatFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)]
    source: _Text


class _ItemFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]
    title: _Text
    max_age_hours: _Hours
    essential: bool
    vital: str | None = None
    unit: str | None = None
    limits: tuple[_LimitFile, ...] = ()
    choices: tuple[_ChoiceFile, ...] = ()
    repeat: _RepeatFile | None = None


class _ProfileFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: _Text
    status: _Text
    items: Annotated[tuple[_ItemFile, ...], msgspec.Meta(min_length=1)]


ALARMING: Final = (Level.ORANGE, Level.RED)


def parse_profile(text: str | bytes) -> Profile:
    """Read a profile from JSON; raises ProfileError naming the item and the field."""
    try:
        file = msgspec.json.decode(text, type=_ProfileFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProfileError(str(error)) from error
    items = tuple(_item(item) for item in file.items)
    _refuse_twice(items)
    return Profile(
        id=file.id,
        version=file.version,
        title=file.title,
        status=file.status,
        items=items,
        rules={
            item.code: ItemRules(repeat=timedelta(minutes=item.repeat.minutes))
            for item in file.items
            if item.repeat is not None
        },
    )


def _item(file: _ItemFile) -> Item:
    age = timedelta(hours=file.max_age_hours)
    if file.vital is None:
        return _answer_item(file, age)
    vital = VITAL_BY_SLUG.get(file.vital)
    if vital is None:
        raise ProfileError(f"{file.code}: unknown vital {file.vital!r}")
    if file.choices or not file.limits:
        raise ProfileError(f"{file.code}: a measured item has limits and no choices")
    item = MeasuredItem(
        code=file.code,
        title=file.title,
        vital=vital,
        limits=tuple(_limit(file.code, limit) for limit in file.limits),
        max_age=age,
        essential=file.essential,
    )
    if file.unit != item.unit:
        raise ProfileError(f"{file.code}: unit is {file.unit!r}, must be {item.unit!r}")
    return item


def _answer_item(file: _ItemFile, age: timedelta) -> AnswerItem:
    if file.repeat is not None:
        raise ProfileError(f"{file.code}: only what is measured is measured again")
    if file.limits or file.unit is not None or not file.choices:
        raise ProfileError(f"{file.code}: an item without vital has choices, no limits, no unit")
    codes = [choice.code for choice in file.choices]
    if len(set(codes)) != len(codes):
        raise ProfileError(f"{file.code}: a choice is given twice")
    choices = tuple(
        Choice(
            code=choice.code,
            title=choice.title,
            level=_choice_level(file.code, choice),
            source=choice.source,
        )
        for choice in file.choices
    )
    return AnswerItem(
        code=file.code, title=file.title, choices=choices, max_age=age, essential=file.essential
    )


def _limit(item: str, file: _LimitFile) -> Limit:
    level = LEVEL_BY_CODE.get(file.level)
    if level not in ALARMING:
        raise ProfileError(f"{item}: a limit is orange or red, not {file.level!r}")
    if file.bound in OVER_TIME:
        raise ProfileError(f"{item}: {file.bound} needs its time, which only a prescription gives")
    return Limit(level=level, bound=file.bound, value=file.value, source=file.source)


def _choice_level(item: str, file: _ChoiceFile) -> Level:
    level = LEVEL_BY_CODE.get(file.level)
    if level is None or level is Level.UNKNOWN:
        raise ProfileError(f"{item}: {file.code} is green, orange or red, not {file.level!r}")
    return level


def _refuse_twice(items: Sequence[Item]) -> None:
    codes = [item.code for item in items]
    vitals = [item.vital for item in items if isinstance(item, MeasuredItem)]
    if len(set(codes)) != len(codes):
        raise ProfileError("an item is given twice")
    if len(set(vitals)) != len(vitals):
        raise ProfileError("a vital is judged by two items")


def for_patient(profile: Profile, overrides: Sequence[Override]) -> Profile:
    """Return the profile with one patient's overrides applied.

    Raises ProfileError for an unknown or not measured item, a second override of one item, or an
    override with no reason.
    """
    by_item = {override.item: override for override in overrides}
    measured = {item.code for item in profile.items if isinstance(item, MeasuredItem)}
    if len(by_item) != len(overrides):
        raise ProfileError("an item is overridden twice")
    for override in overrides:
        if override.item not in measured:
            raise ProfileError(f"{override.item}: no such measured item in {profile.reference}")
        if not override.reason.strip():
            raise ProfileError(f"{override.item}: an override needs its reason")
    items = tuple(
        _overridden(item, by_item[item.code])
        if isinstance(item, MeasuredItem) and item.code in by_item
        else item
        for item in profile.items
    )
    return replace(profile, items=items, overrides=tuple(overrides))


def _overridden(item: MeasuredItem, override: Override) -> MeasuredItem:
    return replace(
        item,
        limits=item.limits if override.limits is None else override.limits,
        essential=item.essential if override.essential is None else override.essential,
    )


def usual_values(profile: Profile) -> dict[str, float]:
    """Return the usual value of each item for which the patient's overrides state one."""
    return {
        override.item: override.usual
        for override in profile.overrides
        if override.usual is not None
    }
