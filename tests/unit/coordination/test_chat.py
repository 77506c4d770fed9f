"""What may be said in a room, how it goes over the wire, and how a stretch becomes a note."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.chat.exporting import note_of
from coordination.chat.rooms import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    READERS,
    Kind,
    Message,
    Reader,
    Said,
    Wrong,
    clean,
    may_withdraw_own,
    named_in,
    parse_hours,
    parse_said,
    parse_stretch,
    parse_title,
    teams_of,
)
from coordination.chat.wire import (
    MOST_FRAME,
    After,
    Malformed,
    Read,
    Unfit,
    message_frame,
    parse_frame,
)
from coordination.rich_text import rich
from core.access import Role
from core.items import NEVER_WITHHELD_TO

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
ME, CENTRE = UUID(int=1), UUID(int=2)


def message(text: str, **more: object) -> Message:
    base: dict[str, object] = {
        "seq": 1, "author": ME, "author_name": "Marc", "author_role": "home_nurse",
        "author_organisation": None, "sent": NOW, "urgent": False, "text": text,
        "item_id": None, "withdrawn_at": None, "withdrawn_by_author": False, "reason": None,
        "mentions": [],
    }  # fmt: skip
    return Message(**{**base, **more})  # type: ignore[arg-type]


def reader(name: str, organisation: UUID | None = None) -> Reader:
    return Reader(person=uuid4(), name=name, role="home_nurse", organisation=organisation,
                  organisation_name="Centre" if organisation else None)  # fmt: skip


def test_a_stricter_room_is_read_by_fewer_and_never_by_the_family() -> None:
    carers, team, patient = (READERS[kind] for kind in (Kind.CARERS, Kind.TEAM, Kind.PATIENT))
    assert carers < team < patient
    assert Role.HOME_HELP in team - carers
    assert team.isdisjoint(NEVER_WITHHELD_TO)
    assert Role.EMERGENCY not in patient


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_whatever_is_said_is_stored_as_text_or_refused(text: str) -> None:
    said = parse_said(str(uuid4()), text)
    if isinstance(said, Said):
        assert 0 < len(said.text) <= LONGEST_TEXT
        assert "\x00" not in said.text
        assert clean(said.text) == said.text
        frame = json.loads(message_frame(message(said.text), str))
        assert frame["message"]["text"] == said.text
    else:
        assert clean(text) == ""


def test_what_cannot_be_stored_is_refused_with_a_reason() -> None:
    assert parse_said("x", "Bonjour") == Wrong({"text": "key"})
    assert parse_said(str(ME), "\u202e\x00 ") == Wrong({"text": "empty"})
    assert parse_said(str(ME), "a" * (LONGEST_TEXT + 1)) == Wrong({"text": "long"})
    crowd = [str(uuid4()) for _ in range(31)]
    assert parse_said(str(ME), "a", mentions=crowd) == Wrong({"mentions": "many"})
    assert parse_said(str(ME), "a", mentions=[str(ME), str(ME), "x"]) == Said(
        key=ME, text="a", mentions=(ME,)
    )


@pytest.mark.parametrize(
    ("raw", "frame"),
    [
        ('{"after": 3}', After(3)),
        ('{"read": 0}', Read(0)),
        (f'{{"key": "{ME}", "text": "a", "urgent": true}}', Said(key=ME, text="a", urgent=True)),
        (f'{{"key": "{ME}", "text": "a", "urgent": "no"}}', Said(key=ME, text="a")),
        ('{"key": "k", "text": "a"}', Unfit("k", Wrong({"text": "key"}))),
        *[
            (raw, Malformed())
            for raw in (
                "", "null", "[]", "{", '{"after": true}', '{"after": -1}', '{"after": 1e3}',
                '{"after": 9999999999999999999}', '{"key": 1, "text": "a"}', "[" * 20_000,
                f'{{"key": "{ME}", "text": "a", "mentions": [1]}}',
                json.dumps({"key": str(ME), "text": "a" * MOST_FRAME}),
            )
        ],
    ],
)  # fmt: skip
def test_a_frame_is_what_it_says_or_nothing(raw: str, frame: object) -> None:
    assert parse_frame(raw) == frame


def test_one_is_mentioned_by_a_whole_name() -> None:
    readers = [reader("Marc Dubois"), reader("Inès Moreau")]
    assert named_in("@marc dubois, @Inès vu ?", readers) == (readers[0].person,)
    assert [
        one.people for one in teams_of([*readers, reader("A", CENTRE), reader("B", CENTRE)])
    ] == [2]


def test_one_withdraws_ones_own_within_a_quarter_of_an_hour() -> None:
    one = message("a")
    assert may_withdraw_own(one, ME, NOW + timedelta(minutes=15))
    assert not may_withdraw_own(one, ME, NOW + timedelta(minutes=15, seconds=1))
    assert not may_withdraw_own(one, CENTRE, NOW)


def test_numbers_and_titles_of_forms() -> None:
    assert [parse_hours(raw) for raw in ("0", "168", "169", "-1", "²", "")] == [
        0, 168, None, None, None, None,
    ]  # fmt: skip
    assert parse_stretch("7", "3") == (3, 7)
    assert parse_stretch("x", "3") is None
    assert parse_stretch("0", "3") is None
    assert parse_title("  Plaies \n du pied ") == "Plaies du pied"
    assert parse_title("x" * 81) is None


@given(st.text(alphabet="*_`[](){}<>#+-.!|\\ab1\n=@", max_size=80))
@settings(max_examples=60)
def test_a_stretch_is_a_note_whose_marks_stay_letters(text: str) -> None:
    note = note_of("Tchat", [message(text or "a")], lambda _: "hier", "(retiré)")
    assert note is not None
    shown = rich(note)
    for tag in ("<em>", "<a ", "<li>", "<blockquote>", "<script"):
        assert tag not in shown
    assert shown.count("<strong>") == 2


def test_a_stretch_that_is_too_long_or_empty_is_no_note() -> None:
    assert note_of("T", [], str, "x") is None
    assert note_of("T", [message("a" * 4000)] * 3, str, "x") is None
    gone = message("", withdrawn_at=NOW)
    note = note_of("T", [gone], lambda _: "hier", "(retiré)")
    assert note is not None
    assert "(retiré" in note.replace("\\", "")
    assert len(note) < LONGEST_NOTE
