"""What is kept of documents when the machine fails, and how much of it one person may send."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import OperationalError

from coordination.documents import keeping_service
from coordination.documents.document import Kind
from core import objects
from core.doors import CareContext, PersonConnection, acting_as
from core.settings import settings
from identity import service as identity
from tests.integration.web.hostile import pdf
from tests.integration.web.papers import Papers, keep, make_papers, objects_kept, opened, send
from tests.integration.web.scene import NewClient, sign_in
from tests.people import make_patient


@pytest.fixture
def papers(new_client: NewClient) -> Papers:
    return make_papers()


def test_another_key_opens_nothing(
    papers: Papers, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gp = sign_in(new_client(), "gp")
    item = keep(papers, gp, pdf())
    monkeypatch.setenv("CHEVET_OBJECTS_KEY", "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMDA=")
    settings.cache_clear()
    assert opened(papers, gp, item).status_code == 410


def test_a_connection_that_dies_as_it_commits_costs_no_file(
    papers: Papers, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def dies(actor: CareContext, **more: Any) -> Iterator[PersonConnection]:
        with acting_as(actor, **more) as conn:
            yield conn
        if more.get("action"):
            raise OperationalError("the server is gone")

    gp, new = sign_in(new_client(), "gp"), str(uuid4())
    more = {"to": f"/{new}/versions", "after": "1"}
    with monkeypatch.context() as broken:
        broken.setattr(keeping_service, "acting_as", dies)
        assert send(papers, gp, pdf(1), new=new).status_code == 500
        assert send(papers, gp, pdf(2), **more).status_code == 500
    assert keep(papers, gp, pdf(1), new=new) == UUID(new)
    assert opened(papers, gp, UUID(new)).content == pdf(2)
    assert send(papers, gp, pdf(2), **more).status_code == 422
    assert len(objects_kept()) == 2


def test_a_person_keeps_so_many_a_day_in_all_records_together(
    papers: Papers, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_service, "MOST_A_DAY", 1)
    synced: list[Path] = []
    monkeypatch.setattr(objects, "_sync", synced.append)
    other = make_patient("Voisin", "Luc")
    identity.join_circle(other, papers.care.gp.person, "gp")
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    keep(papers, gp, pdf(1))
    (kept,) = objects_kept()
    assert synced == [kept.parent, kept.parent.parent], "a new folder is on disk before « safe »"
    full = gp.post(
        f"/patients/{other}/documents",
        data={"new": str(uuid4()), "title": "x", "kind": Kind.LABORATORY.value},
        files={"file": ("x.pdf", pdf(2))},
    )
    assert full.status_code == 429
    keep(papers, marc, pdf(3))
