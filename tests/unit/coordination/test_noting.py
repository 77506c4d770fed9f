"""What of a note can be signed, and how its text is shown: nothing of HTML passes."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from coordination.noting import (
    Cause,
    Draft,
    Kind,
    Withholding,
    Written,
    Wrong,
    parse_draft,
    parse_tags,
)
from coordination.rich_text import LONGEST_EXCERPT, excerpt, rich
from core.access import Role
from core.items import Item, ItemKind, NotCommunicable, Reader, Sensitivity, why_hidden

TODAY = date(2026, 11, 29)
GP, CARER, CENTRE = UUID(int=1), UUID(int=2), UUID(int=3)
CIRCLE = {
    GP: frozenset({"gp"}),
    CARER: frozenset({"carer", "home_nurse"}),
    CENTRE: frozenset({"telemonitoring_centre"}),
}
WITHHELD = Written(
    text="Le fils crie", withheld="yes", cause="abuse", reason="Soupçon", review_on="2026-12-29"
)


def problems(written: Written) -> dict[str, str]:
    judged = parse_draft(written, CIRCLE, TODAY)
    assert isinstance(judged, Wrong)
    return dict(judged.problems)


def test_a_form_becomes_a_draft() -> None:
    written = replace(
        WITHHELD, kind="visit", tags="#Plaie, plaie; À revoir", mentions=(str(GP), str(CENTRE))
    )
    draft = parse_draft(replace(written, remind_on="2026-11-29"), CIRCLE, TODAY)
    assert isinstance(draft, Draft)
    assert (draft.kind, draft.tags) == (Kind.VISIT, ("plaie", "à revoir"))
    assert draft.mentions == {GP, CENTRE}
    day = date(2026, 12, 29)
    assert draft.withholding == Withholding(cause=Cause.ABUSE, reason="Soupçon", review_on=day)
    assert draft.wish is not None
    assert draft.wish.role is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (Written(text=" \r\n"), {"text": "empty"}),
        (Written(text="a" * 10_001), {"text": "long"}),
        (Written(text="a", kind="gossip"), {"kind": "kind"}),
        (Written(text="a", tags=",".join("abcdefghi")), {"tags": "tags"}),
        (Written(text="a", mentions=(str(uuid4()),)), {"mentions": "nobody"}),
        (Written(text="a", mentions=("x",)), {"mentions": "nobody"}),
        (replace(WITHHELD, cause="", reason=" "), {"cause": "cause", "reason": "reason"}),
        (replace(WITHHELD, review_on="2026-11-29"), {"review_on": "review"}),
        (replace(WITHHELD, review_on="2027-11-29"), {"review_on": "review"}),
        (replace(WITHHELD, mentions=(str(CARER),)), {"mentions": "family"}),
        (
            replace(WITHHELD, remind_on="2026-12-01", remind_whom="role:home_help"),
            {"remind": "family"},
        ),
        (Written(text="a", remind_on="2026-11-28"), {"remind": "reminder"}),
        (Written(text="a", remind_on="2026-12-01", remind_whom="role:dac"), {"remind": "whom"}),
    ],
)
def test_what_is_wrong_is_said_by_field(written: Written, said: dict[str, str]) -> None:
    assert problems(written) == said


def test_tags_are_words_in_small_letters() -> None:
    assert parse_tags(" #Plaie , , plaie\nsoin  de  pied;") == ("plaie", "soin de pied")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**gras** et *plus*", "<strong>gras</strong> et <em>plus</em>"),
        ("- un\n- deux", "<li>un</li>"),
        ("un\ndeux", "un<br>\ndeux"),
        (
            "[site](https://sante.example/a)",
            '<a rel="noopener noreferrer nofollow" href="https://sante.example/a">site</a>',
        ),
    ],
)
def test_the_small_part_of_markdown_is_shown(text: str, shown: str) -> None:
    assert shown in rich(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](//evil.example)",
        "[x](/sign-out)",
        "[x](mailto:a@b.example)",
        "![x](https://evil.example/spy.png)",
        '[x](https://a.example"onclick=alert(1))',
        "<https://evil.example>",
        "<details open ontoggle=alert(1)>",
    ],
)
def test_nothing_else_of_html_passes(text: str) -> None:
    shown = str(rich(text))
    for one in ("<script", "<img", "<details", 'href="j', 'href="J', 'href="d', 'href="/', '"mail'):
        assert one not in shown
    assert '"onclick' not in shown


def test_an_excerpt_has_no_marks_and_an_end() -> None:
    assert excerpt("**gras**, <b>x</b>\n- un\n- [lien](https://a.example)") == (
        "gras, <b>x</b> un lien"
    )
    long = excerpt("mot " * 200)
    assert len(long) <= LONGEST_EXCERPT
    assert long.endswith("mot…")


@pytest.mark.parametrize("role", list(Role))
def test_what_is_withheld_is_read_by_named_roles_and_never_by_family(role: Role) -> None:
    item = Item(
        item_id=uuid4(),
        patient_id=uuid4(),
        kind=ItemKind.NOTE,
        sensitivity=Sensitivity.NORMAL,
        sensitivity_by=None,
        author=uuid4(),
        withheld=True,
    )
    family = {"patient", "carer", "trusted_person", "legal_representative"}
    family |= {"property_representative"}

    def why(*roles: str) -> object:
        return why_hidden(item, [], Reader(person=uuid4(), organisation=None, roles={*roles}))  # type: ignore[arg-type]

    if role in family:
        assert why(role) == why(role, "gp") == why(role, "home_nurse") == NotCommunicable()
    elif role in {"emergency", "home_help", "administrator", "dac"}:
        assert why(role) == NotCommunicable()
    elif role in {"gp", "home_nurse", "dac_coordinator"}:
        assert why(role) is None
