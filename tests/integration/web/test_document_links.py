"""Links to documents: a token and a code, under the rights of whoever made them, to nobody else."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from core import clock
from core.doors import Service, serving
from core.sealing import unseal_text
from core.settings import settings
from messages.edge.letter import write_mail
from messages.message import SEALED_PARAM, Claimed
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.hostile import pdf
from tests.integration.web.papers import Papers, keep, make_papers
from tests.integration.web.scene import NewClient, sign_in


@pytest.fixture
def papers(new_client: NewClient) -> Papers:
    return make_papers()


def share(papers: Papers, client: TestClient, item: UUID, **more: str) -> tuple[str, str]:
    """Make a link by hand; return its path and its code."""
    page = client.post(f"{papers.base}/{item}/links", data={"days": "3", "way": "hand", **more})
    assert page.status_code == 200, page.text
    (code,) = re.findall(r'id="made-code" value="(\d{6})"', page.text)
    found = re.findall(r'id="made-link" value="[^"]+(/d/[^"]+)"', unescape(page.text))
    return found[0] if found else "", code


def wrong_of(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_link_opens_one_version_with_its_code(papers: Papers, new_client: NewClient) -> None:
    gp, outside = sign_in(new_client(), "gp"), new_client()
    sent = pdf(2)
    item = keep(papers, gp, sent)
    path, code = share(papers, gp, item)
    asked = outside.get(path)
    assert (asked.status_code, "Bilan" in asked.text) == (200, False)
    unknown = outside.post("/d/" + "x" * 43, data={"code": code})
    wrong = outside.post(path, data={"code": wrong_of(code)})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(path[3:], "x" * 43) == unknown.text, "nothing tells them apart"
    opened = outside.post(path, data={"code": f"{code[:3]} {code[3:]}"})
    assert opened.content == sent
    assert opened.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in opened.headers["content-security-policy"]
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["x-content-type-options"] == "nosniff"
    page = gp.get(f"{papers.base}/{item}").text
    assert "ouvertures : 1" in page
    assert "codes faux : 1" in page
    assert path not in page
    ((detail,),) = rows("select detail from audit.event where detail ? 'link' and action = 'R'")
    assert path[3:] not in str(detail)
    assert code not in str(rows("select detail from audit.event"))
    ((kept,),) = rows("select token_hash from coordination.document_link")
    assert len(bytes(kept)) == 32  # type: ignore[call-overload]


def test_five_wrong_codes_end_a_link_in_the_same_words(
    papers: Papers, new_client: NewClient
) -> None:
    gp, outside = sign_in(new_client(), "gp"), new_client()
    path, code = share(papers, gp, keep(papers, gp, pdf()))
    said = {outside.post(path, data={"code": wrong_of(code)}).text for _ in range(5)}
    late = outside.post(path, data={"code": code})
    assert late.status_code == 422
    assert {*said, late.text} == said
    assert len(said) == 1


def test_a_link_lasts_seven_days_at_most_and_ends_when_said(
    papers: Papers, new_client: NewClient
) -> None:
    gp, marc, outside = sign_in(new_client(), "gp"), sign_in(new_client(), "marc"), new_client()
    item = keep(papers, gp, pdf())
    to = f"{papers.base}/{item}/links"
    for days in ("0", "8", "", "1e1", "²"):
        assert gp.post(to, data={"days": days}).status_code == 422
    path, code = share(papers, gp, item, days="7")
    ((link,),) = rows("select id from coordination.document_link")
    assert sign_in(new_client(), "patient").post(to, data={"days": "3"}).status_code in (403, 404)
    told = marc.post(f"{papers.base}/links/{link}/end")
    assert "Le lien n’ouvre plus rien" in told.text
    assert outside.post(path, data={"code": code}).status_code == 422
    path, code = share(papers, gp, item)
    run("update coordination.document_link set made_at = made_at - interval '3 days',"
        " expires_at = %s where ended_at is null", clock.now())  # fmt: skip
    assert outside.post(path, data={"code": code}).status_code == 422


@pytest.mark.parametrize("after", ["hidden", "sensitive", "withdrawn", "withheld", "left"])
def test_a_link_opens_under_the_rights_its_maker_has_now(
    papers: Papers, new_client: NewClient, after: str
) -> None:
    gp, marc, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    item = keep(papers, gp, pdf())
    path, code = share(papers, marc, item)
    assert new_client().post(path, data={"code": code}).status_code == 200
    match after:
        case "hidden":
            to = f"/p/items/document/{item}/hide"
            patient.post(to, data={"audience": f"party:{papers.home_nurse}"})
        case "sensitive":
            patient.post(f"/p/items/document/{item}/flag", data={"sensitive": "yes"})
        case "withdrawn":
            gp.post(f"{papers.base}/{item}/withdrawn", data={"why": "Une erreur"})
        case "withheld":
            run(
                "insert into access.item_withheld (id, item_id, patient_id, cause, reason,"
                " review_on, by, at) select gen_random_uuid(), item_id, patient_id, 'abuse', 'x',"
                " %s, author, signed_at from access.item where item_id = %s",
                day_in_france() + timedelta(days=30),
                item,
            )
        case _:
            with serving(Service.ADMINISTRATION) as conn:
                conn.execute(
                    "update access.membership set ends_at = %s where party = %s",
                    [clock.now(), papers.home_nurse],
                )
    assert new_client().post(path, data={"code": code}).status_code == 422
    again = marc.post(f"{papers.base}/{item}/links", data={"days": "3", "way": "hand"})
    assert again.status_code == (422 if after in ("withdrawn", "withheld") else 404)
    assert rows("select openings from coordination.document_link") == [(1,)]


def test_only_an_address_of_mssante_gets_the_link_and_nothing_else(
    papers: Papers, new_client: NewClient
) -> None:
    gp, outside = sign_in(new_client(), "gp"), new_client()
    sent = pdf()
    item = keep(papers, gp, sent)
    to = f"{papers.base}/{item}/links"
    for address in ("a@gmail.com", "a@notmssante.fr", "a@mssante.fr.evil.com", "a@x, b@mssante.fr"):
        told = gp.post(to, data={"days": "3", "way": "mssante", "address": address})
        assert told.status_code == 422
        assert 'aria-describedby="address-error"' in told.text
    assert rows("select count(*) from coordination.document_link") == [(0,)]
    mailed = {"way": "mssante", "address": "Cabinet@Exemple.mssante.fr"}
    path, code = share(papers, gp, item, **mailed)
    assert path == "", "whoever tells the code does not see the link"
    ((key, address, params),) = rows(
        "select key, address, params from messages.outbox where template = 'document_link'"
    )
    assert address == "cabinet@exemple.mssante.fr"
    token = unseal_text(params["token"], SEALED_PARAM)  # type: ignore[index]
    mail = write_mail(
        Claimed(
            id=item,
            key=str(key),
            recipient=None,
            channel="email",
            address=str(address),
            template="document_link",
            params=params,  # type: ignore[arg-type]
            locale="fr",
            created_at=clock.now(),
            attempts=1,
            training=False,
        ),
        settings(),
    )
    whole = str(mail["Subject"]) + "".join(
        part.get_content() for part in mail.walk() if not part.is_multipart()
    )
    ((patient,),) = rows("select name from access.party where id = %s", papers.care.patient)
    assert f"/d/{token}" in whole
    for word in (code, str(patient), "Bilan sanguin", str(papers.care.patient), str(item)):
        assert word not in whole
    assert outside.post(f"/d/{token}", data={"code": code}).content == sent
    ((link,),) = rows("select id from coordination.document_link")
    gp.post(f"{papers.base}/links/{link}/end")
    states = rows("select state from messages.outbox where template = 'document_link'")
    assert states == [("cancelled",)]
