"""Components that more than one page speaks to, by id."""

from typing import Final

PATIENT_IN_HAND: Final = "patient-in-hand"
"""Holds the id of the patient whose page is open."""
CLICK: Final = "click"
"""Holds the last button clicked, as {act, on, level, at}: a stable place, so that no refresh that
replaces a button between click and answer can swallow the click."""
RECORD_REFUSAL: Final = "record-refusal"
"""Where a page says that a record does not open."""
CONSOLE_FAULT: Final = "console-fault"
"""Where every page says that something failed, above any dialog."""
