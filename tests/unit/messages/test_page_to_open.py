"""What a notification opens: for a professional the same page as the link of his mail."""

import pytest

from messages.message import Template
from messages.push import OPENS, page_of


@pytest.mark.parametrize(
    ("template", "params", "page"),
    [
        (Template.MESSAGE_WAITING, {"alert_id": "1", "link": "x-Y_z"}, "/l/x-Y_z"),
        (Template.MESSAGE_WAITING, {"alert_id": "1"}, "/a/1"),
        (Template.ALERTS_WAITING, {"count": "2"}, "/"),
        (Template.REMINDER, {}, OPENS),
        (Template.REPEAT_ASKED, {}, OPENS),
    ],
)
def test_a_touch_opens_the_page_of_the_mail(
    template: Template, params: dict[str, str], page: str
) -> None:
    assert page_of(template, params) == page
