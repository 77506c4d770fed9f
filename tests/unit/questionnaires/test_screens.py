"""A questionnaire as screens: one question each, texts with the question that follows."""

from questionnaires.questionnaire import (
    Condition,
    Item,
    Kind,
    Operator,
    Option,
    Questionnaire,
    Urgency,
)
from questionnaires.screens import screens
from scoring.level import Level


def made(*items: Item) -> Questionnaire:
    return Questionnaire(
        digest="d", url="u", name="n", version="1", title={"fr": "t"}, licence="l", source="s",
        proposed=True, languages=("fr",), loinc=None, issued=None, items=items,
    )  # fmt: skip


def words(text: str) -> dict[str, str]:
    return {"fr": text, "en": f"{text} (en)"}


HARD = Option(code="rest", system=None, words=words("au repos"), level=Level.RED,
              urgency=Urgency.CALL_15)  # fmt: skip
RED = Option(code="much", system=None, words=words("beaucoup"), level=Level.RED)
LOW = Option(code="low", system=None, words=words("au plus bas"), urgency=Urgency.CALL_3114)
CALM = Option(code="none", system=None, words=words("non"), level=Level.GREEN)
IF_HARD = Condition(link_id="breath", operator=Operator.EQUALS, value="rest")


def test_texts_go_with_the_question_that_follows_and_conditions_add_up() -> None:
    group = Item(
        link_id="g", kind=Kind.GROUP, words=words("Respirer"), enable_when=(IF_HARD,),
        items=(
            Item(link_id="d", kind=Kind.DISPLAY, words=words("Asseyez-vous.")),
            Item(link_id="since", kind=Kind.TEXT, words=words("Depuis quand ?"),
                 enable_when=(IF_HARD,)),
        ),
    )  # fmt: skip
    breath = Item(
        link_id="breath", kind=Kind.CHOICE, words=words("Essoufflé ?"), required=True,
        options=(CALM, HARD, RED, LOW),
    )  # fmt: skip
    score = Item(link_id="s", kind=Kind.SCORE, words={})
    last = Item(link_id="end", kind=Kind.DISPLAY, words=words("Merci."))
    asked, closing = screens(made(breath, group, score, last), "en")
    assert [screen.link_id for screen in asked] == ["breath", "since"]
    assert [intro.text for intro in asked[1].intros] == ["Asseyez-vous. (en)"]
    assert asked[1].group == "Respirer (en)"
    assert len(asked[1].when) == 2
    assert len(asked[1].intros[0].when) == 1
    assert [intro.text for intro in closing] == ["Merci. (en)"]


def test_only_whom_to_call_goes_to_the_screen() -> None:
    breath = Item(link_id="b", kind=Kind.CHOICE, words=words("?"), options=(CALM, HARD, RED, LOW))
    ((screen,), _) = screens(made(breath), "fr")
    assert [choice.call for choice in screen.choices] == ["", "15", "closed", "3114"]
    assert "level" not in repr(screen).lower()
