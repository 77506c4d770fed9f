"""The extensions of FHIR that a questionnaire may use, with the value[x] each one has.

Standard ones by their own addresses; ours stand under `OURS` and are described in
docs/reference/questionnaires.md.
"""

from typing import Final

OURS: Final = "https://chevet.example/fhir/StructureDefinition/"
_HL7 = "http://hl7.org/fhir/StructureDefinition/"

PROPOSED: Final = OURS + "questionnaire-proposed"
"""valueBoolean: to be validated by a doctor."""
VITAL: Final = OURS + "item-vital"
"""valueCode: the time series a number joins, by its slug."""
LEVEL: Final = OURS + "option-level"
"""valueCode green | orange | red: what the answer means for the review."""
URGENCY: Final = OURS + "option-urgency"
"""valueCode call_15 | call_3114: what the patient is told at once."""

UNIT: Final = _HL7 + "questionnaire-unit"
LOWEST: Final = _HL7 + "minValue"
HIGHEST: Final = _HL7 + "maxValue"
DECIMALS: Final = _HL7 + "maxDecimalPlaces"
CONTROL: Final = _HL7 + "questionnaire-itemControl"
CALCULATED: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
)
"""https://hl7.org/fhir/uv/sdc/StructureDefinition-sdc-questionnaire-calculatedExpression.html"""

MEDIA: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-itemMedia"
"""valueAttachment: the item read aloud (`questionnaires/sounds.py`).
https://hl7.org/fhir/uv/sdc/STU4/en/StructureDefinition-sdc-questionnaire-itemMedia-definitions.html"""

OF_QUESTIONNAIRE: Final = {PROPOSED: "valueBoolean"}
OF_NUMBER: Final = {
    UNIT: "valueCoding",
    LOWEST: "valueInteger|valueDecimal",
    HIGHEST: "valueInteger|valueDecimal",
    DECIMALS: "valueInteger",
    VITAL: "valueCode",
}
OF_SCORE: Final = {CALCULATED: "valueExpression"}
OF_OPTION: Final = {LEVEL: "valueCode", URGENCY: "valueCode"}
OF_HELP: Final = {CONTROL: "valueCodeableConcept"}

ITEM_CONTROL: Final = "http://hl7.org/fhir/questionnaire-item-control"
LOINC: Final = "http://loinc.org"
