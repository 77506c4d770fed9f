-- purpose: items of a record with their own rights, who does not see them, shared notes
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table access.item (
    item_id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    kind text not null check (kind in ('note', 'document', 'social')),
    sensitivity text not null default 'normal' check (sensitivity in ('normal', 'sensitive')),
    sensitivity_by uuid references access.party on delete restrict,
    sensitivity_at timestamptz,
    author uuid not null references access.party on delete restrict,
    author_post uuid references access.post on delete restrict,
    author_name text not null,
    author_role text not null,
    author_organisation text,
    patient_name text not null,
    patient_born date,
    signed_at timestamptz not null,
    unique (item_id, patient_id, author),
    check (sensitivity = 'normal' or sensitivity_by is not null)
);
comment on table access.item is
    'A note, a document or a social item: what a record table points to for its own rights. Measurements, allergies and alerts are never items, so nothing can hide them.';
comment on column access.item.sensitivity is
    'sensitive: read by the author, the patient, who represents him and his doctor alone (FHIR meta.security R).';
comment on column access.item.sensitivity_by is 'Who flagged it: others do not lift his flag.';
comment on column access.item.author_name is 'As it was when he signed; so are role, organisation and the traits of the patient.';
create index item_by_patient on access.item (patient_id, kind, signed_at desc);
create index item_by_author on access.item (author, patient_id, signed_at desc);

create table access.item_hidden (
    id uuid primary key,
    item_id uuid not null references access.item on delete restrict,
    party uuid references access.party on delete restrict,
    role text check (role ~ '^[a-z_]+$'),
    by uuid not null references access.party on delete restrict,
    at timestamptz not null,
    reason text check (length(reason) <= 300),
    ended_by uuid references access.party on delete restrict,
    ended_at timestamptz check (ended_at >= at),
    check (num_nonnulls(party, role) = 1),
    check ((ended_at is null) = (ended_by is null))
);
comment on table access.item_hidden is
    'Who does not see an item although his role would let him: a party, or whoever holds a role.';
comment on column access.item_hidden.ended_at is 'From when it is shown again; rows are never deleted.';
create unique index item_hidden_from_party on access.item_hidden (item_id, party)
    where ended_at is null and party is not null;
create unique index item_hidden_from_role on access.item_hidden (item_id, role)
    where ended_at is null and role is not null;

create table coordination.note (
    item_id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    author uuid not null references access.party on delete restrict,
    category text not null default 'general' check (category ~ '^[a-z_]+$'),
    sent timestamptz not null,
    text text not null check (length(text) between 1 and 10000),
    foreign key (item_id, patient_id, author)
        references access.item (item_id, patient_id, author) on delete restrict
);
comment on table coordination.note is
    'A signed note shared in the circle (FHIR Communication); its text never changes.';
comment on column coordination.note.category is 'Kind of note (FHIR Communication.category).';
comment on column coordination.note.sent is 'When it was signed and shared (FHIR Communication.sent).';
create index note_by_patient on coordination.note (patient_id, sent desc);
