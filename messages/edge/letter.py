"""Writes a message as a mail or an SMS, in the recipient's language, from the room's templates."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from core import clock, i18n, pages
from core.errors import ConfigurationError
from core.sealing import unseal_text
from core.settings import Settings
from messages.message import SEALED_PARAM, Claimed, Template, message_id
from messages.push import page_of

SUBJECTS = {
    Template.MESSAGE_WAITING: "A message is waiting for you in Chevet",
    Template.ALERTS_WAITING: "A message is waiting for you in Chevet",
    Template.CIRCLE_NOTICE: "News of the follow-up of the person you help",
    Template.SWAP_NOTICE: "A message about your shifts in Chevet",
    Template.DIGEST: "The day of your patients in Chevet",
    Template.RECORD_NOTICE: "A message is waiting for you in Chevet",
    Template.CARER_AT_NIGHT: "The telemonitoring service is closed",
    Template.REMINDER: "A message is waiting for you in Chevet",
    Template.REPEAT_ASKED: "A measure is to be taken again",
    Template.NEW_BROWSER: "A new connection to your Chevet account",
    Template.OPERATOR_NOTICE: "Chevet needs its operator",
    Template.ACTIVATION: "Open your account in Chevet",
    Template.CIRCLE_INVITATION: "You are invited into a care circle in Chevet",
    Template.DOCUMENT_LINK: "A document is waiting for you in Chevet",
    Template.PASSWORD_RESET: "A new password for Chevet",
    Template.ANSWER_LINK: "A questionnaire waits for you in Chevet",
    Template.ANSWER_CODE: "The code of a questionnaire in Chevet",
}


SHORT = {
    Template.MESSAGE_WAITING: "message_waiting_short",
    Template.ALERTS_WAITING: "alerts_waiting_short",
    Template.SWAP_NOTICE: "swap_notice_short",
}
"""Messages whose mail is too long for a telephone: what a text message says instead."""

TRAINING = "Training – fictitious data"


def write_mail(message: Claimed, settings: Settings) -> EmailMessage:
    """Return the mail of a message, in plain text and HTML; its Message-ID follows from its key."""
    template = Template(message.template)
    say = i18n.translator(message.locale)
    training = say(TRAINING) if message.training or settings.training else ""
    mail = EmailMessage(policy=policy.SMTP)
    subject = say(SUBJECTS[template])
    drill = f"[{say('EXERCISE')}] " if "drill" in message.params else ""
    mail["Subject"] = (f"[{training}] " if training else "") + drill + subject
    mail["From"] = settings.mail_from
    mail["To"] = message.address
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message_id(message.key, settings.mail_from)
    mail["Auto-Submitted"] = "auto-generated"
    plain = _body(template, "txt", message, settings)
    mail.set_content(f"/// {training.upper()} ///\n{plain}" if training else plain)
    shown = _body(template, "html", message, settings, subject=subject, training=training)
    mail.add_alternative(shown, subtype="html")
    return mail


def write_text(message: Claimed, settings: Settings) -> str:
    """Return the words of a text message, on one line."""
    template = Template(message.template)
    said = _body(SHORT.get(template, template), "txt", message, settings)
    return " ".join(said.split())


def page_to_open(message: Claimed) -> str:
    """Return the page a notification opens."""
    return page_of(message.template, _unsealed(message))


def write_notification(message: Claimed) -> str:
    """Return the words of a notification: the same for everything but a measure to take again."""
    say = i18n.translator(message.locale)
    if message.template == Template.REPEAT_ASKED:
        return say("A measure is to be taken again")
    drill = f"{say('EXERCISE')} - " if "drill" in message.params else ""
    return drill + say("A message is waiting for you")


def _body(template: str, kind: str, message: Claimed, settings: Settings, **shown: str) -> str:
    name = f"messages/{template}.{kind}"
    return pages.page(name, message.locale, settings=settings, **_unsealed(message), **shown)


def _unsealed(message: Claimed) -> dict[str, str]:
    """Return the parameters as they are written out.

    A call whose link was sealed with another key goes out all the same, by way of the sign-in.
    """
    params = dict(message.params)
    for key, value in message.params.items():
        try:
            params[key] = unseal_text(value, SEALED_PARAM)
        except ConfigurationError:
            if message.template != Template.MESSAGE_WAITING:
                raise
            del params[key]
    return params
