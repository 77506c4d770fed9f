"""The list of documents reads the record it shows, not those of the region beside it."""

import psycopg

from coordination.documents import service, store
from core.access import Permission
from core.care import open_record
from core.doors import CareContext, acting_as
from tests.conftest import Database
from tests.people import make_care, make_patient

FILLED = """
with made as (
    insert into access.item (item_id, patient_id, kind, author, author_name, author_role,
        patient_name, signed_at)
    select gen_random_uuid(), case when n <= 40 then %s else %s end, 'document', %s, 'x', 'gp',
        'x', now() from generate_series(1, 12000) n
    returning item_id, patient_id, author
), papers as (
    insert into coordination.document (item_id, patient_id, author, kind, kept_at)
    select item_id, patient_id, author, '11502-2', now() from made
    returning item_id
)
insert into coordination.document_version (id, item_id, patient_id, number, by, at, title, dated_on,
    media, size, digest, pages)
select gen_random_uuid(), item_id, patient_id, 1, author, now(), 'x', current_date,
    'application/pdf', 1, sha256(''), 1 from made
"""
LARGE = ("access.item", "coordination.document", "coordination.document_version")


def test_a_list_of_documents_walks_its_index(database: Database) -> None:
    care, other = make_care(), make_patient("Voisin", "Luc")
    with psycopg.connect(database.dsn("SUPERUSER")) as conn:
        conn.execute("set session_replication_role = replica")  # no trigger: it is only bulk
        conn.execute(FILLED, [care.patient, other, care.gp.person])
        conn.execute("analyze access.item, coordination.document, coordination.document_version")
    opened = open_record(care.nurse, care.patient, Permission.DOCUMENTS_READ)
    assert isinstance(opened, CareContext)
    with acting_as(opened) as conn:
        found = store.load_documents(conn, opened.patient, None, service.MOST_SHOWN)
        read = conn.execute(
            "select schemaname || '.' || relname, seq_tup_read, coalesce(idx_tup_fetch, 0)"
            " from pg_stat_xact_user_tables where schemaname || '.' || relname = any (%s)",
            [list(LARGE)],
        ).fetchall()
    assert len(found) == 40
    assert {str(name) for name, _, _ in read} == set(LARGE)
    assert [name for name, by_scan, _ in read if by_scan] == []
    assert max(rows for _, _, rows in read) <= 40 * 12
