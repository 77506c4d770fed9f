"""Use cases of the national directory: importing an extract, searching, reading reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from core import clock
from core.doors import Actor, Service, ServiceConnection, acting_as, note_run, serving
from core.ids import new_id
from core.settings import settings
from identity.directory import (
    Extract,
    ImportReport,
    OrganisationEntry,
    PostEntry,
    ProfessionalEntry,
    Refusal,
    role_of,
)
from identity.store import directory as store

MOST_IMPORTS: Final = 50
MOST_REFUSALS_KEPT: Final = 1000
"""Refusals kept for the page (proposed), the first; the report handed back has them all."""
UNWRITABLE: Final = (psycopg.DataError, psycopg.IntegrityError)
UNWRITABLE_REASON: Final = "The database cannot hold it: a code or a character is wrong."
Entry = OrganisationEntry | ProfessionalEntry
Taken = TypeVar("Taken", bound=Entry)
Known = store.KnownOrganisation | store.KnownProfessional
COMPARED: Final = {
    OrganisationEntry: (
        *("finess", "national_id", "directory_id", "name", "kind", "sector", "mssante", "active"),
        *("postcode", "town", "commune", "phone"),
    ),
    ProfessionalEntry: (
        *("rpps", "adeli", "directory_id", "family_name", "given_names", "civility"),
        *("profession", "specialty", "mssante", "active"),
    ),
}


@dataclass(slots=True)
class _Work:
    """What an import has done so far; `parties` are known by their keys."""

    conn: ServiceConnection
    now: datetime
    parties: dict[str, UUID] = field(default_factory=dict)
    roles: dict[UUID, tuple[str | None, str | None]] = field(default_factory=dict)
    kinds: dict[UUID, str] = field(default_factory=dict)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0
    closed: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def import_directory(
    extract: Extract, *, format: str, source: str, dry_run: bool = False
) -> ImportReport:
    """Write an extract in one transaction, and the report of it; a dry run writes the report only.

    An entry is found again by its numbers; entries that are not in the extract are left alone.
    """
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        work = _Work(conn, now, refusals=list(extract.refusals))
        with conn.transaction(force_rollback=dry_run):
            _everything(work, extract)
        report = ImportReport(
            id=new_id(now),
            at=now,
            format=format,
            source=source,
            dry_run=dry_run,
            created=work.created,
            updated=work.updated,
            unchanged=work.unchanged,
            ended=work.ended,
            closed=work.closed,
            refused=[{"ref": one.ref, "reason": one.reason} for one in work.refusals],
        )
        store.save_import(conn, replace(report, refused=report.refused[:MOST_REFUSALS_KEPT]))
        note_run(
            conn,
            Service.ADMINISTRATION,
            "directory_import",
            created=work.created,
            updated=work.updated,
            ended=work.ended,
            closed=work.closed,
            refused=len(work.refusals),
        )
    return report


def _everything(work: _Work, extract: Extract) -> None:
    places = store.load_organisations(work.conn, _all(extract, True))
    people = store.load_professionals(work.conn, _all(extract, False))
    taken = _entries(work, extract.organisations, places)
    _entries(work, extract.professionals, people)
    _parents(work, taken)
    _posts(work, extract.posts)


def _all(extract: Extract, organisations: bool) -> list[str]:
    """Return every key the extract speaks of, those of its references included."""
    entries: Sequence[Entry] = extract.organisations if organisations else extract.professionals
    keys = {key for entry in entries for key in entry.keys}
    keys |= {post.organisation if organisations else post.professional for post in extract.posts}
    if organisations:
        keys |= {one.parent for one in extract.organisations if one.parent}
    return sorted(keys)


def _entries(work: _Work, entries: Sequence[Taken], known: Sequence[Known]) -> list[Taken]:
    """Write entries; return those that were not refused."""
    rows: dict[UUID, Known] = {}
    for row in known:
        party = row.person if isinstance(row, store.KnownProfessional) else row.organisation
        rows[party] = row
        work.parties.update({key: party for key in _keys_of(row)})
        _remember(work, party, row)
    seen: set[str] = set()
    taken: list[Taken] = []
    for entry in entries:
        found = {work.parties[key] for key in entry.keys if key in work.parties}
        if len(found) > 1 or seen & set(entry.keys):
            work.refusals.append(Refusal(entry.ref, "Its numbers are those of another entry too."))
            continue
        seen |= set(entry.keys)
        party = found.pop() if found else new_id(work.now)
        try:
            with work.conn.transaction():
                _write(work, entry, party, rows.get(party))
        except UNWRITABLE:
            work.refusals.append(Refusal(entry.ref, UNWRITABLE_REASON))
            continue
        work.parties.update({key: party for key in entry.keys})
        _remember(work, party, entry)
        taken.append(entry)
    return taken


def _keys_of(row: Known) -> list[str]:
    if isinstance(row, store.KnownProfessional):
        pairs = (("rpps", row.rpps), ("adeli", row.adeli), ("id", row.directory_id))
    else:
        pairs = (("finess", row.finess), ("nst", row.national_id), ("id", row.directory_id))
    return [f"{kind}:{number}" for kind, number in pairs if number]


def _remember(work: _Work, party: UUID, one: Entry | Known) -> None:
    if isinstance(one, ProfessionalEntry | store.KnownProfessional):
        work.roles[party] = (one.profession, one.specialty)
    else:
        work.kinds[party] = one.kind


def _write(work: _Work, entry: Entry, party: UUID, row: Known | None) -> None:
    if isinstance(entry, OrganisationEntry) and isinstance(row, store.KnownOrganisation):
        entry = with_known_place(entry, row)
    if row is not None and all(
        getattr(entry, name) == getattr(row, name) for name in COMPARED[type(entry)]
    ):
        work.unchanged += 1
        return
    store.save_entry(work.conn, entry, party, work.now, new=row is None)
    if row is None:
        work.created += 1
    elif row.active and not entry.active:
        work.closed += 1
    else:
        work.updated += 1


def with_known_place(entry: OrganisationEntry, row: store.KnownOrganisation) -> OrganisationEntry:
    """Keep the address and the number of an organisation of which an extract says nothing."""
    if any((entry.postcode, entry.town, entry.commune)):
        return replace(entry, phone=entry.phone or row.phone)
    return replace(
        entry,
        postcode=row.postcode,
        town=row.town,
        commune=row.commune,
        phone=entry.phone or row.phone,
    )


def _parents(work: _Work, organisations: Sequence[OrganisationEntry]) -> None:
    for entry in organisations:
        party = work.parties.get(entry.keys[0])
        parent = work.parties.get(entry.parent or "")
        if party and parent and parent != party:
            store.set_parent(work.conn, party, parent)


def _posts(work: _Work, posts: Sequence[PostEntry]) -> None:
    known = store.load_directory_posts(work.conn, [post.directory_id for post in posts])
    for entry in posts:
        try:
            with work.conn.transaction():
                reason = _post(work, entry, known.get(entry.directory_id))
        except UNWRITABLE:
            reason = UNWRITABLE_REASON
        if reason:
            work.refusals.append(Refusal(entry.ref, reason))


def _post(work: _Work, entry: PostEntry, known: store.KnownPost | None) -> str:
    """Write one post; return why it is refused, or nothing."""
    person, place = work.parties.get(entry.professional), work.parties.get(entry.organisation)
    if person is None or person not in work.roles:
        return "Its professional is not in the directory."
    if place is None or place not in work.kinds:
        return "Its organisation is not in the directory."
    zone = ZoneInfo(settings().time_zone)
    ends = datetime.combine(entry.ends_on, time(), zone) if entry.ends_on else None
    over = not entry.active or (ends is not None and ends <= work.now)
    if known is not None:
        return _known_post(work, known, (person, place), work.now if over else ends)
    role = role_of(*work.roles[person], work.kinds[place], entry.practice_mode)
    if not role:
        return "There is no role here for this profession in this place."
    starts = datetime.combine(entry.starts_on, time(), zone) if entry.starts_on else work.now
    if over or (ends is not None and ends <= starts):
        work.unchanged += 1
        return ""
    store.save_directory_post(
        work.conn,
        entry,
        post=new_id(work.now),
        person=person,
        organisation=place,
        role=role,
        starts_at=starts,
        ends_at=ends,
    )
    work.created += 1
    return ""


def _known_post(
    work: _Work, known: store.KnownPost, parties: tuple[UUID, UUID], ends: datetime | None
) -> str:
    if (known.person, known.organisation) != parties:
        return "This post was somebody else's, or elsewhere, in an earlier import."
    if ends is None or (known.ends_at is not None and known.ends_at <= ends):
        work.unchanged += 1
        return ""
    if store.end_directory_post(work.conn, known.post, ends):
        work.ended += 1
    return ""


def imports(actor: Actor) -> list[ImportReport]:
    """Return the latest imports, for posts with `directory:import`."""
    with acting_as(actor) as conn:
        return store.load_imports(conn, None, MOST_IMPORTS)


def import_report(actor: Actor, id: UUID) -> ImportReport | None:
    """Return what one import did and refused, for posts with `directory:import`."""
    with acting_as(actor) as conn:
        return next(iter(store.load_imports(conn, id, 1)), None)
