"""Reads a room's `queries.sql`: named queries, each with a line that says what it is for.

-- name: open_alerts
-- The alerts of a patient that nobody has closed.
select ...
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, LiteralString, cast

_HEAD = re.compile(r"^-- name: (?P<name>[a-z_0-9]+)\n-- (?P<about>.+)\n", re.MULTILINE)


def parse_queries(text: str) -> dict[str, LiteralString]:
    """Return the queries of a file by name; raise ValueError on a bad or double head."""
    heads = list(_HEAD.finditer(text))
    if text.count("-- name:") != len(heads):
        raise ValueError("each query needs a line '-- name: x' and a line '-- what it is for'")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    queries: dict[str, Any] = {
        head["name"]: text[head.end() : end].strip() for head, end in zip(heads, ends, strict=True)
    }
    if len(queries) != len(heads):
        raise ValueError("two queries have the same name")
    return cast(dict[str, LiteralString], queries)


@lru_cache
def load_queries(room: str) -> dict[str, LiteralString]:
    """Return the named queries of a room's `queries.sql`."""
    return parse_queries((files(room) / "queries.sql").read_text(encoding="utf-8"))
