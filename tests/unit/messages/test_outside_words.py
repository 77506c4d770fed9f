"""What leaves the house by mail, text message or notification: no name, no value, no health."""

from collections.abc import Callable

import pytest

from core.settings import Settings
from messages.edge.letter import write_mail, write_notification, write_text
from messages.message import Claimed, Template
from tests.unit.messages.test_delivery import claimed

HEALTH = (
    "spo2", "saturation", "oxyg", "tension", "pouls", "fièvre", "température", "orange", "rouge",
    "red ", "seuil", "hôpital", "hospital", "silence", "{{", "none",
)  # fmt: skip
SITE = Settings(base_url="https://chevet.example")
TOLD = [
    (Template.MESSAGE_WAITING, {"alert_id": "1"}),
    (Template.ALERTS_WAITING, {"count": "1"}),
    (Template.ALERTS_WAITING, {"count": "3"}),
    (Template.DIGEST, {}),
    *[
        (Template.SWAP_NOTICE, {"what": each})
        for each in ("asked", "accepted", "declined", "withdrawn")
    ],
    *[(Template.CIRCLE_NOTICE, {"occasion": each}) for each in ("red", "stay", "closure", "daily")],
]


def mail(message: Claimed) -> str:
    written = write_mail(message, SITE)
    return str(written["Subject"]) + "".join(part.get_content() for part in written.iter_parts())


@pytest.mark.parametrize(("template", "params"), TOLD)
@pytest.mark.parametrize(
    "write", [mail, lambda message: write_text(message, SITE), write_notification]
)
def test_nothing_of_anybody_s_health_leaves_the_house(
    write: Callable[[Claimed], str], template: Template, params: dict[str, str]
) -> None:
    said = write(claimed(template, params)).lower()
    said = said.replace('style="color: ', "")
    assert not [word for word in HEALTH if word in said]


@pytest.mark.parametrize(("template", "params"), TOLD[:3])
def test_a_text_message_to_a_professional_is_short_and_ends_with_the_fifteen(
    template: Template, params: dict[str, str]
) -> None:
    said = write_text(claimed(template, params), SITE)
    assert said.endswith("appelez le 15.")
    assert len(said) < 300
