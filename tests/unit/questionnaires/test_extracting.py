"""Numbers, gravity and history of an answer, by its own edition."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Vital
from questionnaires.answered import Entry, came_late
from questionnaires.extracting import (
    Measured,
    digest_of,
    extract,
    worst_level,
    worst_urgency,
)
from questionnaires.history import Amendment, Change, amending, chain, changes
from questionnaires.questionnaire import Item, Kind, Option, Questionnaire, Urgency
from scoring.level import Level

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def option(code: str, level: Level | None = None, urgency: Urgency | None = None) -> Option:
    return Option(code=code, system=None, words={"fr": code}, level=level, urgency=urgency)


def item(link_id: str, kind: Kind, **more: object) -> Item:
    return Item(link_id=link_id, kind=kind, words={"fr": link_id}, **more)  # type: ignore[arg-type]


EDITION = Questionnaire(
    digest="d" * 64,
    url="urn:test",
    name="test",
    version="1",
    title={"fr": "Essai"},
    licence="CC0-1.0",
    source="test",
    proposed=True,
    languages=("fr",),
    loinc=None,
    issued=None,
    items=(
        item(
            "group",
            Kind.GROUP,
            items=(
                item("spo2", Kind.INTEGER, vital=Vital.SPO2, loinc="59408-5", unit="%"),
                item("steps", Kind.INTEGER, loinc="41950-7", unit="/d"),
                item("nothing", Kind.INTEGER),
            ),
        ),
        item("breath", Kind.CHOICE, options=(option("ok"), option("rest", Level.ORANGE))),
        item(
            "mood",
            Kind.CHOICES,
            options=(option("low", Level.GREEN, Urgency.CALL_3114), option("fine")),
        ),
        item("chest", Kind.BOOLEAN, options=(option("true", None, Urgency.CALL_15),)),
        item("total", Kind.SCORE, loinc="66529-9", unit="{score}"),
    ),
)


def test_numbers_go_where_they_belong() -> None:
    values = {"spo2": 96, "steps": 1200, "nothing": 3, "breath": "ok"}
    found = extract(EDITION, values, {"total": 7.0})
    assert found.measured == (Measured(link_id="spo2", vital=Vital.SPO2, value=96.0),)
    assert [(one.link_id, one.loinc, one.value, one.unit) for one in found.coded] == [
        ("steps", "41950-7", 1200.0, "/d"),
        ("total", "66529-9", 7.0, "{score}"),
    ]


def test_yes_is_no_number() -> None:
    assert extract(EDITION, {"spo2": True}, {}).measured == ()


def test_call_15_is_red_whatever_level_it_has_and_comes_before_3114() -> None:
    assert worst_level(EDITION, {"chest": True}) is Level.RED
    assert worst_urgency(EDITION, {"chest": True, "mood": ["low"]}) is Urgency.CALL_15
    assert worst_urgency(EDITION, {"mood": ["fine", "low"]}) is Urgency.CALL_3114
    assert worst_level(EDITION, {"breath": "rest"}) is Level.ORANGE
    assert worst_level(EDITION, {"breath": "ok", "chest": False}) is Level.GREEN
    assert worst_urgency(EDITION, {}) is None


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.integers() | st.text("éa1", max_size=4), max_size=3
    )
)
def test_the_digest_is_of_the_values_whatever_their_order(values: dict[str, int | str]) -> None:
    turned = dict(reversed(values.items()))
    assert digest_of("e", values) == digest_of("e", turned)
    assert digest_of("e", values) != digest_of("f", values)
    assert digest_of("e", values) != digest_of("e", {**values, "d": 1})


def entry(replaces: UUID | None = None) -> Entry:
    return Entry(
        id=uuid4(),
        edition=EDITION.digest,
        instrument="test",
        version="1",
        answers={},
        scores={},
        level=None,
        urgency=None,
        source="patient",
        task_id=None,
        entered_by=uuid4(),
        answered_at=NOW,
        received_at=NOW,
        started_at=None,
        seconds=None,
        device=None,
        given_digest=None,
        words=None,
        replaces=replaces,
        reason=None,
        replaced_by=None,
    )


def test_the_chain_of_corrections_is_found_from_any_of_its_links() -> None:
    first = entry()
    second = entry(first.id)
    third = entry(second.id)
    all_of_them = [third, entry(), first, second]
    for one in (first, second, third):
        assert chain(all_of_them, one.id) == (first, second, third)
    assert chain(all_of_them, uuid4()) == ()


def test_changes_are_named_in_the_order_of_the_questions() -> None:
    before = {"breath": "rest", "spo2": 69, "mood": ["low"]}
    after = {"breath": "ok", "spo2": 96, "mood": ("low",)}
    assert changes(EDITION, before, after) == (
        Change(link_id="spo2", before=69, after=96),
        Change(link_id="breath", before="rest", after="ok"),
    )


def test_a_correction_amends_withdraws_adds_and_keeps() -> None:
    def of(link: str, value: float) -> Measured:
        return Measured(link_id=link, vital=Vital.PULSE, value=value)

    found = amending({"a": 1.0, "b": 2.0, "c": 3.0}, [of("a", 1.0), of("b", 5.0), of("d", 4.0)])
    assert found.kept == ("a",)
    assert found.amended == (
        Amendment(link_id="b", value=5.0),
        Amendment(link_id="c", value=None),
    )
    assert found.added == (of("d", 4.0),)


def test_late_is_said_from_a_quarter_of_an_hour_on() -> None:
    late = replace(entry(), received_at=NOW.replace(minute=16))
    assert came_late(late.answered_at, late.received_at)
    assert not came_late(NOW, NOW.replace(minute=15))
