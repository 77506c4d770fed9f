"""The links of messages, for the paths that begin with one."""

from uuid import uuid4

from core import clock
from identity.link import write_link
from tests.security.cast import Cast
from tests.security.makers import makes


@makes("link")
def make_message_link(cast: Cast) -> str:
    """Of a message to the GP; a code of his is asked for beside it."""
    return write_link(cast.home.care.gp.person, cast.alert, clock.now())


@makes("token")
def make_token(_: Cast) -> str:
    """A link by mail that was never sent."""
    return uuid4().hex
