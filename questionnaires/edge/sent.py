"""A form that was sent: the answers to the questions, and the fields of the page itself."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Annotated

from fastapi import Depends

from questionnaires.edge.fields import form_of

LONGEST_KEY = 64
OF_THE_PAGE = "_"
"""How the names of fields that are no question begin, but for the key."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form by name."""

    fields: dict[str, str | list[str]]

    @property
    def given(self) -> dict[str, str | list[str]]:
        """Return what was answered, by linkId."""
        return {
            name: value
            for name, value in self.fields.items()
            if name != "client_key" and not name.startswith(OF_THE_PAGE)
        }

    @property
    def key(self) -> str:
        """Return the key of the form, or a new one for a form that lost it."""
        return self.field("client_key", LONGEST_KEY) or token_urlsafe(16)

    def field(self, name: str, longest: int = 200) -> str:
        """Return one field of the page, cut to a length; empty when it was not sent."""
        value = self.fields.get(name, "")
        return value.strip()[:longest] if isinstance(value, str) else ""


def sent_form(fields: Annotated[dict[str, str | list[str]], Depends(form_of)]) -> Sent:
    """Return the form that was sent."""
    return Sent(fields)
