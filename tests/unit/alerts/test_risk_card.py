"""What stands of the model on a page: its argument, or in words why there is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.risk_card import RiskBeside, risk_card
from alerts.risk_line import Said, ShownRisk, risk_of, said_of
from core.vitals import Vital
from scoring.level import Level
from scoring.model.argument import Instead, Reason, Risk, RiskBand
from scoring.model.card import WARNING
from scoring.refusal import Incomplete, Refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RISK = Risk(
    version="ward-1",
    risk=0.236,
    band=RiskBand.RAISED,
    reasons=(
        Reason(vital=Vital.SPO2, value=92, worst=None, moved=1.2),
        Reason(vital=Vital.PULSE, value=72, worst=118, moved=-0.2),
    ),
    instead=Instead(vital=Vital.SPO2, lowest=95, highest=100, risk=0.1),
    missing=(Vital.SYSTOLIC,),
)


def beside(answer: Risk | Incomplete | Refused, oxygen: bool | None = None) -> RiskBeside:
    said = said_of(answer, oxygen=oxygen)
    line = ShownRisk(
        asked_at=NOW,
        noted_at=NOW,
        version="ward-1",
        risk=said.risk,
        band=said.band,
        reasons=said.reasons,
        instead=said.instead,
        missing=said.missing,
        silence=said.silence,
        level="orange",
    )
    return RiskBeside(level=Level.ORANGE, judged_at=NOW, version="ward-1", line=line)


def test_a_line_gives_back_the_argument_it_was_made_of() -> None:
    line = beside(RISK).line
    assert line is not None
    assert line.risk is not None
    assert line.band is not None
    again = risk_of(line.version, line.risk, line.band, line.reasons, line.instead, line.missing)
    assert again == RISK


def test_the_card_says_the_argument_and_what_is_not_known() -> None:
    card = risk_card(beside(RISK), "en")
    assert card.headline == "Risk of deterioration within 12 hours: raised (24 %)"
    assert card.band == "raised"
    assert len(card.reasons) == 2
    notes = [one.replace("\xa0", " ") for one in card.notes]
    assert notes[0] == "It would be low with SpO2 (saturation): 95 % or more"
    assert notes[1] == "Not known to the model: Blood pressure, upper value"
    assert notes[2] == "Oxygen not answered: taken as room air"
    assert card.version == "Model ward-1"
    assert risk_card(replace(beside(RISK), line=None), "en").version == "Model ward-1"
    assert card.asked_at == NOW
    assert card.behind is None
    assert card.warning is not None
    assert "intensive-care" in card.warning
    assert len(risk_card(beside(RISK, oxygen=False), "en").notes) == 2


def test_wherever_the_model_is_shown_it_says_that_the_order_counts_not_the_chance() -> None:
    lines = (beside(RISK), beside(Incomplete(missing=("pulse",))), replace(beside(RISK), line=None))
    for one in lines:
        said = risk_card(one, "en").warning
        assert said is not None
        assert said.startswith(f"{WARNING['en']} At home, where little is measured, ")
        assert said.endswith("it says who comes first, not the chance.")
        said = risk_card(one, "fr").warning
        assert said is not None
        assert said.startswith(f"{WARNING['fr']} À domicile")
        assert said.endswith("il dit qui passe d’abord, pas la probabilité.")


def test_it_says_why_nothing_is_said() -> None:
    def said(one: RiskBeside) -> str:
        return risk_card(one, "fr").headline.replace("\xa0", " ")

    assert said(beside(Incomplete(missing=("pulse",)))) == (
        "Le modèle ne dit rien : non mesuré depuis 24 heures : Pouls"
    )
    assert said(beside(Incomplete(missing=("spo2", "pulse")))) == (
        "Le modèle ne dit rien : non mesuré depuis 24 heures : SpO₂ (saturation) · Pouls"
    )
    child = "Le modèle ne dit rien : il n’est pas fait pour les moins de 16 ans"
    assert said(beside(Refused(reason="age"))) == child
    none = "Le modèle n’a pas encore été interrogé pour ce patient"
    assert said(replace(beside(RISK), line=None)) == none
    rules = "Aucun modèle en service : les règles parlent seules"
    assert said(replace(beside(RISK), version=None)) == rules


def test_what_a_model_said_that_was_taken_back_is_not_shown() -> None:
    for other in ("ward-2", None):
        card = risk_card(replace(beside(RISK), version=other), "en")
        assert card.band is None
        assert card.reasons == ()
        assert "24 %" not in card.headline


def test_a_line_older_than_the_state_says_by_how_much() -> None:
    def behind(lasting: timedelta) -> str | None:
        return risk_card(replace(beside(RISK), judged_at=NOW + lasting), "en").behind

    assert behind(timedelta(minutes=2)) is None
    assert behind(timedelta(minutes=2, seconds=1)) == "Older than the state beside it, by 2 min"
    assert behind(timedelta(minutes=45)) == "Older than the state beside it, by 45 min"
    assert behind(timedelta(minutes=59, seconds=59)) == "Older than the state beside it, by 59 min"
    assert behind(timedelta(hours=1)) == "Older than the state beside it, by 1 h 00"
    assert behind(timedelta(hours=3, minutes=5)) == "Older than the state beside it, by 3 h 05"
    assert behind(timedelta(hours=47, minutes=59)) == "Older than the state beside it, by 47 h 59"
    assert behind(timedelta(hours=48)) == "Older than the state beside it, by 2 days"
    nearly = timedelta(days=2, hours=23, minutes=59)
    assert behind(nearly) == "Older than the state beside it, by 2 days"
    assert behind(timedelta(days=4)) == "Older than the state beside it, by 4 days"


def test_what_nobody_said_takes_no_line_among_the_notes() -> None:
    bare = replace(RISK, instead=None, missing=())
    assert risk_card(beside(bare, oxygen=True), "en").notes == ()


def test_a_line_is_kept_in_the_words_the_record_has_them_in() -> None:
    """Kept lines outlive the code that wrote them: these words may not change."""
    assert said_of(Incomplete(missing=("spo2",)), oxygen=None) == Said(
        risk=None, band=None, reasons=[], instead=None, missing=["spo2", "supplemental_oxygen"],
        silence="missing",
    )  # fmt: skip
    assert said_of(Refused(reason="age"), oxygen=None) == Said(
        risk=None, band=None, reasons=[], instead=None, missing=[], silence="too_young"
    )
    assert said_of(RISK, oxygen=True) == Said(
        risk=0.236,
        band="raised",
        reasons=[
            {"vital": "spo2", "value": 92, "worst": None, "moved": 1.2},
            {"vital": "pulse", "value": 72, "worst": 118, "moved": -0.2},
        ],
        instead={"vital": "spo2", "lowest": 95, "highest": 100, "risk": 0.1, "value": None},
        missing=["systolic"],
        silence=None,
    )
