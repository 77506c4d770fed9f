-- purpose: links with a code to one version of a document
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
alter table coordination.document_version
    add constraint document_version_of_document unique (id, item_id, patient_id);

create table coordination.document_link (
    id uuid primary key,
    item_id uuid not null references coordination.document on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    version_id uuid not null,
    made_by uuid not null references access.party on delete restrict,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    token_hash bytea not null unique check (length(token_hash) = 32),
    code_hash bytea not null check (length(code_hash) = 32),
    mailed_to text check (length(mailed_to) <= 120 and mailed_to = lower(mailed_to)),
    tries smallint not null default 0 check (tries between 0 and 5),
    openings integer not null default 0 check (openings >= 0),
    opened_at timestamptz,
    ended_at timestamptz,
    ended_by uuid references access.party on delete restrict,
    check (expires_at > made_at and expires_at <= made_at + interval '7 days'),
    check ((ended_at is null) = (ended_by is null)),
    check ((openings = 0) = (opened_at is null)),
    foreign key (version_id, item_id, patient_id)
        references coordination.document_version (id, item_id, patient_id) on delete restrict
);
comment on table coordination.document_link is
    'A link that opens one version of a document with a code, for some days, to whoever has both.';
comment on column coordination.document_link.token_hash is 'SHA-256 of 32 random bytes.';
comment on column coordination.document_link.code_hash is
    'Keyed digest of six digits: nobody tries them out with the database alone.';
comment on column coordination.document_link.tries is 'Wrong codes: at five it opens nothing more.';
create index document_link_of on coordination.document_link (item_id, made_at desc);
create index document_link_by on coordination.document_link (made_by, made_at desc);
