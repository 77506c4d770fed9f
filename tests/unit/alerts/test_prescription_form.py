"""The form of a prescription: what it shows is what is prescribed, and each fault has its place."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.edge.library import load_ladder, load_prescription, load_profile
from alerts.limits_form import limits_shown, proposed
from alerts.prescribed import COMBINED, content_of
from alerts.prescription import (
    ChangeRule,
    Content,
    Limits,
    ServiceHours,
    SilenceRule,
    Sustain,
    TogetherRule,
    UsualRule,
    Wrong,
    canonical,
)
from alerts.prescription_fields import LEVELS, WAYS, fields_of
from alerts.prescription_form import content_of_fields
from alerts.prescription_words import Said, Speaker, say_differences, say_prescription, say_rung
from alerts.wording import item_word
from core.i18n import translator

SHIPPED = load_profile("covid-home", 1)
LADDER = load_ladder("home-two-rungs", 1)
CONTENT = content_of(SHIPPED, ("home-two-rungs", 1))
LASTING = load_prescription("covid-home-lasting", 1)
TENTHS = st.integers(1, 400).map(lambda tenths: tenths / 10)
HOURS = st.integers(1, 720)


def speaker(locale: str) -> Speaker:
    tr = translator(locale)
    return Speaker(tr=tr, locale=locale, name=lambda code: item_word(code, tr))


def said(content: Content, locale: str = "fr") -> tuple[Said, ...]:
    return say_prescription(content, SHIPPED, LADDER, speaker(locale))


def differing(before: Content, after: Content, locale: str = "fr") -> tuple[str, ...]:
    return say_differences(said(before, locale), said(after, locale), speaker(locale))


def with_spo2(content: Content, **changes: Any) -> Content:
    first = msgspec.structs.replace(content.parameters[0], **changes)
    return msgspec.structs.replace(content, parameters=(first, *content.parameters[1:]))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Everything a form can say, over the template that is shipped."""
    parameters = tuple(
        msgspec.structs.replace(
            one,
            every_hours=draw(HOURS),
            essential=draw(st.booleans()),
            limits=Limits(
                **{
                    name: draw(st.none() | TENTHS)
                    for name in ("red_low", "orange_low", "orange_high", "red_high")
                }
            ),
            sustain=draw(
                st.none()
                | st.builds(Sustain, minutes=st.integers(1, 1440))
                | st.builds(Sustain, breaches=st.integers(1, 20), readings=st.integers(1, 20))
            ),
            changes=tuple(
                draw(
                    st.lists(
                        st.builds(
                            ChangeRule,
                            way=st.sampled_from(WAYS),
                            by=TENTHS,
                            within_hours=HOURS,
                            level=st.sampled_from(LEVELS),
                        ),
                        max_size=4,
                    )
                )
            ),
            usual=draw(st.none() | TENTHS),
            from_usual=tuple(
                UsualRule(way=way, by=draw(TENTHS), level=level)  # type: ignore[arg-type]
                for way in WAYS
                for level in LEVELS
                if draw(st.booleans())
            ),
            silence=draw(
                st.none() | st.builds(SilenceRule, after_hours=HOURS, level=st.sampled_from(LEVELS))
            ),
            repeat_minutes=draw(st.just(msgspec.UNSET) | st.integers(1, 60)),
        )
        for one in CONTENT.parameters
        if draw(st.booleans())
    )
    levels = st.sampled_from(("green", *LEVELS))
    return msgspec.structs.replace(
        CONTENT,
        parameters=parameters,
        questions=tuple(
            msgspec.structs.replace(
                one,
                every_hours=draw(HOURS),
                choices={code: draw(levels) for code in one.choices},
            )
            for one in CONTENT.questions
            if draw(st.booleans())
        ),
        combinations=tuple(
            TogetherRule(code=code, within_hours=draw(HOURS), level=draw(st.sampled_from(LEVELS)))
            for code in COMBINED
            if draw(st.booleans())
        ),
        service_hours=draw(
            st.none()
            | st.builds(
                ServiceHours,
                days=st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days))),
                start=st.just("08:30"),
                end=st.just("19:00"),
            )
        ),
        spo2_scale=draw(st.sampled_from((1, 2))),
        ends_on=draw(st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1))),
        notice_days=draw(st.integers(0, 60)),
    )


@given(contents())
def test_the_form_holds_all_that_is_prescribed(content: Content) -> None:
    back = content_of_fields(fields_of(content), SHIPPED)
    assert isinstance(back, Content), back
    assert canonical(back) == canonical(content)


@given(contents(), contents())
def test_two_prescriptions_that_differ_differ_in_words(one: Content, other: Content) -> None:
    if one.ends_on is None and other.ends_on is None:
        other = msgspec.structs.replace(other, notice_days=one.notice_days)
    assert bool(differing(one, other)) == (canonical(one) != canonical(other))


def test_what_is_shipped_goes_through_the_form_as_it_is() -> None:
    for content in (CONTENT, LASTING):
        back = content_of_fields(fields_of(content), SHIPPED)
        assert isinstance(back, Content)
        assert canonical(back) == canonical(content)


@pytest.mark.parametrize(
    ("place", "text", "wrong"),
    [
        ("spo2.limits.orange_low", "quatre-vingt-treize", Wrong.NUMBER),
        ("spo2.limits.orange_low", "9 3", Wrong.NUMBER),
        ("spo2.limits.orange_low", "1e3", Wrong.NUMBER),
        ("spo2.limits.orange_low", "nan", Wrong.NUMBER),
        ("spo2.every_hours", "", Wrong.WHOLE_HOURS),
        ("spo2.every_hours", "0", Wrong.WHOLE_HOURS),
        ("spo2.every_hours", "721", Wrong.WHOLE_HOURS),
        ("spo2.every_hours", "1,5", Wrong.WHOLE_HOURS),
        ("spo2.sustain.minutes", "1441", Wrong.WHOLE_MINUTES),
        ("spo2.sustain.breaches", "21", Wrong.WHOLE_COUNT),
        ("spo2.from_usual.fall_red", "0", Wrong.NOT_POSITIVE),
        ("spo2.changes.0.by", "3", Wrong.WHOLE_HOURS),
        ("spo2.changes.0.within_hours", "24", Wrong.NUMBER),
        ("spo2.silence.after_hours", "x", Wrong.WHOLE_HOURS),
        ("dyspnoea.choices.rest", "violet", Wrong.CHOICE),
        ("ladder", "", Wrong.CHOICE),
        ("service_hours.1", "1", Wrong.CLOCK),
        ("ends_on", "31/02/2027", Wrong.DATE),
        ("notice_days", "61", Wrong.WHOLE_DAYS),
    ],
)
def test_a_field_that_cannot_be_read_is_named(place: str, text: str, wrong: Wrong) -> None:
    found = content_of_fields({**fields_of(CONTENT), place: text}, SHIPPED)
    assert isinstance(found, tuple)
    assert wrong in {one.wrong for one in found}
    group = place.rpartition(".")[0] or place
    assert all(one.place.startswith(group) or one.place == place for one in found)


@pytest.mark.parametrize(
    ("text", "value"), [("93,5", 93.5), ("93.5", 93.5), (" 93 ", 93.0), ("", None)]
)
def test_a_number_is_read_as_french_and_english_write_it(text: str, value: float | None) -> None:
    found = content_of_fields({**fields_of(CONTENT), "spo2.limits.orange_low": text}, SHIPPED)
    assert isinstance(found, Content)
    assert found.parameters[0].limits.orange_low == value


def test_a_day_and_a_time_are_read_as_people_write_them() -> None:
    sent = {**fields_of(CONTENT), "ends_on": "2027-03-01", "service_hours.1": "1",
            "service_hours.start": "8 h 30", "service_hours.end": "19:00"}  # fmt: skip
    found = content_of_fields(sent, SHIPPED)
    assert isinstance(found, Content)
    assert found.ends_on == date(2027, 3, 1)
    assert found.service_hours == ServiceHours(days=(1,), start="08:30", end="19:00")


def test_a_parameter_can_be_added_and_left_out() -> None:
    sent = {**fields_of(CONTENT), "spo2.on": "", "weight.on": "1", "weight.every_hours": "24",
            "weight.changes.0.by": "2", "weight.changes.0.within_hours": "72",
            "weight.changes.0.way": "rise", "weight.changes.0.level": "orange"}  # fmt: skip
    found = content_of_fields(sent, SHIPPED)
    assert isinstance(found, Content)
    names = [one.item for one in found.parameters]
    assert "spo2" not in names
    assert found.parameters[-1].item == "weight"
    assert found.parameters[-1].changes[0].within_hours == 72


def test_differences_are_said_in_both_languages() -> None:
    limits = msgspec.structs.replace(CONTENT.parameters[0].limits, orange_low=93.5)
    other = with_spo2(CONTENT, limits=limits, sustain=Sustain(breaches=2, readings=3))
    name = "SpO₂ (saturation)"
    assert differing(CONTENT, other, "fr") == (
        f"{name} orange bas : ≤ 94 % → ≤ 93,5 %",
        f"{name}, un orange appelle s’il dure : aucun → 2 des 3 dernières mesures",
    )
    assert differing(CONTENT, other, "en")[0].endswith("orange low: ≤ 94 % → ≤ 93.5 %")


def test_whom_a_ladder_calls_is_said_with_its_conditions() -> None:
    rungs = [say_rung(rung, speaker("fr")) for rung in load_ladder("home-five-rungs", 1).rungs]
    assert any("de garde seulement" in rung for rung in rungs)
    assert [("orange" in rung) for rung in rungs if "rouge seulement" in rung] != []
    assert all("orange" not in rung for rung in rungs if "rouge seulement" in rung)


def test_a_proposal_changes_limits_and_nothing_else() -> None:
    same = {place: text for place, text in fields_of(LASTING).items() if ".limits." in place}
    assert proposed(LASTING, same) == fields_of(LASTING)
    sent = {**same, "spo2.limits.orange_low": "91", "ladder": "demo-two-rungs:1", "spo2.on": ""}
    found = content_of_fields(proposed(LASTING, sent), SHIPPED)
    assert found == with_spo2(
        LASTING, limits=msgspec.structs.replace(LASTING.parameters[0].limits, orange_low=91)
    )


def test_limits_are_shown_as_they_were_typed() -> None:
    fields = proposed(CONTENT, {"temperature.limits.orange_high": "39.5x"})
    (shown,) = (one for one in limits_shown(CONTENT, fields, "fr") if one.item == "temperature")
    assert [one.value for one in shown.limits] == ["", "", "39,5x", ""]
