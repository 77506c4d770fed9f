"""A questionnaire as a PDF to print and fill in by hand, drawn by WeasyPrint from one template.

WeasyPrint takes about two seconds to import and is imported only here. It may fetch nothing: the
page brings its own style, and every other address is refused.
"""

from pathlib import Path
from typing import Any, Never

from core.pages import page
from identity.edge.http import Visit
from identity.people import PatientTraits
from questionnaires.edge.fields import field_words
from questionnaires.questionnaire import Questionnaire

STYLE = Path(__file__).parent.parent / "static" / "paper.css"


def paper_pdf(at: Visit, edition: Questionnaire, patient: PatientTraits | None) -> bytes:
    """Return the form as a PDF/UA document in the visitor's language."""
    body = page(
        "questionnaires/paper.html",
        at.locale,
        at.time_zone,
        visit=at,
        edition=edition,
        patient=patient,
        w=field_words(at.locale),
    )
    return draw_pdf(body)


def draw_pdf(body: str) -> bytes:
    """Return a page of HTML as a PDF/UA document in the style of the paper forms."""
    from weasyprint import CSS, HTML

    sheet = CSS(string=STYLE.read_text(), url_fetcher=_refuse)
    drawn: Any = HTML(string=body, url_fetcher=_refuse)
    made: bytes = drawn.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
    return made


def _refuse(url: str, *_: Any, **__: Any) -> Never:
    raise ValueError("a printed page fetches nothing")
