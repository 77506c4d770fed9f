"""The letter to the attending doctor when a follow-up ends, drawn as the paper forms are."""

from alerts.outcomes import OUTCOME_LABELS, Outcome
from alerts.wording import item_word
from coordination.inclusion.ending import LetterFacts
from coordination.inclusion.follow_up import EXIT_LABELS
from coordination.inclusion.programmes import programme_name
from core.i18n import translator
from core.pages import page
from core.settings import settings
from questionnaires.edge.paper import draw_pdf

LOCALE = "fr"
"""A letter to a French practice is in French, whoever writes it."""


def letter_pdf(facts: LetterFacts) -> bytes:
    """Return the letter as a PDF/UA document."""
    tr = translator(LOCALE)
    body = page(
        "coordination/exit_letter.html",
        LOCALE,
        settings().time_zone,
        facts=facts,
        reason=tr(EXIT_LABELS[facts.reason]),
        programme=tr(programme_name(facts.programme)) if facts.programme else None,
        item_word=lambda item: item_word(item, tr),
        outcome_word=lambda code: tr(OUTCOME_LABELS[Outcome(code)]),
    )
    return draw_pdf(body)
