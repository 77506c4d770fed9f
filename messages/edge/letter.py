"""Writes a message as a mail or an SMS, in the recipient's language, from the room's templates."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from core import clock, i18n, pages
from core.sealing import unseal_text
from core.settings import Settings
from messages.message import SEALED_PARAM, Claimed, Template, message_id

SUBJECTS = {
    Template.MESSAGE_WAITING: "A message is waiting for you in Chevet",
    Template.RECORD_NOTICE: "A message is waiting for you in Chevet",
    Template.OPERATOR_NOTICE: "Chevet needs its operator",
    Template.ACTIVATION: "Open your account in Chevet",
    Template.PASSWORD_RESET: "A new password for Chevet",
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


def write_text(message: Claimed, settings: Settings) -> str:
    """Return the words of a text message, on one line."""
    return " ".join(_body(Template(message.template), "txt", message, settings).split())


def _body(template: Template, kind: str, message: Claimed, settings: Settings) -> str:
    name = f"messages/{template}.{kind}"
    params = {key: unseal_text(value, SEALED_PARAM) for key, value in message.params.items()}
    return pages.page(name, message.locale, settings=settings, **params)
