"""Sends text messages through a gateway named in the settings, one Apprise object for each number.

Apprise knows more than two hundred services, some of which reach files or processes of this very
machine: only gateways of text messages are let through.
"""

from typing import Final
from urllib.parse import quote, urlsplit

from core.errors import ConfigurationError
from messages.delivery import Accepted, Answer, TransientFailure

GATEWAYS: Final = frozenset(
    {"jsons", "octopush", "sfr", "twilio", "vonage", "httpsms", "smseagles", "sinch", "messagebird"}
)
"""Apprise schemes that speak TLS to a gateway of text messages; `jsons` is any other gateway."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
"""Where `json`, without TLS, may go: a relay on the same machine."""


def sms_target(gateway: str, number: str) -> str:
    """Return the Apprise address of a number (E.164) at a gateway.

    Raises ConfigurationError for a scheme that is not a gateway of text messages.
    """
    parts = urlsplit(gateway)
    plain = parts.scheme == "json" and parts.hostname in LOOPBACK
    if "{to}" not in gateway or not (parts.scheme in GATEWAYS or plain):
        raise ConfigurationError(
            "CHEVET_SMS_URL must be the address of a gateway of text messages with {to} in it, "
            f"one of: {', '.join(sorted(GATEWAYS))}."
        )
    return gateway.replace("{to}", quote(number, safe=""))


def send_sms(gateway: str, number: str, text: str) -> Answer:
    """Hand one text message over; never raises for what the gateway or the settings do."""
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        return TransientFailure("no Apprise here")
    try:
        target = sms_target(gateway, number)
    except (ConfigurationError, ValueError):
        return TransientFailure("CHEVET_SMS_URL is not a gateway of text messages")
    one = Apprise(asset=AppriseAsset(async_mode=False, app_id="Chevet", app_desc="Chevet"))
    if not one.add(target):
        return TransientFailure("the gateway's address is not understood")
    try:
        taken = bool(one.notify(body=text))
    except Exception as error:
        return TransientFailure(type(error).__name__)
    return Accepted() if taken else TransientFailure("the gateway did not take it")
