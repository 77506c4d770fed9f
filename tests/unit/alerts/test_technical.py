"""Technical troubles: opened once, changed, gone when found no more."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.technical import (
    CERTIFICATE_DAYS,
    KIND_LABELS,
    Changes,
    Found,
    Kind,
    Name,
    certificate_trouble,
    reconcile,
)

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
NAMES = st.builds(Name, st.sampled_from(list(Kind)), st.sampled_from(["a", "b", "c"]))
DETAILS = st.fixed_dictionaries({"count": st.integers(0, 3)})
FOUND = st.dictionaries(NAMES, DETAILS, max_size=12).map(
    lambda all_: [Found(name=name, detail=detail) for name, detail in all_.items()]
)


def applied(known: dict[Name, object], changes: Changes) -> dict[Name, object]:
    """Return what is known after the changes, as the database would hold it."""
    after = {name: detail for name, detail in known.items() if name not in changes.cleared}
    for one in (*changes.opened, *changes.changed):
        after[one.name] = one.detail
    return after


@given(st.dictionaries(NAMES, DETAILS, max_size=12), FOUND)
def test_after_a_look_what_is_known_is_what_was_found(
    known: dict[Name, dict[str, int]], found: list[Found]
) -> None:
    changes = reconcile(known, found)
    assert applied(dict(known), changes) == {one.name: one.detail for one in found}
    assert not {one.name for one in changes.opened} & set(known)
    assert set(changes.cleared) <= set(known)


@given(FOUND)
def test_a_second_look_at_the_same_changes_nothing(found: list[Found]) -> None:
    known = {one.name: one.detail for one in found}
    assert reconcile(known, found) == Changes(opened=(), changed=(), cleared=())


def test_a_certificate_is_a_trouble_a_month_before_its_end() -> None:
    month = timedelta(days=CERTIFICATE_DAYS)
    assert certificate_trouble("CA", NOW + month + timedelta(seconds=1), NOW) is None
    found = certificate_trouble("CA", NOW + month, NOW)
    assert found is not None
    assert found.name == Name(Kind.CERTIFICATE_ENDS, "CA")
    assert certificate_trouble("CA", NOW - month, NOW) is not None


def test_every_kind_has_words() -> None:
    assert set(KIND_LABELS) == set(Kind)
