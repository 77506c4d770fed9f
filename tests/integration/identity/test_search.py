"""Finding a patient: by whom, how, how often, and what it leaves behind."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.doors import Actor
from identity import search_service
from identity import service as identity
from identity.names import fold
from identity.numbers import Ins
from identity.search import ByIns, ByTraits, FoundPatient, parse_search
from tests.conftest import Database
from tests.people import make_gp

BORN = date(1951, 4, 2)
INS = Ins(number="251047505600164", oid="1.2.250.1.213.1.4.8")


def find(actor: Actor, name: str, first_name: str, born: date = BORN) -> list[FoundPatient]:
    asked = ByTraits(name=name, first_name=first_name, birth_date=born)
    found = search_service.find_patients(actor, asked)
    assert isinstance(found, search_service.Found)
    return list(found.patients)


@pytest.fixture
def gp(database: Database) -> Actor:
    return make_gp()


@pytest.fixture
def patient(gp: Actor) -> UUID:
    return identity.register_patient(
        birth_name="L'Hôtellier-Été",
        birth_first_names="Hélène Marie",
        used_name="Œuvrard",
        birth_date=BORN,
        sex="female",
        birth_place="75056",
        ins=INS,
        ins_status="recovered",
    )


def test_names_are_found_whatever_their_marks(gp: Actor, patient: UUID) -> None:
    for name in ("lhot", "L’HÔTELLIER", "oeuv", "ŒUVRARD", "l hotellier ete"):
        assert [one.patient_id for one in find(gp, name, "HELENE")] == [patient], name
    assert find(gp, "hotel", "helene") == []
    assert find(gp, "lhot", "marie") == []
    assert find(gp, "lhot", "helene", date(1951, 4, 3)) == []
    assert find(gp, "helene", "lhot") == []


def test_an_ins_finds_its_patient(gp: Actor, patient: UUID) -> None:
    asked = parse_search("", "", "", "2 51 04 75 056 001 64")
    assert isinstance(asked, ByIns)
    found = search_service.find_patients(gp, asked)
    assert isinstance(found, search_service.Found)
    assert [(one.patient_id, one.ins_status) for one in found.patients] == [(patient, "recovered")]


def test_the_result_tells_whether_the_record_is_open(gp: Actor, patient: UUID) -> None:
    assert [one.in_my_circle for one in find(gp, "lhot", "he")] == [False]
    identity.join_circle(patient, gp.person, "gp")
    assert [one.in_my_circle for one in find(gp, "lhot", "he")] == [True]


def test_a_post_without_the_right_finds_nobody(gp: Actor, patient: UUID) -> None:
    help_at_home = identity.register_person("Ana Reis")
    service = identity.register_organisation("Aide du Val")
    post = identity.give_post(help_at_home, service, "home_help")
    assert find(Actor(person=help_at_home, post=post, session=None), "lhot", "helene") == []
    assert find(Actor(person=gp.person, post=None, session=None), "lhot", "helene") == []
    assert find(Actor(person=help_at_home, post=gp.post, session=None), "lhot", "helene") == []


def test_fewer_than_two_letters_find_nobody_in_the_database_either(
    gp: Actor, patient: UUID
) -> None:
    for name, first_name in (("l", "helene"), ("lhot", "h"), ("%", "%"), ("_____", "__")):
        assert find(gp, name, first_name) == []


def test_a_search_is_written_down_for_each_person_found(
    gp: Actor, patient: UUID, database: Database
) -> None:
    find(gp, "lhot", "he")
    find(gp, "nobody", "no")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select patient_id, outcome, detail::text from audit.event "
            "where permission = 'patients:search' order by id"
        ).fetchall()
    assert [row[0] for row in rows] == [None, patient, None]
    assert "lhot" not in " ".join(row[2] for row in rows)


def test_searches_are_bounded_by_person_and_free_again_later(
    gp: Actor, patient: UUID, clock_file: Path
) -> None:
    other = make_gp("Dr Marie Autre")
    asked = ByTraits(name="lhot", first_name="he", birth_date=BORN)
    for _ in range(search_service.MOST_SEARCHES):
        assert isinstance(search_service.find_patients(gp, asked), search_service.Found)
    assert search_service.find_patients(gp, asked) == search_service.TooManySearches()
    assert len(find(other, "lhot", "he")) == 1
    clock_file.write_text(str(search_service.SEARCH_MINUTES * 60 + 1))
    assert len(find(gp, "lhot", "he")) == 1


def test_a_search_shows_at_most_ten(gp: Actor) -> None:
    for number in range(12):
        identity.register_patient(
            birth_name=f"Martin{number:02d}", birth_first_names="Jean", birth_date=BORN, sex="male"
        )
    asked = ByTraits(name="mart", first_name="je", birth_date=BORN)
    found = search_service.find_patients(gp, asked)
    assert isinstance(found, search_service.Found)
    assert len(found.patients) == 10
    assert found.more


@pytest.fixture
def fold_there(database: Database) -> Iterator[Callable[[str], str]]:
    with psycopg.connect(database.dsn("OWNER")) as conn:

        def folded(text: str) -> str:
            row = conn.execute("select identity.fold(%s)", [text]).fetchone()
            assert row
            return str(row[0])

        yield folded


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(
            st.characters(min_codepoint=1, max_codepoint=0x17F, exclude_categories=["Cs", "Cn"])
        ),
        st.text(st.sampled_from("ÀâÇéÈïôŒœÆßẞØłĐÞ'’- abZ09ŻΩЖ")),
    )
)
def test_the_database_folds_as_python_does(text: str, fold_there: Callable[[str], str]) -> None:
    assert fold_there(text) == fold(text)
