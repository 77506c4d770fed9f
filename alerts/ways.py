"""By which ways somebody who stands on a rung is told: the rung's own, and what he chose. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.ladder import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody wants beside a mail, as far as this site can send it."""

    sms: bool
    push: bool


def ways(channels: Iterable[Channel], choice: Choice) -> tuple[Channel, ...]:
    """Return by which ways a person is written to, each once; the console is none of them.

    What he chose comes beside a mail and never instead of one: a rung that writes nobody a mail
    writes nothing else either.
    """
    named = [channel for channel in channels if channel is not Channel.CONSOLE]
    chosen = {Channel.SMS: choice.sms, Channel.PUSH: choice.push} if Channel.EMAIL in named else {}
    wanted = [channel for channel, is_wanted in chosen.items() if is_wanted]
    return tuple(dict.fromkeys((*named, *wanted)))
