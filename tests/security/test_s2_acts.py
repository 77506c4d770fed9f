"""The acts sent to prove each lock are acts: with both locks away, each changes or shows something.

In a cast of its own, which it leaves in disorder.
"""

from collections import Counter

import pytest
from starlette.testclient import TestClient

from tests.security.cast import Cast
from tests.security.forms import FORMS
from tests.security.locks import second_lock_away, without_first_lock
from tests.security.test_s2_each_lock import WEB, intrusions

pytestmark = [pytest.mark.promise("S2"), pytest.mark.timeout(1500)]
ACTS = [verdict for verdict in WEB if not verdict.key.startswith("GET ")]
THIRD_LOCK = {
    # Rooms are read by named roles, held by the person himself, whatever opens the record.
    "POST /patients/{patient_id}/chat/{room_id}",
    "POST /patients/{patient_id}/chat/{room_id}/export",
    "POST /patients/{patient_id}/chat/{room_id}/mute",
    "POST /patients/{patient_id}/chat/{room_id}/search",
    "POST /patients/{patient_id}/chat/{room_id}/withdraw",
    # A note is signed in the role its author holds: where he holds none, no row can be written.
    "POST /patients/{patient_id}/notes",
    "POST /patients/{patient_id}/notes/{item_id}/answers",
    # So is what is given to do.
    "POST /patients/{patient_id}/actions",
    # A reminder is ended by whom it was for and who made it; what is withheld is judged again by
    # its author and the doctors in charge, and shown to named roles alone.
    "POST /patients/{patient_id}/notes/{item_id}/reminders/done",
    "POST /patients/{patient_id}/notes/{item_id}/withheld",
    # A replacement is ended by whom it replaces: whoever is in the circle in person himself.
    "POST /patients/{patient_id}/circle/replacement/{membership_id}/end",
    # So is a document; a withheld one is judged again as a note is.
    "POST /patients/{patient_id}/documents",
    "POST /patients/{patient_id}/documents/{document_id}/withheld",
    # A record that was proposed is taken back by whoever answers for it, a request for support by
    # whoever asked.
    "POST /patients/{patient_id}/record/transfers/{transfer_id}/withdraw",
    "POST /patients/{patient_id}/support/{support_id}/withdraw",
    # A request is its centre's: whoever acts for no organisation, or another, names no record.
    "POST /requests/{request_id}/patient",
    # An answer that a phone kept is taken from whoever gave it there alone.
    "POST /p/for/{patient_id}/api/answers",
}
OF_NO_RECORD = {
    # Whoever is found in the directory is of no record: nothing of one is seen, nothing changed.
    "POST /directory",
    "POST /directory/found.json",
    "POST /directory/found.csv",
}


def test_every_act_has_its_form() -> None:
    assert set(FORMS) == {verdict.key for verdict in ACTS}


def test_every_act_with_both_locks_away_is_found(cast: Cast, client: TestClient) -> None:
    """The deliberate fault: an act that is refused for its fields proves nothing of a lock."""
    unseen = set[str]()
    with without_first_lock(), second_lock_away(cast):
        for verdict in ACTS:
            # One's own record and tasks: there the locks ask for the patient himself.
            if verdict.kind not in ("own", "mine") and not intrusions(
                cast, client, verdict, Counter()
            ):
                unseen.add(verdict.key)
    assert unseen == THIRD_LOCK | OF_NO_RECORD
