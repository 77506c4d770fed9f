"""Sends text messages through the gateways of the settings, one Apprise object for each number.

Apprise knows more than two hundred services, some of which reach files or processes of this very
machine: only gateways of text messages are let through.
"""

from typing import Final
from urllib.parse import quote, urlsplit

import structlog
from prometheus_client import Counter

from core.errors import ConfigurationError
from messages.delivery import Accepted, Answer, TransientFailure

_log = structlog.get_logger("messages")
_HANDED = Counter(
    "chevet_sms_total", "Text messages handed to a gateway, by what it said", ["gateway", "answer"]
)
GATEWAYS: Final = frozenset(
    {"jsons", "octopush", "sfr", "twilio", "vonage", "httpsms", "smseagles", "sinch", "messagebird"}
)
"""Apprise schemes that speak TLS to a gateway of text messages; `jsons` is any other gateway."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
"""Where `json`, without TLS, may go: a relay on the same machine."""


SECONDS: Final = 2
"""How long a gateway may take to be reached, and again to answer (proposed). Two that do not answer
stay below `TIME_FOR_ONE` together, so that asking the second never outlasts a lease."""


class Gateways:
    """The gateways of one pass, in the order they are asked.

    One that did not take a message is asked last for the rest of the pass: with the first one away,
    each message waits for it once and not twenty times.
    """

    def __init__(self, *addresses: str) -> None:
        """Take the addresses of the settings, the first one first; empty ones are left out."""
        self._order = [address for address in addresses if address]

    def send(self, number: str, text: str) -> Answer:
        """Hand one text message to the first gateway that takes it; never raises.

        A gateway that took it and did not say so in time is a failure here: the second sends it
        again, since a text message twice is better than none.
        """
        answer: Answer = TransientFailure("CHEVET_SMS_URL is not set")
        for address in tuple(self._order):
            answer = _send(address, number, text)
            _HANDED.labels(gateway_name(address), type(answer).__name__.lower()).inc()
            if isinstance(answer, Accepted):
                return answer
            self._order.remove(address)
            self._order.append(address)
            _log.warning("sms_not_taken", gateway=gateway_name(address), reason=answer.reason)
        return answer


def gateway_name(address: str) -> str:
    """Return what may be said of a gateway in logs: its kind, never its keys or its number."""
    return urlsplit(address).scheme or "unknown"


def sms_target(gateway: str, number: str) -> str:
    """Return the Apprise address of a number (E.164) at a gateway.

    Raises ConfigurationError for a scheme that is not a gateway of text messages.
    """
    parts = urlsplit(gateway)
    plain = parts.scheme == "json" and parts.hostname in LOOPBACK
    if "{to}" not in gateway or not (parts.scheme in GATEWAYS or plain):
        raise ConfigurationError(
            "CHEVET_SMS_URL and CHEVET_SMS_URL_SECOND must be addresses of gateways of text "
            f"messages with {{to}} in them, one of: {', '.join(sorted(GATEWAYS))}."
        )
    joint = "&" if parts.query else "?"
    within = f"{joint}cto={SECONDS}&rto={SECONDS}"  # the last one of a name is the one that counts
    return gateway.replace("{to}", quote(number, safe="")) + within


def _send(gateway: str, number: str, text: str) -> Answer:
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        return TransientFailure("no Apprise here")
    try:
        target = sms_target(gateway, number)
    except (ConfigurationError, ValueError):
        return TransientFailure("not the address of a gateway of text messages")
    one = Apprise(asset=AppriseAsset(async_mode=False, app_id="Chevet", app_desc="Chevet"))
    if not one.add(target):
        return TransientFailure("the gateway's address is not understood")
    try:
        taken = bool(one.notify(body=text))
    except Exception as error:
        return TransientFailure(type(error).__name__)
    return Accepted() if taken else TransientFailure("the gateway did not take it")
