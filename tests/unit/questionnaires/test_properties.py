"""What holds for any questionnaire and any JSON: nothing is lost in writing, nothing raises."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from questionnaires.conditions import enabled
from questionnaires.fhir import parse_questionnaire
from questionnaires.filling import Completed, Rejected, fill
from questionnaires.outside import Fault, OutsideSubset
from questionnaires.questionnaire import (
    ASKED,
    Condition,
    Item,
    Kind,
    Operator,
    Option,
    Questionnaire,
    Urgency,
)
from scoring.level import Level
from tests.unit.questionnaires.library import names, shipped, text_of
from tests.unit.questionnaires.writing import write_questionnaire

# Any text PostgreSQL can store that is not blank.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)
words = st.fixed_dictionaries({"fr": texts}, optional={"en": texts, "pt-BR": texts})
levels = st.sampled_from([None, Level.GREEN, Level.ORANGE, Level.RED])


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    count = draw(st.integers(2, 4))
    return tuple(
        Option(
            code=f"o{place}",
            system=draw(st.sampled_from([None, "http://example.org/codes"])),
            words=draw(words),
            level=draw(levels),
            urgency=draw(st.sampled_from([None, *Urgency])),
        )
        for place in range(count)
    )


@st.composite
def conditions(draw: st.DrawFn, before: list[Item]) -> tuple[Condition, ...]:
    """Conditions on items that come before: they can form no circle."""
    possible = [item for item in before if item.kind in (Kind.BOOLEAN, Kind.CHOICE, Kind.DECIMAL)]
    if not possible or draw(st.booleans()):
        return ()
    return tuple(
        draw(condition_on(draw(st.sampled_from(possible)))) for _ in range(draw(st.integers(1, 3)))
    )


@st.composite
def condition_on(draw: st.DrawFn, item: Item) -> Condition:
    if draw(st.booleans()) and draw(st.booleans()):
        return Condition(link_id=item.link_id, operator=Operator.EXISTS, value=draw(st.booleans()))
    ordered = [*Operator][1:]
    if item.kind is Kind.DECIMAL:
        number = draw(st.integers(-20, 120))
        return Condition(
            link_id=item.link_id, operator=draw(st.sampled_from(ordered)), value=number / 2
        )
    same = draw(st.sampled_from([Operator.EQUALS, Operator.NOT_EQUALS]))
    value: bool | str = (
        draw(st.booleans())
        if item.kind is Kind.BOOLEAN
        else draw(st.sampled_from(item.options)).code
    )
    return Condition(link_id=item.link_id, operator=same, value=value)


@st.composite
def items(draw: st.DrawFn) -> tuple[Item, ...]:
    made: list[Item] = []
    for place in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from([*(ASKED - {Kind.INTEGER}), Kind.DISPLAY]))
        choice = kind in (Kind.CHOICE, Kind.CHOICES)
        number = kind is Kind.DECIMAL
        enable_when = draw(conditions(made))
        made.append(
            Item(
                link_id=f"i{place}",
                kind=kind,
                words=draw(words),
                required=kind in ASKED and draw(st.booleans()),
                options=draw(options()) if choice else (),
                unit="kg" if number else None,
                lowest=draw(st.integers(-5, 0)) / 2 if number else None,
                highest=draw(st.integers(1, 50)) if number else None,
                decimals=draw(st.integers(0, 3)) if number else 0,
                loinc=draw(st.sampled_from([None, "59408-5"])),
                enable_when=enable_when,
                enable_all=len(enable_when) < 2 or draw(st.booleans()),
                help=draw(st.none() | words),
            )
        )
    assume(any(item.kind in ASKED for item in made))
    if draw(st.booleans()):
        half = len(made) // 2
        group = Item(link_id="g", kind=Kind.GROUP, words={"fr": "G"}, items=tuple(made[half:]))
        return (*made[:half], group)
    return tuple(made)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    return Questionnaire(
        digest="",
        url="https://example.org/Questionnaire/any",
        name="any",
        version=draw(st.sampled_from(["1", "2.0-rc"])),
        title=draw(words),
        licence="CC0-1.0",
        source=draw(texts),
        proposed=draw(st.booleans()),
        languages=("fr",),
        loinc=draw(st.sampled_from([None, "74465-6"])),
        issued=None,
        items=draw(items()),
    )


@given(questionnaires())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_what_was_written_gives_it_back(one: Questionnaire) -> None:
    read = parse_questionnaire(json.dumps(write_questionnaire(one)))
    assert isinstance(read, Questionnaire), read
    same = replace(read, digest="", languages=("fr",))
    assert same == one
    again = parse_questionnaire(json.dumps(write_questionnaire(read)))
    assert isinstance(again, Questionnaire)
    assert again.digest == read.digest


@given(questionnaires(), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_filled_in_holds_only_what_was_asked(
    one: Questionnaire, data: st.DataObject
) -> None:
    given_form: dict[str, Any] = {}
    for item in one.flat():
        codes = [option.code for option in item.options] or ["true", "false", "1", "0,5", "x"]
        given_form[item.link_id] = data.draw(
            st.none() | st.sampled_from(codes) | st.lists(st.sampled_from(codes), max_size=3)
        )
    read = fill(one, given_form)
    partial = fill(one, given_form, partial=True)
    if isinstance(read, Rejected):
        assert read.problems
        return
    assert isinstance(partial, Completed)
    assert partial.values == read.values
    for item in one.flat():
        if item.link_id in read.values:
            assert item.kind in ASKED
            assert enabled(item, read.values)
        elif item.required:
            assert not enabled(item, read.values)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_circle_of_any_length_is_found(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 8))
    resource = json.loads(text_of("home-daily"))
    order = data.draw(st.permutations(range(length)))
    resource["item"] = [
        {
            "linkId": f"q{place}",
            "type": "boolean",
            "text": "?",
            "enableWhen": [
                {
                    "question": f"q{order[(order.index(place) + 1) % length]}",
                    "operator": data.draw(st.sampled_from(["=", "!=", "exists"])),
                    "answerBoolean": True,
                }
            ],
        }
        for place in range(length)
    ]
    read = parse_questionnaire(resource)
    assert isinstance(read, OutsideSubset)
    assert {one.fault for one in read.findings} == {Fault.CIRCLE}
    assert len(read.findings) == length


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(names()), st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_questionnaire_spoiled_anywhere_is_taken_or_refused_never_raises(
    name: str, data: st.DataObject
) -> None:
    resource = json.loads(text_of(name))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = resource
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
                place[key] = data.draw(json_values)
                break
            place = place[key]
    read = parse_questionnaire(json.dumps(resource))
    if isinstance(read, OutsideSubset):
        assert read.findings
    else:
        assert isinstance(fill(read, {}), Completed | Rejected)


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=300)
def test_any_bytes_are_refused_in_words(raw: bytes) -> None:
    read = parse_questionnaire(raw)
    assert isinstance(read, OutsideSubset)
    assert read.findings


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_expression_is_taken_or_refused(text: str) -> None:
    resource = json.loads(text_of("mmrc"))
    resource["item"][1]["extension"][1]["valueExpression"]["expression"] = text
    read = parse_questionnaire(resource)
    if isinstance(read, Questionnaire):
        fill(read, {"mmrc": "2"})


def test_every_shipped_score_is_calculated_as_its_scorer_does() -> None:
    cat = {f"cat{place}": str(place % 6) for place in range(1, 9)}
    done = fill(shipped("cat"), cat)
    assert isinstance(done, Completed)
    assert done.scores == {"cat_total": sum(int(value) for value in cat.values())}
    for grade in range(5):
        graded = fill(shipped("mmrc"), {"mmrc": str(grade)})
        assert isinstance(graded, Completed)
        assert graded.scores == {"mmrc_grade": grade}
    half = fill(shipped("cat"), {"cat1": "3"}, partial=True)
    assert isinstance(half, Completed)
    assert half.scores == {}


def test_a_sum_over_what_is_missing_is_no_score() -> None:
    resource = json.loads(text_of("cat"))
    total = "item.where(linkId='cat1' or linkId='cat2').answer.value.select(code.toInteger()).sum()"
    score = resource["item"][-1]
    score["extension"][1]["valueExpression"]["expression"] = total
    for item in resource["item"]:
        item.pop("required", None)
    read = parse_questionnaire(resource)
    assert isinstance(read, Questionnaire), read
    both, one = fill(read, {"cat1": "3", "cat2": "4"}), fill(read, {"cat1": "3"})
    assert isinstance(both, Completed)
    assert isinstance(one, Completed)
    assert both.scores == {"cat_total": 7}
    assert one.scores == {}
