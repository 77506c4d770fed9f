"""Answers `chevet explain`: why a person may, or may not, do something with a record."""

from collections.abc import Callable
from uuid import UUID

from coordination.explain_service import NoSuchPerson, explain_to_administrator
from coordination.explain_words import exception_sentence, verdict_sentence
from core.access import Permission
from identity.lookup_service import person_of_login


def explain(login: str, patient: str, asked: str, tell: Callable[[str], None]) -> int:
    """Print the verdict and what it rests on; 0 = allowed, 1 = not, 2 = a bad question.

    Says no name of a patient and nothing of what an item holds.
    """
    permission = next((one for one in Permission if one == asked), None)
    if permission is None:
        tell(f"There is no permission {asked}; there are: {', '.join(sorted(Permission))}.")
        return 2
    try:
        patient_id = UUID(patient)
    except ValueError:
        tell("--patient is the id of a record.")
        return 2
    person = person_of_login(login)
    answer = explain_to_administrator(patient_id, person, permission) if person else None
    if answer is None or isinstance(answer, NoSuchPerson):
        tell(f"Nobody signs in as {login}.")
        return 2
    sentence = verdict_sentence(answer.explained, str, lambda day: f"{day:%Y-%m-%d}")
    tell(f"{answer.person.name}, {permission}: {sentence}")
    for one in answer.not_shown:
        signed = f"{one.item.kind} {one.item.item_id} of {one.item.signed_at:%Y-%m-%d}"
        tell(f"  {signed}: {exception_sentence(one.why, str)}")
    return 0 if answer.explained.allow else 1
