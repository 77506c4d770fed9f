"""Who keeps and reads documents in these tests."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from httpx2 import Response
from starlette.testclient import TestClient

from coordination.documents.document import Kind
from core.settings import settings
from identity import service as identity
from tests.as_owner import rows
from tests.integration.web.hostile import jpeg
from tests.integration.web.scene import open_account
from tests.people import Care, make_care, make_gp


@dataclass(frozen=True)
class Papers:
    """A patient, his GP, the nurse of his centre, a home nurse, and a stranger."""

    care: Care
    home_nurse: UUID

    @property
    def base(self) -> str:
        return f"/patients/{self.care.patient}/documents"


def make_papers() -> Papers:
    care = make_care()
    home_nurse = identity.register_person("Marc Dubois")
    identity.join_circle(care.patient, home_nurse, "home_nurse")
    for person, login in (
        (care.nurse.person, "nurse"),
        (care.gp.person, "gp"),
        (care.patient, "patient"),
        (home_nurse, "marc"),
        (make_gp("Dr Anne Inconnue").person, "stranger"),
    ):
        open_account(person, login)
    return Papers(care, home_nurse)


def send(
    papers: Papers,
    client: TestClient,
    data: bytes,
    *,
    to: str = "",
    name: str = "x.pdf",
    **more: str,
) -> Response:
    """Send a form as the page does."""
    form = {"new": str(uuid4()), "title": "Bilan sanguin", "kind": Kind.LABORATORY.value, **more}
    return client.post(papers.base + to, data=form, files={"file": (name, data)})


def keep(papers: Papers, client: TestClient, data: bytes | None = None, **more: str) -> UUID:
    """Keep a document and return its id."""
    form = {"new": str(uuid4()), **more}
    answer = send(papers, client, data or jpeg(), **form)
    assert answer.status_code == 200, answer.text
    assert "Le document est au dossier" in answer.text
    return UUID(form["new"])


def photograph(papers: Papers, client: TestClient, **more: str) -> UUID:
    """Keep a photograph of a wound."""
    about = {"title": "Plaie", "kind": Kind.PHOTOGRAPH.value, "site": "left_heel"}
    return keep(papers, client, **(about | more))


def file_of(item: UUID) -> UUID:
    """The id of the latest version of a document."""
    ((version,),) = rows(
        "select id from coordination.document_version where item_id = %s order by number desc"
        " limit 1",
        item,
    )
    return UUID(str(version))


def opened(papers: Papers, client: TestClient, item: UUID) -> Response:
    """Ask for the file of the latest version of a document."""
    return client.get(f"{papers.base}/files/{file_of(item)}")


def objects_kept() -> list[Path]:
    """Where the sealed files lie."""
    return [one for one in (settings().state_dir / "objects").rglob("*") if one.is_file()]
