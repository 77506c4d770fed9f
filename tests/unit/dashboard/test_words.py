"""What the nurse reads of a thing put aside is a sentence, never the name of a reason."""

from core.i18n import translator
from dashboard.words import QUARANTINE_REASONS
from ingest.quarantine import Reason


def test_every_reason_of_quarantine_has_its_words_in_french() -> None:
    assert set(QUARANTINE_REASONS) == set(Reason)
    tr = translator("fr")
    assert [words for words in QUARANTINE_REASONS.values() if tr(words) == words] == []
