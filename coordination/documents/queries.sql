-- Queries of documents.

-- name: documents
-- The documents of a record that the actor reads, latest first.
select item_id, patient_id, author, author_name, author_role, author_organisation, kind, site,
    kept_at, sensitivity, sensitivity_by, withheld, within, root_author, root_sensitivity,
    withdrawn_at, version_id, number, title, dated_on, valid_until, media, pages, size, width,
    height
from doorway.document
where patient_id = any (access.record_of(%(patient)s))
    and (%(kind)s::text is null or kind = %(kind)s)
order by kept_at desc, item_id desc
limit %(most)s;

-- name: document
-- One document, if the actor reads it.
select item_id, patient_id, author, author_name, author_role, author_organisation, kind, site,
    kept_at, sensitivity, sensitivity_by, withheld, within, root_author, root_sensitivity,
    withdrawn_at, version_id, number, title, dated_on, valid_until, media, pages, size, width,
    height
from doorway.document
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s));

-- name: documents_within
-- The documents attached to some notes, oldest first.
select item_id, patient_id, author, author_name, author_role, author_organisation, kind, site,
    kept_at, sensitivity, sensitivity_by, withheld, within, root_author, root_sensitivity,
    withdrawn_at, version_id, number, title, dated_on, valid_until, media, pages, size, width,
    height
from doorway.document
where within = any (%(items)s) and patient_id = any (access.record_of(%(patient)s))
order by kept_at, item_id;

-- name: photographs_of_site
-- The photographs of one place of the body, oldest first.
select item_id, patient_id, author, author_name, author_role, author_organisation, kind, site,
    kept_at, sensitivity, sensitivity_by, withheld, within, root_author, root_sensitivity,
    withdrawn_at, version_id, number, title, dated_on, valid_until, media, pages, size, width,
    height
from doorway.document
where site = %(site)s and patient_id = any (access.record_of(%(patient)s))
    and withdrawn_at is null
order by dated_on, kept_at, item_id
limit %(most)s;

-- name: versions
-- Every version of a document, latest first.
select id, item_id, number, by, by_name, at, title, dated_on, valid_until, media, size, digest
from doorway.document_version
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s))
order by number desc;

-- name: version
-- One version, if the actor reads its document.
select id, item_id, number, by, by_name, at, title, dated_on, valid_until, media, size, digest
from doorway.document_version
where id = %(version)s and patient_id = any (access.record_of(%(patient)s));

-- name: own_version
-- A version by its id, of whatever document, if the actor added it to this record.
select id, item_id, number, by, by_name, at, title, dated_on, valid_until, media, size, digest
from doorway.document_version
where id = %(version)s and by = %(by)s and patient_id = any (access.record_of(%(patient)s));

-- name: readers
-- Who opened the file of a document, by whom first.
select name, role, organisation_name, first_at from doorway.document_reader
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s))
order by first_at, person;

-- name: sign_document_item
-- A new item of a record; the database writes who signs it, when and as what.
insert into access.item (item_id, patient_id, kind, sensitivity, within)
values (%(item)s, %(patient)s, 'document', %(sensitivity)s, %(within)s);

-- name: keep_document
-- A document whose item was just signed.
insert into coordination.document (item_id, patient_id, author, kind, site, kept_at)
values (%(item)s, %(patient)s, %(author)s, %(kind)s, %(site)s, %(now)s);

-- name: keep_version
-- A version of a document.
insert into coordination.document_version (id, item_id, patient_id, number, by, at, title, dated_on,
    valid_until, media, size, digest, pages, width, height)
values (%(id)s, %(item)s, %(patient)s, %(number)s, %(by)s, %(now)s, %(title)s, %(dated_on)s,
    %(valid_until)s, %(media)s, %(size)s, %(digest)s, %(pages)s, %(width)s, %(height)s);

-- name: withdraw_document
-- A document was entered in error.
insert into coordination.document_withdrawn (item_id, patient_id, by, at, reason)
values (%(item)s, %(patient)s, %(by)s, %(now)s, %(reason)s)
on conflict do nothing;

-- name: may_withdraw_document
-- Whether the actor may say that a document was entered in error.
select coordination.may_withdraw_document(%(item)s) as done;

-- name: withdrawal
-- Why a document was withdrawn.
select reason from coordination.document_withdrawn where item_id = %(item)s;

-- name: read_document
-- The actor has opened the file of a document.
select coordination.read_document(%(item)s);

-- name: kept_since
-- How many files the actor has kept since an instant, in whatever record.
select coordination.kept_since(%(since)s) as count;

-- name: add_link
-- A link to a version; the database holds that its document may leave.
insert into coordination.document_link (id, item_id, patient_id, version_id, made_by, made_at,
    expires_at, token_hash, code_hash, mailed_to)
values (%(id)s, %(item)s, %(patient)s, %(version)s, %(by)s, %(now)s, %(expires_at)s,
    %(token_hash)s, %(code_hash)s, %(mailed_to)s);

-- name: mail_link
-- The mail of a link goes out.
select coordination.mail_document_link(%(id)s, %(message)s, %(sealed)s, %(locale)s) as done;

-- name: links
-- The links to a document, latest first.
select id, item_id, number, made_by_name, made_at, expires_at, mailed_to, tries, openings,
    opened_at, ended_at, undeliverable
from doorway.document_link
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s))
order by made_at desc, id
limit 50;

-- name: link
-- One link, if the actor reads its document and may share it.
select id, item_id, number, made_by_name, made_at, expires_at, mailed_to, tries, openings,
    opened_at, ended_at, undeliverable
from doorway.document_link
where id = %(link)s and patient_id = any (access.record_of(%(patient)s));

-- name: end_link
-- A link opens nothing any more.
select coordination.end_document_link(%(link)s) as done;

-- name: open_link
-- A link opens, counted.
select coordination.open_document_link(%(link)s) as done;

-- name: gate_try_link
-- What stands behind a link whose code was right.
select id, item_id, patient_id, version_id, made_by
from coordination.gate_try_document_link(%(token_hash)s, %(code_hash)s);
