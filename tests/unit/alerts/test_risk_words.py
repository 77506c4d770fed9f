"""The risk in words: what moved it, what would calm it, what is missing, and always the warning."""

from dataclasses import replace

import pytest

from alerts.risk_words import risk_words
from core.vitals import Vital
from scoring.model.argument import Instead, Reason, Risk, RiskBand

RISK = Risk(
    version="ward-1",
    risk=0.236,
    band=RiskBand.RAISED,
    reasons=(
        Reason(vital=Vital.SPO2, value=92, worst=None, moved=1.2),
        Reason(vital=Vital.TEMPERATURE, value=38.44, worst=None, moved=0.5),
        Reason(vital=Vital.PULSE, value=72, worst=118, moved=-0.2),
    ),
    instead=Instead(vital=Vital.SPO2, lowest=95, highest=100, risk=0.1),
    missing=(Vital.SYSTOLIC, Vital.DIASTOLIC),
)


def test_a_nurse_reads_it_in_french() -> None:
    said = risk_words(RISK, "fr")
    assert said.headline == "Risque de dégradation dans les 12 heures : accru (24 %)"
    assert [one.replace("\xa0", " ") for one in said.reasons] == [
        "SpO₂ (saturation) : 92 %, augmente fortement le risque",
        "Température : 38,4 °C, augmente le risque",
        "Pouls : 118 bpm en deux jours, 72 bpm maintenant, diminue un peu le risque",
    ]
    assert said.instead == "Il serait faible avec SpO₂ (saturation) : 95 % ou plus"
    assert said.missing is not None
    assert said.missing.startswith("Le modèle ne connaît pas : ")
    assert said.version == "Modèle ward-1"
    assert "réanimation" in said.warning


def test_whoever_reads_english_reads_it_in_english() -> None:
    said = risk_words(replace(RISK, missing=(), instead=None), "en")
    assert said.headline == "Risk of deterioration within 12 hours: raised (24 %)"
    assert said.reasons[0].endswith("92 %, raises the risk strongly")
    assert said.instead is None
    assert said.missing is None
    assert "intensive-care" in said.warning


def test_a_risk_without_a_reason_says_so() -> None:
    assert risk_words(replace(RISK, reasons=()), "en").reasons == ("No single value explains it",)
    assert risk_words(replace(RISK, reasons=()), "fr").reasons == (
        "Aucune valeur seule ne l’explique",
    )


@pytest.mark.parametrize(
    ("value", "bounds"),
    [(135, "110 bpm or less"), (38, "41 bpm or more")],
)
def test_of_a_band_the_side_that_was_left_is_named_where_the_line_keeps_no_value(
    value: float, bounds: str
) -> None:
    reasons = (Reason(vital=Vital.PULSE, value=value, worst=None, moved=2.0),)
    instead = Instead(vital=Vital.PULSE, lowest=41, highest=110, risk=0.1)
    said = risk_words(replace(RISK, reasons=reasons, instead=instead), "en")
    assert said.instead is not None
    assert said.instead.replace("\xa0", " ").endswith(f": {bounds}")


@pytest.mark.parametrize(
    ("value", "bounds"), [(105, "111 mmHg or more"), (240, "219 mmHg or less")]
)
def test_the_side_is_named_of_a_vital_that_is_no_reason_too(value: float, bounds: str) -> None:
    instead = Instead(vital=Vital.SYSTOLIC, lowest=111, highest=219, risk=0.1, value=value)
    said = risk_words(replace(RISK, instead=instead), "en")
    assert said.instead is not None
    assert said.instead.replace("\xa0", " ").endswith(f": {bounds}")
