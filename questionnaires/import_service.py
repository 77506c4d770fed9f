"""Use cases of those who may manage questionnaires: import, look, publish, retire."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import clock
from core.access import Permission
from core.doors import Action, Actor, PersonConnection, acting_as, note_access
from questionnaires import edition_store as store
from questionnaires.editions import Edition, Imported, NotImported, Why
from questionnaires.fhir import parse_questionnaire
from questionnaires.lifecycle import EditionAct, NotPossible, State, transition
from questionnaires.outside import Finding, OutsideSubset
from questionnaires.questionnaire import Questionnaire
from questionnaires.wire import read_json


def editions(actor: Actor) -> list[Edition]:
    """Return every edition the actor may see: in use first, newest first within each name."""
    with acting_as(actor) as conn:
        return store.load_editions(conn)


def edition_of(actor: Actor, digest: str) -> Edition | None:
    """Return one edition; None when the actor may not see it or there is none."""
    with acting_as(actor) as conn:
        return store.load_edition_row(conn, digest)


def import_questionnaire(
    actor: Actor, organisation: UUID, raw: bytes
) -> Imported | NotImported | OutsideSubset:
    """Store a FHIR R4 Questionnaire as a draft of the organisation, or say why not."""
    resource = read_json(raw)
    if isinstance(resource, Finding):
        return OutsideSubset((resource,))
    read = parse_questionnaire(resource)
    if isinstance(read, OutsideSubset):
        return read
    with acting_as(actor) as conn:
        return _store(conn, actor, organisation, read, resource)


def _store(
    conn: PersonConnection,
    actor: Actor,
    organisation: UUID,
    read: Questionnaire,
    resource: Mapping[str, Any],
) -> Imported | NotImported:
    if store.load_edition_row(conn, read.digest) is not None:
        return NotImported(Why.KNOWN, read.digest)
    if not store.is_name_ours(conn, read.name):
        return NotImported(Why.NAME_OF_OTHERS)
    new = store.save_draft_edition(
        conn, read, resource, organisation=organisation, by=actor.person, now=clock.now()
    )
    if not new:
        return NotImported(Why.VERSION_TAKEN)
    _note(conn, actor, "C", read.digest)
    return Imported(read.digest)


def act_on(actor: Actor, digest: str, act: EditionAct) -> Edition | NotPossible | None:
    """Publish or retire an edition of the actor's organisation; None when it is not his to do.

    Publishing takes the place of the edition of that name in use. Plans that run keep theirs.
    """
    with acting_as(actor) as conn:
        found = store.load_edition_row(conn, digest)
        if found is None or not found.ours:
            return None
        store.lock_name(conn, found.name)
        found = store.load_edition_row(conn, digest)
        if found is None:
            return None
        state = transition(State(found.state), act)
        if isinstance(state, NotPossible):
            return state
        now = clock.now()
        if state is State.ACTIVE:
            store.retire_active(conn, found.name, by=actor.person, now=now)
            store.publish_edition(conn, digest, by=actor.person, now=now)
        else:
            store.retire_edition(conn, digest, by=actor.person, now=now)
        _note(conn, actor, "U", digest)
        return store.load_edition_row(conn, digest)


def _note(conn: PersonConnection, actor: Actor, action: Action, digest: str) -> None:
    note_access(conn, actor, Permission.INSTRUMENTS_MANAGE, None, action, {"edition": digest})
