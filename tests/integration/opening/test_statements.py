"""What a patient was told, agreed to and opposes, with the picture of the paper."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from coordination.consent import Means
from coordination.opening import service
from coordination.opening.opening import Kind, Outcome, Said, Speaker, text_of
from core.access import Permission
from core.doors import acting_as
from tests.as_owner import rows
from tests.conftest import Database
from tests.integration.opening.desk import Desk, make_desk, opened, reads, share


@pytest.fixture
def desk(database: Database) -> Desk:
    return make_desk()


def said(kind: Kind, means: Means = Means.PAPER) -> Said:
    return Said(
        kind=kind,
        text=text_of(kind),
        said_on=date(2026, 11, 20),
        said_by=Speaker.PATIENT,
        means=means,
    )


def picture() -> bytes:
    drawn, exif = BytesIO(), Image.Exif()
    exif[0x9286] = "12 rue des Lilas"
    Image.new("RGB", (60, 80), "white").save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def test_a_signed_paper_is_kept_with_the_words(desk: Desk) -> None:
    ctx = opened(desk.coordinator, desk.patient)
    assert service.note(ctx, said(Kind.AGREEMENT), picture(), str.upper) is Outcome.DONE
    found = service.record(ctx)
    assert found is not None
    (one,) = found.statements
    assert one.wording == text_of(Kind.AGREEMENT).wording.upper()
    assert (one.text_version, one.means, one.paper_id is not None) == (1, "paper", True)
    assert one.paper_id
    paper = service.paper(ctx, one.paper_id)
    assert paper is not None
    assert (paper.width, paper.height) == (60, 80)
    assert b"Lilas" not in paper.bytes
    nurse = opened(desk.nurse, desk.patient, Permission.CIRCLE_READ)
    assert service.paper(nurse, one.paper_id) is None
    seen = service.record(nurse)
    assert seen is not None
    assert seen.statements == []
    with acting_as(desk.nurse) as conn:
        assert conn.execute("select count(*) from coordination.paper").fetchone() == (0,)


def test_what_is_no_picture_leaves_nothing_written_down(desk: Desk) -> None:
    ctx = opened(desk.coordinator, desk.patient)
    outcome = service.note(ctx, said(Kind.AGREEMENT), b"%PDF-1.7", str)
    assert outcome == "not_a_picture"
    assert rows("select count(*) from coordination.statement") == [(0,)]


def test_an_opposition_closes_the_sharing_until_it_is_taken_back(desk: Desk) -> None:
    own = opened(desk.own, desk.patient, Permission.CIRCLE_READ)
    assert service.note(own, said(Kind.OPPOSITION, Means.DIGITAL), b"", str) is Outcome.DONE
    assert service.note(own, said(Kind.OPPOSITION), b"", str) is Outcome.OPPOSED
    assert not reads(desk.gp, desk.patient)
    assert reads(desk.own, desk.patient)
    assert reads(desk.coordinator, desk.patient), "the organisation that opened it"
    assert share(desk, True) is Outcome.OPPOSED
    found = service.record(own)
    assert found is not None
    assert found.opposition is not None
    assert service.withdraw(own, found.opposition.id)
    assert not reads(desk.gp, desk.patient), "nothing opens by itself"
    assert share(desk, True) is Outcome.DONE
    assert reads(desk.gp, desk.patient)


def test_nobody_speaks_for_a_patient_of_others(desk: Desk) -> None:
    nurse = opened(desk.nurse, desk.patient, Permission.CIRCLE_READ)
    assert service.note(nurse, said(Kind.OPPOSITION), b"", str) is Outcome.NOT_ALLOWED
    assert reads(desk.gp, desk.patient)
