-- purpose: parties, posts, memberships, patients, rights, the due queue, heartbeats
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create extension if not exists btree_gist with schema public;

create schema access;
create schema core;
create schema doorway;
comment on schema access is 'Who may open which record: one table of rights, read by both locks.';
comment on schema core is 'What every room needs: work that is due, heartbeats.';
comment on schema doorway is 'Filtered views: the only way a person reads vitals and lists.';

create table access.party (
    id uuid primary key,
    kind text not null check (kind in ('person', 'organisation')),
    name text not null check (name <> ''),
    created_at timestamptz not null
);
comment on table access.party is 'A person or an organisation that can be in a care circle.';
comment on column access.party.name is 'Name as written on screens.';

create table access.post (
    id uuid primary key,
    person uuid not null references access.party on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    role text not null check (role ~ '^[a-z_]+$'),
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at > starts_at)
);
comment on table access.post is 'The place of a person in an organisation, in which he or she acts.';
create index post_by_person on access.post (person);
create index post_by_organisation on access.post (organisation, role);

create table access.patient (
    id uuid primary key references access.party on delete restrict,
    key integer generated always as identity unique,
    created_at timestamptz not null
);
comment on table access.patient is 'A person followed at home; id is the person''s party.';
comment on column access.patient.key is 'Compact key of time series; never leaves the database.';

create table access.membership (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    party uuid not null references access.party on delete restrict,
    role text not null check (role ~ '^[a-z_]+$'),
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at >= starts_at),
    granted_by uuid references access.party on delete restrict,
    reason text
);
comment on table access.membership is
    'A party in a patient''s care circle for a time: the only source of access to a record.';
comment on column access.membership.role is
    'Role of a person; for an organisation its mission, the rights coming from the acting post.';
create index membership_by_party on access.membership (party, patient_id);
create index membership_by_patient on access.membership (patient_id, party);

create table access.role_permission (
    role text not null,
    permission text not null check (permission ~ '^[a-z_]+:[a-z_]+$'),
    primary key (role, permission)
);
comment on table access.role_permission is 'Which role grants what; equal to core/access.py.';

create table core.due (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('reading', 'answer', 'sweep')),
    patient_key integer not null,
    from_time timestamptz not null,
    until_time timestamptz not null check (until_time >= from_time),
    received_at timestamptz not null
);
comment on table core.due is
    'Patients whose new data nobody has judged yet; producers only append, the reviewer deletes.';
comment on column core.due.received_at is
    'Equals received_at of the rows to judge, measured between from_time and until_time.';
create index due_by_patient on core.due (patient_key, id);

create table core.heartbeat (
    process text not null,
    instance text not null,
    at timestamptz not null,
    primary key (process, instance)
);
comment on table core.heartbeat is 'Last sign of life of each process.';
