"""By which ways somebody is told: every rung and every choice."""

from itertools import combinations, product

from alerts.ladder import Channel
from alerts.ways import Choice, ways


def test_every_way_of_the_rung_once_and_what_was_chosen_beside_a_mail_only() -> None:
    rungs = [rung for size in range(1, 5) for rung in combinations(Channel, size)]
    assert len(rungs) == 15
    for rung, sms, push in product(rungs, (True, False), (True, False)):
        found = ways(rung, Choice(sms=sms, push=push))
        assert len(set(found)) == len(found)
        assert Channel.CONSOLE not in found
        assert set(rung) - {Channel.CONSOLE} <= set(found)
        beside = set(found) - set(rung)
        assert beside <= {Channel.SMS, Channel.PUSH}
        mail = Channel.EMAIL in rung
        assert (Channel.SMS in beside) == (mail and sms and Channel.SMS not in rung)
        assert (Channel.PUSH in beside) == (mail and push and Channel.PUSH not in rung)
