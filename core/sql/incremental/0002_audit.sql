-- purpose: the audit trail and its seals
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema audit;
comment on schema audit is 'Who did what to which record (shape of IHE BALP AuditEvent).';

create table audit.event (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null,
    person uuid,
    post uuid,
    session uuid,
    service text,
    purpose text not null,
    action text not null check (action in ('C', 'R', 'U', 'D', 'E')),
    permission text not null,
    patient_id uuid,
    outcome text not null check (outcome in ('success', 'refused')),
    detail jsonb not null default '{}',
    check (person is not null or service is not null)
);
comment on table audit.event is
    'One row per access to a record, written in the transaction of the access.';
comment on column audit.event.xid is 'Writing transaction; sealing waits until it has ended.';
create index event_by_patient on audit.event (patient_id, id desc);

create index event_by_xid on audit.event (xid, id);

create table audit.seal (
    id bigint generated always as identity primary key,
    from_xid xid8 not null,
    before_xid xid8 not null unique check (before_xid > from_xid),
    count integer not null check (count > 0),
    digest bytea not null check (length(digest) = 32),
    sealed_at timestamptz not null
);
comment on table audit.seal is
    'Chained SHA-256 over the events of finished transactions; each covers the digest before.';
