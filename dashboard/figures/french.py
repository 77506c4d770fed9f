"""How charts speak French: plotly ships no locale file, so the words are given inline."""

from typing import Any, Final

_FRENCH: Final = {
    "dictionary": {},
    "format": {
        "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        "months": [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
            "septembre", "octobre", "novembre", "décembre",
        ],
        "shortMonths": [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
            "nov.", "déc.",
        ],
        "date": "%d/%m/%Y",
        "decimal": ",",
        "thousands": " ",
        "year": "%Y",
        "month": "%b %Y",
        "dayMonth": "%-d %b",
        "dayMonthYear": "%-d %b %Y",
    },
}  # fmt: skip

GRAPH_CONFIG: Final[dict[str, dict[str, Any]]] = {
    "fr": {
        "displayModeBar": False,
        "responsive": True,
        "scrollZoom": False,
        "locale": "fr",
        "locales": {"fr": _FRENCH},
    },
    "en": {"displayModeBar": False, "responsive": True, "scrollZoom": False},
}
"""Configuration of a graph by language."""
