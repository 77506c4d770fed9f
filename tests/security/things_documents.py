"""Documents that paths name, with a file that can be read."""

from uuid import UUID, uuid4

from core import clock, objects
from core.ids import new_id
from tests.security.cast import CANARY, Cast, add_party
from tests.security.makers import makes

FILE = b"%PDF-1.7 of the cast"


@makes("document_id")
def make_document(cast: Cast) -> UUID:
    """A photograph of the patient, signed by somebody who is in no other relation to him."""
    return _made(cast)[0]


@makes("file_id")
def make_file(cast: Cast) -> UUID:
    """The file of such a document."""
    return _made(cast)[1]


def _made(cast: Cast) -> tuple[UUID, UUID]:
    author, item, version = add_party(cast.owner, "person", "Auteur"), uuid4(), new_id(clock.now())
    digest = objects.keep(version, FILE)
    cast.owner.execute(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'document', %s, 'Auteur', 'gp', %s, now())",
        [item, cast.patient, author, CANARY],
    )
    cast.owner.execute(
        "insert into coordination.document (item_id, patient_id, author, kind, site, kept_at)"
        " values (%s, %s, %s, '72170-4', 'back', now())",
        [item, cast.patient, author],
    )
    cast.owner.execute(
        "insert into coordination.document_version (id, item_id, patient_id, number, by, at, title,"
        " dated_on, media, size, digest, pages, width, height) values"
        " (%s, %s, %s, 1, %s, now(), %s, current_date, 'image/jpeg', 20, %s, 1, 10, 10)",
        [version, item, cast.patient, author, f"Un document sur {CANARY}", digest],
    )
    return item, version


@makes("share_id")
def make_link(cast: Cast) -> UUID:
    """A link to such a document, made by its author."""
    item, version = _made(cast)
    link = uuid4()
    cast.owner.execute(
        "insert into coordination.document_link (id, item_id, patient_id, version_id, made_by,"
        " made_at, expires_at, token_hash, code_hash, mailed_to) select %s, item_id, patient_id,"
        " %s, author, now(), now() + interval '3 days', sha256(%s), sha256('code'), %s"
        " from coordination.document where item_id = %s",
        [link, version, link.bytes, f"{CANARY}@exemple.mssante.fr".lower(), item],
    )
    return link


def make_withheld_document(cast: Cast) -> UUID:
    """One that is not communicable to the patient and his family."""
    item = make_document(cast)
    cast.owner.execute(
        "insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by,"
        " at) select %s, item_id, patient_id, 'abuse', %s, current_date + 30, author, signed_at"
        " from access.item where item_id = %s",
        [uuid4(), CANARY, item],
    )
    return item
