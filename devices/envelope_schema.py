"""The JSON Schema of the wire, made from the types: `python -m devices.envelope_schema`.

It describes what an item and the messages may hold; what it cannot say (the unit that belongs to
a vital, UTC, a null value that must be invalid) stands in `docs/reference/envelope-v1.md`.
"""

import json
import sys
from typing import Any

import msgspec

from devices.envelope import MAX_ENVELOPE_BYTES, MAX_ITEMS, MAX_NUMBER, Ack, Item, Status


def schema() -> dict[str, Any]:
    """Return the schema of `up`, `ack` and `status` messages, version 1."""
    (item, ack, status), components = msgspec.json.schema_components(
        (Item, Ack, Status), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Chevet gateway messages, version 1",
        "$defs": {
            **components,
            "Item": item,
            "Envelope": {
                "title": "Envelope",
                "description": f"An `up` message of at most {MAX_ENVELOPE_BYTES} bytes.",
                "type": "object",
                "additionalProperties": False,
                "required": ["v", "boot", "seq", "sent_at", "items"],
                "properties": {
                    "v": {"const": 1},
                    "boot": {"type": "string", "format": "uuid"},
                    "seq": {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER},
                    "sent_at": {"type": "string", "format": "date-time"},
                    "items": {
                        "type": "array",
                        "maxItems": MAX_ITEMS,
                        "items": {"$ref": "#/$defs/Item"},
                    },
                },
            },
        },
        "oneOf": [{"$ref": "#/$defs/Envelope"}, ack, status],
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
