"""What is asked of the directory, what is said in it, and the file of communes."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.finding.communes import Centre, read_communes
from identity.finding.entry import STALE_AFTER, Asked, Entry, Offer, Typed, read_asked, read_offer
from identity.finding.letters import plain, words_of
from identity.finding.rows import csv_of, row_of
from identity.search import NotEnough

NOW = datetime(2026, 11, 29, 9, 12, tzinfo=UTC)
ENTRY = Entry(
    party=UUID(int=1),
    kind="person",
    name="Zoé Églantine",
    family_name="Églantine",
    given_names="Zoé",
    profession="10",
    specialty=None,
    organisation_kind=None,
    rpps="10000000014",
    finess=None,
    mssante="zoe@exemple.mssante.fr",
    phone=None,
    own_phone=None,
    postcode=None,
    town=None,
    places=[{"name": "Cabinet", "town": "Lyon", "phone": "0199000101", "party": "x"}],
    offers="=1+1",
    availability="Prend de nouveaux patients",
    said_at=NOW,
    active=True,
    starred=False,
    has_account=True,
    km=None,
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("D’Aubépine", ["aubepine"]),
        ("  Église-Œuvre  ", ["eglise", "oeuvre"]),
        ("a b", []),
        ("un deux trois quatre cinq six sept", ["un", "deux", "trois", "quatre", "cinq", "six"]),
        ("kiné kiné Lyon", ["kine", "lyon"]),
    ],
)
def test_words_are_plain_letters_long_enough_to_find_somebody(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_plain_letters_stay_as_they_are(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


def test_a_search_is_words_a_number_a_filter_or_the_favourites() -> None:
    asked = read_asked(Typed(words="Dr Lefèvre", place="69003"))
    assert asked == Asked(words=["dr", "lefevre", "69003"])
    assert read_asked(Typed()) == Asked(words=[], starred=True)
    assert read_asked(Typed(profession="70")) == Asked(words=[], profession="70")
    assert read_asked(Typed(words="99 00 00 010")) == Asked(words=[], number="990000010")
    assert read_asked(Typed(words="x")) == NotEnough("words", "Enter at least two letters.")
    assert read_asked(Typed(place="x")) == NotEnough("place", "Enter at least two letters.")
    wrong = read_asked(Typed(words="10000000001"))
    assert isinstance(wrong, NotEnough)
    assert "RPPS" in wrong.reason
    assert read_asked(Typed(kind="robot", words="ab")) == Asked(words=["ab"])


def test_an_availability_note_grows_old() -> None:
    assert not ENTRY.is_stale(NOW + STALE_AFTER - timedelta(seconds=1))
    assert ENTRY.is_stale(NOW + STALE_AFTER)
    assert not replace(ENTRY, said_at=None).is_stale(NOW)


def test_an_entry_is_called_and_invited_where_that_leads_somewhere() -> None:
    assert ENTRY.call == "0199000101"
    assert replace(ENTRY, phone="0199000102").call == "0199000102"
    assert replace(ENTRY, places=[]).call is None
    assert ENTRY.invited_as == "gp"
    assert replace(ENTRY, has_account=False).invited_as is None
    assert replace(ENTRY, active=False).invited_as is None
    assert replace(ENTRY, profession="93").invited_as is None
    place = replace(ENTRY, kind="organisation", profession=None, has_account=False)
    assert replace(place, organisation_kind="dac").invited_as == "dac"


def test_what_is_said_is_bounded_and_numbers_can_be_dialled() -> None:
    said = read_offer(" Pansements  le dimanche ", "", "01 99 00 01 01", "")
    assert said == Offer(
        offers="Pansements le dimanche", availability="", phone="0199000101", private=None
    )
    wrong = read_offer("x" * 301, "x" * 201, "bonjour", "12")
    assert isinstance(wrong, dict)
    assert set(wrong) == {"offers", "availability", "phone", "private"}


def test_json_and_csv_name_each_field_they_let_out() -> None:
    assert "private" not in asdict(ENTRY)
    row = row_of(ENTRY)
    assert row["phone"] == "0199000101"
    assert set(row["places"][0]) == {"name", "kind", "finess", "postcode", "town", "phone"}
    text = csv_of([ENTRY, replace(ENTRY, kind="organisation", profession=None, places=[])], str)
    lines = text.split("\r\n")
    assert lines[0].startswith("\ufeffName;Profession;")
    assert lines[1].startswith("Zoé Églantine;Doctor;Cabinet Lyon;0199000101;")
    assert ";'=1+1;" in lines[1], "no spreadsheet computes what somebody typed"


def test_communes_are_read_whatever_their_columns_are_called() -> None:
    text = (
        "code_insee;nom_standard;codes_postaux;latitude_centre;longitude_centre\n"
        "69123;Lyon;69001, 69002;45,758;4,835\n"
        "69123;Lyon;69003;45.758;4.835\n"
        "2A004;Ajaccio;20000;41.93;8.70\n"
        "x;Nulle part;;1;1\n"
        "75056;Paris;75001;nord;2\n"
        "75056;Paris;75001;99;2\n"
    )
    read = read_communes(text)
    assert read.centres == (
        Centre("69123", "Lyon", ("69001", "69002", "69003"), 45.758, 4.835),
        Centre("2A004", "Ajaccio", ("20000",), 41.93, 8.70),
    )
    assert [line for line, _ in read.refused] == [5, 6, 7]
    assert read_communes("a,b\n1,2\n").refused[0][0] == 1
    assert read_communes("").centres == ()


def test_the_layout_of_the_open_list_of_communes_is_read() -> None:
    text = (
        ",code_insee,nom_standard,typecom,code_postal,codes_postaux,latitude_mairie,"
        "longitude_mairie,latitude_centre,longitude_centre\n"
        '0,01999,"Fictive, la Ville",COM,01990,"01990, 01991",46.1,4.9,46.153,4.926\n'
        "1,01998,Sans centre,COM,01990,01990,46.1,4.9,,\n"
    )
    read = read_communes(text)
    assert read.centres == (
        Centre("01999", "Fictive, la Ville", ("01990", "01991"), 46.153, 4.926),
    )
    assert [line for line, _ in read.refused] == [3]
