"""A request that would change something, and how a browser or a script sends what it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.security.cast import Cast

Form = dict[str, Any]
"""Fields by name; bytes are a file."""
Things = Mapping[str, object]
Maker = Callable[[Cast, Things], Form]
TO_SCRIPTS = "/api/answers"
"""How the addresses end that scripts send to."""


@dataclass(frozen=True, slots=True)
class Act:
    """One request that would change something."""

    method: str
    address: str
    form: Form

    def answered_in(self, text: str) -> str:
        """Return an answer without what the form itself said, which tells nobody anything."""
        for value in self.form.values():
            text = text.replace(f'value="{value!s}"', "")
        return text

    def sent(self) -> dict[str, object]:
        """Return what a client sends of it; a page is asked for without a form."""
        if self.method == "GET":
            return {}
        if self.address.endswith(TO_SCRIPTS):
            return {"json": self.form}
        files = {name: (name, value) for name, value in self.form.items() if type(value) is bytes}
        fields = {name: value for name, value in self.form.items() if name not in files}
        return {"data": fields, "files": files} if files else {"data": fields}
