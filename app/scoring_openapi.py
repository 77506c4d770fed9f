"""What the published OpenAPI says of scores for other systems, and their list. Pure."""

import json
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from scoring.describe import DESCRIPTIONS, Schema, input_schema
from scoring.library import SCORES
from scoring.objects import MOST_OBJECTS, answer_body

VERSION: Final = version("chevet")
_ROOT: Final = "/api/v1/scoring"

ANSWER: Final[Schema] = {
    "title": "Answer",
    "description": "What the score found, by its fields; or why it is refused.",
    "anyOf": [
        {
            "title": "Refusal",
            "type": "object",
            "properties": {
                "refused": {"type": "string"},
                "missing": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["refused", "missing"],
            "additionalProperties": False,
        },
        {"title": "Found", "type": "object", "not": {"required": ["refused"]}},
    ],
}
ANSWERED: Final = (
    "The answer, or the answers in the order of the list. Examples leave out what is null."
)
HEADERS: Final[Schema] = {
    name: {"schema": {"type": "string"}} for name in ("Chevet-Version", "Chevet-Score-Version")
}
PROBLEM: Final[Schema] = {
    "title": "Problem",
    "type": "object",
    "properties": {"error": {"type": "string"}, "reason": {"type": "string"}},
    "required": ["error", "reason"],
}
_REASONS: Final = {
    "401": ("No live key was given.", "key_needed", "no live key was given"),
    "403": ("The key is not for scoring.", "denied", "this key is not for: scoring"),
    "404": ("There is no such score; those there are, are named.", "unknown_score", "there are: …"),
    "413": ("More than one megabyte, or too many objects.", "too_large", ""),
    "422": (
        "The body is neither an object nor a list, or its one object cannot be read.",
        "unreadable",
        "unknown field: sp02",
    ),
    "429": ("Too many calls; `Retry-After` says for how long.", "too_many_requests", ""),
}


@cache
def listing() -> Schema:
    """Return every score: where it comes from, what it is given, an example, its address."""
    return {
        "version": VERSION,
        "most_objects": MOST_OBJECTS,
        "scores": [_listed(name) for name in SCORES],
        "links": {"self": _ROOT, "openapi": "/api/openapi.json"},
    }


def version_of(score: str) -> str:
    """Return the version of a score, which goes up whenever an answer changes."""
    return str(DESCRIPTIONS[score].version)


def _listed(name: str) -> Schema:
    known = DESCRIPTIONS[name]
    return {
        "score": name,
        "title": known.title,
        "source": known.source,
        "version": known.version,
        "given": input_schema(name),
        "example": {"given": dict(known.example), "answered": _answered(name)},
        "links": {"score": f"{_ROOT}/{name}", "page": f"docs/clinical/{known.page}"},
    }


def _answered(name: str) -> Any:
    return answer_body(name, json.dumps(DESCRIPTIONS[name].example).encode())


def _posted() -> Schema:
    objects: Schema = {"anyOf": [{**input_schema(name), "title": name} for name in SCORES]}
    many: Schema = {"type": "array", "maxItems": MOST_OBJECTS, "items": {"type": "object"}}
    given = {name: dict(known.example) for name, known in DESCRIPTIONS.items()}
    asked: Schema = {
        name: {"summary": DESCRIPTIONS[name].title, "value": given[name]} for name in SCORES
    }
    found: Schema = {name: {"value": _answered(name)} for name in SCORES}
    asked["many"] = {"summary": "NEWS2 of two people", "value": [given["news2"], {"spo2": 91}]}
    refused = answer_body("news2", b'[{"spo2": 91}]')
    found["many"] = {"value": [_answered("news2"), *(refused if isinstance(refused, list) else [])]}
    answer = {"anyOf": [ANSWER, {"type": "array", "items": ANSWER}]}
    return {
        "parameters": [
            {
                "name": "score",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": list(SCORES)},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"anyOf": [objects, many]}, "examples": asked}
            },
        },
        "responses": {
            "200": {
                "description": ANSWERED,
                "headers": HEADERS,
                "content": {"application/json": {"schema": answer, "examples": found}},
            },
            **{status: _problem(*told) for status, told in _REASONS.items()},
        },
    }


def _problem(description: str, word: str, reason: str) -> Schema:
    example = {"error": word, "reason": reason}
    return {
        "description": description,
        "content": {"application/json": {"schema": PROBLEM, "example": example}},
    }


POSTED: Final = _posted()
LISTED: Final[Schema] = {
    "responses": {
        "200": {
            "description": "Every score.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
}
