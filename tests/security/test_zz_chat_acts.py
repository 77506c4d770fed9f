from collections import Counter

from tests.security.locks import second_lock_away, without_first_lock
from tests.security.test_zz_chat_lock import WEB, intrusions


def test_acts(cast, client):
    unseen = set()
    with without_first_lock(), second_lock_away(cast):
        for verdict in WEB:
            if (
                not verdict.key.startswith("GET ")
                and verdict.kind not in ("own", "mine")
                and not intrusions(cast, client, verdict, Counter())
            ):
                unseen.add(verdict.key)
    print("UNSEEN", sorted(unseen))
    from tests.security.forms import FORMS
    from tests.security.test_s2_acts import ACTS, THIRD_LOCK

    assert set(FORMS) == {v.key for v in ACTS}
    assert unseen == {k for k in THIRD_LOCK if "chat" in k}
