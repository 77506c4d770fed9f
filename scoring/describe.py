"""What each score is, for whoever asks from outside: its source, its version, what it is given.

Pure. A version goes up whenever the same input gets another answer; a test holds it to that.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from scoring.library import SCORES

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A score in words; `page` is its page of docs/clinical, `example` an input it answers."""

    title: str
    source: str
    version: int
    page: str
    example: Mapping[str, object]


DESCRIPTIONS: Final[dict[str, Description]] = {
    "news2": Description(
        title="NEWS2, National Early Warning Score 2",
        source="Royal College of Physicians, London, 2017, charts 1 and 2",
        version=1,
        page="news2.md",
        example={
            "respiratory_rate": 22,
            "spo2": 94,
            "supplemental_oxygen": False,
            "systolic": 118,
            "pulse": 96,
            "consciousness": "A",
            "temperature": 38.2,
            "spo2_scale": 1,
        },
    ),
    "news2-home": Description(
        title="NEWS2 at home: the whole score, or what is missing and what is grave by itself",
        source="Royal College of Physicians, London, 2017, charts 1 and 2; without a part: Chevet",
        version=1,
        page="news2.md",
        example={
            "respiratory_rate": 25,
            "spo2": 94,
            "supplemental_oxygen": False,
            "systolic": 118,
            "pulse": 96,
            "consciousness": "A",
            "temperature": 38.2,
            "spo2_scale": 1,
        },
    ),
    "qsofa": Description(
        title="qSOFA, quick sepsis-related organ failure assessment",
        source="Seymour CW et al., JAMA 2016;315:762; Singer M et al., JAMA 2016;315:801",
        version=1,
        page="small-scores.md",
        example={"respiratory_rate": 24, "systolic": 98, "altered_mentation": False},
    ),
    "rox": Description(
        title="ROX index, of somebody under high-flow nasal oxygen in hospital",
        source="Roca O et al., Am J Respir Crit Care Med 2019;199:1368",
        version=1,
        page="small-scores.md",
        example={"spo2": 92, "fio2": 0.6, "respiratory_rate": 30, "hours": 6},
    ),
    "mortality-4c": Description(
        title="4C mortality score, of somebody in hospital with COVID-19",
        source="Knight SR et al., BMJ 2020;370:m3339, table 2",
        version=1,
        page="small-scores.md",
        example={
            "age": 67,
            "male": True,
            "comorbidities": 1,
            "respiratory_rate": 24,
            "spo2": 91,
            "glasgow": 15,
            "urea": 6.5,
            "crp": 80,
        },
    ),
    "mmrc": Description(
        title="mMRC, breathlessness, grade 0 to 4",
        source="Fletcher CM, Proc R Soc Med 1952;45:577; Bestall JC et al., Thorax 1999;54:581",
        version=1,
        page="copd-scores.md",
        example={"grade": 2},
    ),
    "cat": Description(
        title="CAT, COPD Assessment Test, total of its eight items",
        source="Jones PW et al., Eur Respir J 2009;34:648",
        version=1,
        page="copd-scores.md",
        example={"items": [2, 1, 0, 3, 2, 1, 2, 3]},
    ),
    "pro-ctcae": Description(
        title="PRO-CTCAE, composite grade of one symptom",
        source="Basch E et al., Clin Trials 2021;18:104; table of the NCI in the R package ProAE",
        version=1,
        page="small-scores.md",
        example={"asked": ["frequency", "severity"], "frequency": 2, "severity": 3},
    ),
    "weight": Description(
        title="Rules of weight in heart failure",
        source="McDonagh TA et al. (ESC), Eur Heart J 2021;42:3599; Ledwidge MT et al., "
        "Eur J Heart Fail 2013;15:377; ENGAGE-HF",
        version=1,
        page="weight.md",
        example={
            "weights": [
                {"at": "2026-11-01T07:00:00+01:00", "kg": 80.0},
                {"at": "2026-11-02T07:00:00+01:00", "kg": 80.2},
                {"at": "2026-11-03T07:10:00+01:00", "kg": 80.6},
                {"at": "2026-11-04T07:00:00+01:00", "kg": 82.1},
            ],
            "symptom": False,
        },
    ),
    "spo2-baseline": Description(
        title="SpO2 against one's own median of the week before",
        source="proposed, Chevet",
        version=1,
        page="trends.md",
        example={
            "readings": [
                {"at": "2026-11-02T08:00:00+01:00", "percent": 97},
                {"at": "2026-11-03T08:00:00+01:00", "percent": 97},
                {"at": "2026-11-04T08:00:00+01:00", "percent": 96},
                {"at": "2026-11-05T08:00:00+01:00", "percent": 93},
            ]
        },
    ),
    "orientation": Description(
        title="The French COVID-19 orientation tree",
        source="Ministère des Solidarités et de la Santé, algorithme d'orientation, 2020-06-09",
        version=1,
        page="covid-orientation-fr.md",
        example={
            "fever": True,
            "temperature": "from_37_8",
            "cough": True,
            "anosmia": False,
            "aches": True,
            "diarrhoea": False,
            "fatigue": True,
            "in_bed": False,
            "cannot_eat_or_drink": False,
            "breathless": False,
            "age_years": 52,
            "weight_kg": 65,
            "height_cm": 170,
            "heart": "no",
            "diabetes": False,
            "cancer": False,
            "respiratory": False,
            "dialysis": False,
            "cirrhosis": False,
            "pregnant": "not_applicable",
            "sickle_cell": False,
            "immunity": "no",
        },
    ),
    "priest": Description(
        title="PRIEST COVID-19 severity score: not given, its points are not verified",
        source="Goodacre S et al., PLoS One 2021;16:e0245840",
        version=1,
        page="small-scores.md",
        example={},
    ),
}
"""By score. Source: each names its own; the examples are invented."""


def input_schema(score: str) -> Schema:
    """Return the JSON Schema (2020-12) of what a score is given, whole and without references.

    It says what can be read. What is read may still be refused: a value that cannot be true, or
    one that nobody knows (left out, or null).
    """
    kind = SCORES[score].given
    made = msgspec.json.schema(kind)
    schema: Schema = _inlined(made, made["$defs"])
    optional = {name for name, field in schema["properties"].items() if _takes_null(field)}
    schema["required"] = sorted(set(schema["properties"]) - optional)
    schema["additionalProperties"] = False
    return schema


def _inlined(schema: Any, known: Mapping[str, Any]) -> Any:
    """Return a schema with what its references name in their place."""
    if isinstance(schema, list):
        return [_inlined(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(deepcopy(known[schema["$ref"].removeprefix("#/$defs/")]), known)
    whole = {name: _inlined(one, known) for name, one in schema.items() if name != "$defs"}
    if isinstance(whole.get("description"), str):
        whole["description"] = " ".join(whole["description"].split())
    return whole


def _takes_null(schema: Schema) -> bool:
    return {"type": "null"} in schema.get("anyOf", [])
