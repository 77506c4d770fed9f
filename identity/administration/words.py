"""English words of the page of accounts; each is the msgid of its translation."""

from typing import Final

OUTCOME_SENTENCES: Final[dict[str, str]] = {
    "done": "It is done.",
    "invited": "The invitation has left by mail.",
    "given": "This person had an account already: the new post is there at the next sign-in.",
    "held": "This person already holds this post.",
    "elsewhere": "This person is known elsewhere too, so this cannot be decided here alone. Ask "
    "the operator of the service, or let the person sign in with Pro Santé Connect.",
    "mail_taken": "This mail address belongs to another account.",
    "gone": "Somebody had already changed this. Nothing was changed.",
    "self": "You cannot decide this about yourself. Ask another administrator.",
    "nobody": "Nobody signs in with this name or number. Invite the person first.",
    "dates": "Choose a first day and a later last day.",
    "already": "This person already replaces this post in that time.",
    "form": "Something has to be corrected.",
}

STATE_LABELS: Final[dict[str, str]] = {
    "active": "Account in use",
    "invited": "Invited, not opened yet",
    "suspended": "Suspended",
    "expired": "Account has ended",
    "none": "No account",
    "dead": "A death is noted in the record: nobody is invited",
}
