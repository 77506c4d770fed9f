"""The words of a mail before anybody is written to, for whoever decides over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core import clock
from core.settings import settings
from messages.edge.letter import write_mail
from messages.message import Claimed, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in a mail: its subject, and its text without anything around it."""

    subject: str
    text: str


def mail_words(template: Template, params: Mapping[str, str], locale: str) -> Words:
    """Return the words of a mail that would be sent now, by what writes the mail itself."""
    mail = write_mail(
        Claimed(
            id=UUID(int=0),
            key="preview",
            recipient=None,
            channel="email",
            address="",
            template=template,
            params=dict(params),
            locale=locale,
            created_at=clock.now(),
            attempts=0,
            training=False,
        ),
        settings(),
    )
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    return Words(subject=str(mail["Subject"]), text=text.strip())
