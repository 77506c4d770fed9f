"""The card of a model: what it is for, what it was made from, what it is worth, and its warning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scoring.model.heads import Heads

WARNING: Final = {
    "en": "Research-grade: trained on intensive-care patients, never tried at home. It advises; "
    "the rules and the people who know the patient decide.",
    "fr": "Modèle de recherche : entraîné sur des patients de réanimation, jamais éprouvé à "
    "domicile. Il conseille ; les règles et ceux qui connaissent le patient décident.",
}
DATA: Final = {
    "name": "PhysioNet/Computing in Cardiology Challenge 2019, training set A",
    "licence": "CC BY 4.0",
    "source": "https://doi.org/10.13026/v64v-d857",
    "cite": "Reyna et al., Crit Care Med 2020;48:210-217",
}


def write_card(
    heads: "Heads",
    version: str,
    data_digest: str,
    hourly: Mapping[str, Any],
    at_home: Mapping[str, Any],
) -> "Heads":
    """Return the model with its whole card: the reports are of patients it has not seen."""
    card = {
        "version": version,
        "warning": WARNING,
        "use": "Shown beside the rule-based state, never above it and never alone.",
        "data": {**DATA, "sha256": data_digest},
        **heads.card,
        "held_out": {"hourly": dict(hourly), "every_8h": dict(at_home)},
    }
    return replace(heads, card=card)
