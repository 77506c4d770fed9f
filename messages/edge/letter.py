"""Writes a message as a mail, in the recipient's language, from the room's templates."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from core import clock, i18n, pages
from core.settings import Settings
from messages.message import Claimed, Template, message_id

SUBJECTS = {
    Template.MESSAGE_WAITING: "A message is waiting for you in Chevet",
    Template.OPERATOR_NOTICE: "Chevet needs its operator",
}


def write_mail(message: Claimed, settings: Settings) -> EmailMessage:
    """Return the mail of a message, in plain text and HTML; its Message-ID follows from its key."""
    template = Template(message.template)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = i18n.translator(message.locale)(SUBJECTS[template])
    mail["From"] = settings.mail_from
    mail["To"] = message.address
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message_id(message.key, settings.mail_from)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(template, "txt", message, settings))
    mail.add_alternative(_body(template, "html", message, settings), subtype="html")
    return mail


def _body(template: Template, kind: str, message: Claimed, settings: Settings) -> str:
    name = f"messages/{template}.{kind}"
    return pages.page(name, message.locale, settings=settings, **message.params)
