-- purpose: documents of a record with their versions and readers; photographs of notes
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table coordination.document (
    item_id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    author uuid not null references access.party on delete restrict,
    kind text not null check (kind ~ '^[0-9]+-[0-9]$'),
    site text check (site ~ '^[a-z_]+$'),
    kept_at timestamptz not null,
    foreign key (item_id, patient_id, author)
        references access.item (item_id, patient_id, author) on delete restrict
);
comment on table coordination.document is
    'A document of a record (FHIR DocumentReference); what it says stands in its versions, its bytes outside the database.';
comment on column coordination.document.kind is 'Type, a LOINC code (DocumentReference.type).';
comment on column coordination.document.site is 'Where on the body, of a photograph.';
create index document_by_patient on coordination.document (patient_id, kept_at desc, item_id);
create index document_by_site on coordination.document (patient_id, site) where site is not null;

create table coordination.document_version (
    id uuid primary key,
    item_id uuid not null references coordination.document on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    number integer not null check (number >= 1),
    by uuid not null references access.party on delete restrict,
    at timestamptz not null,
    title text not null check (length(title) between 1 and 160),
    dated_on date not null,
    valid_until date,
    media text not null check (media in ('application/pdf', 'image/jpeg')),
    size integer not null check (size > 0),
    digest bytea not null check (length(digest) = 32),
    pages integer not null check (pages >= 1),
    width integer check (width > 0),
    height integer check (height > 0),
    unique (item_id, number)
);
comment on table coordination.document_version is
    'A version as it was kept, never changed; its id is the name of its object.';
comment on column coordination.document_version.digest is
    'SHA-256 of the bytes: held against them at each reading.';
create index document_version_by on coordination.document_version (by, at desc);

create table coordination.document_withdrawn (
    item_id uuid primary key references coordination.document on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    by uuid not null references access.party on delete restrict,
    at timestamptz not null,
    reason text not null check (length(btrim(reason)) >= 1 and length(reason) <= 300)
);
comment on table coordination.document_withdrawn is
    'Entered in error: the document stays in the list, its file is served to nobody.';

create table coordination.document_reading (
    item_id uuid not null references coordination.document on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    person uuid not null references access.party on delete restrict,
    organisation uuid references access.party on delete restrict,
    role text not null check (role ~ '^[a-z_]+$'),
    first_at timestamptz not null,
    primary key (item_id, person)
);
comment on table coordination.document_reading is
    'Who opened the file of a document, for the first time, and as what; its author is no reader.';
