-- purpose: records shared or not, archived, handed to another organisation; what was said of them
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table access.record (
    patient_id uuid primary key references access.patient on delete restrict,
    shared boolean not null default true,
    organisation uuid references access.party on delete restrict,
    archived_at timestamptz,
    version integer not null default 0 check (version >= 0),
    changed_at timestamptz not null,
    check (shared or organisation is not null)
);
comment on table access.record is
    'How a record stands; one without a row is shared and not archived.';
comment on column access.record.organisation is
    'Whose posts alone read it, with the patient and who represents him, while it is not shared.';
comment on column access.record.archived_at is 'Since when nobody writes in it.';
comment on column access.record.version is 'Counts every change: a form that shows an older one is refused.';
create index record_not_shared on access.record (patient_id) where not shared;
create index record_archived on access.record (patient_id) where archived_at is not null;

create table access.record_change (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    what text not null check (what in ('shared', 'unshared', 'archived', 'reopened')),
    reason text not null check (length(reason) <= 300),
    by_person uuid not null references access.party on delete restrict,
    organisation uuid references access.party on delete restrict,
    at timestamptz not null
);
comment on table access.record_change is 'Who shared, closed, archived or reopened a record, when and why.';
create index record_change_of on access.record_change (patient_id, at);

create table access.asleep (
    id bigint generated always as identity primary key,
    membership_id uuid not null references access.membership on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    since timestamptz not null,
    kept_until timestamptz,
    woken_at timestamptz check (woken_at >= since)
);
comment on table access.asleep is
    'Memberships that sleep because the record is not shared: ended meanwhile, and given back as they were.';
comment on column access.asleep.kept_until is 'The end that the membership had before it slept.';
create unique index asleep_now on access.asleep (membership_id) where woken_at is null;
create index asleep_of on access.asleep (patient_id) where woken_at is null;

create table coordination.transfer (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    from_organisation uuid not null references access.party on delete restrict,
    to_organisation uuid not null references access.party on delete restrict,
    mission text not null check (mission ~ '^[a-z_]+$'),
    stays boolean not null,
    reason text not null check (length(btrim(reason)) >= 1 and length(reason) <= 300),
    patient_told_on date not null,
    proposed_by uuid not null references access.party on delete restrict,
    proposed_at timestamptz not null,
    state text not null default 'proposed'
        check (state in ('proposed', 'accepted', 'refused', 'withdrawn')),
    answered_by uuid references access.party on delete restrict,
    answered_at timestamptz check (answered_at >= proposed_at),
    answer text not null default '' check (length(answer) <= 300),
    check (from_organisation <> to_organisation),
    check ((state = 'proposed') = (answered_at is null)),
    check ((answered_at is null) = (answered_by is null))
);
comment on table coordination.transfer is
    'An organisation that answers for a record proposes it to another one, which accepts or refuses.';
comment on column coordination.transfer.stays is 'Whether the former one stays as a plain member.';
comment on column coordination.transfer.patient_told_on is 'When the patient was told of it.';
create unique index transfer_proposed on coordination.transfer (patient_id) where state = 'proposed';
create index transfer_to_answer on coordination.transfer (to_organisation) where state = 'proposed';
create index transfer_of on coordination.transfer (patient_id, proposed_at);

create table coordination.statement (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    kind text not null check (kind in ('information', 'agreement', 'opposition')),
    text_id text not null check (text_id ~ '^[a-z_]+$'),
    text_version smallint not null check (text_version > 0),
    wording text not null check (wording <> ''),
    said_on date not null,
    said_by text not null check (said_by in ('patient', 'representative', 'trusted_person')),
    means text not null check (means in ('paper', 'spoken', 'digital')),
    recorded_by uuid not null references access.party on delete restrict,
    recorded_at timestamptz not null,
    withdrawn_at timestamptz check (withdrawn_at >= recorded_at),
    withdrawn_by uuid references access.party on delete restrict,
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
comment on table coordination.statement is
    'What a patient was told of his record, agreed to or opposes: the very words, when, by what means.';
comment on column coordination.statement.wording is 'The text as the person was shown or read it.';
create index statement_of on coordination.statement (patient_id, recorded_at);
create unique index statement_opposed on coordination.statement (patient_id)
    where kind = 'opposition' and withdrawn_at is null;

create table coordination.paper (
    id uuid primary key,
    statement_id uuid not null unique references coordination.statement on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    by_person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    width integer not null check (width between 1 and 4096),
    height integer not null check (height between 1 and 4096),
    bytes bytea not null check (octet_length(bytes) <= 10485760)
);
comment on table coordination.paper is
    'The picture of a signed paper, drawn anew without what the camera wrote into it.';
create index paper_of on coordination.paper (patient_id);
