-- purpose: the audit trail in full: retention, export, what it may show
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
alter table audit.event
    add column entity_kind text,
    add column entity_id text,
    add column source text not null default coalesce(current_setting('application_name', true), ''),
    add column chain integer not null default 1;
comment on column audit.event.entity_kind is 'What of the record was touched: vitals, alert, membership …';
comment on column audit.event.entity_id is 'Which one, when the act was on one; never a value.';
comment on column audit.event.source is 'Process and login the event was written by.';
comment on column audit.event.chain is
    'Chain of seals it belongs to; `chevet audit continue` alone moves the default on.';

-- A journal is read by patient and month; sealing and verifying walk a chain by transaction.
drop index audit.event_by_patient;
create index event_by_patient on audit.event (patient_id, at desc, id desc)
    where patient_id is not null;
drop index audit.event_by_xid;
create index event_by_xid on audit.event (chain, xid, id);
create index event_by_machine on audit.event (at, service) where service is not null;
-- For an export of a span: a few kilobytes, and next to nothing when a row is written.
create index event_by_time on audit.event using brin (at);

-- Seals say more than before and are made anew, by the first pass of the sealer.
delete from audit.seal;
alter table audit.seal
    drop constraint seal_before_xid_key,
    add column chain integer not null,
    add column through_id bigint not null,
    add column content bytea not null check (length(content) = 32),
    add column removed_at timestamptz,
    add unique (chain, before_xid);
create index seal_kept on audit.seal (id) where removed_at is null;
comment on column audit.seal.through_id is 'Highest event id its chain has sealed so far.';
comment on column audit.seal.content is
    'SHA-256 over the events alone: with it a link can be followed after they were removed.';
comment on column audit.seal.removed_at is
    'When retention removed the events; the seal stays as their tombstone.';

create table audit.continuation (
    number integer primary key check (number > 1),
    begun_at timestamptz not null,
    reason text not null check (reason <> ''),
    signed_by text not null check (signed_by <> ''),
    previous bytea not null check (length(previous) = 32),
    moved integer not null check (moved >= 0),
    digest bytea not null check (length(digest) = 32)
);
comment on table audit.continuation is
    'Where one chain ended and the next began, after a restore: who says why, inside the digest.';
comment on column audit.continuation.moved is
    'Events that a younger server had written before somebody noticed.';

create table audit.forwarded (
    collector text primary key,
    seal_id bigint not null,
    at timestamptz not null
);
comment on table audit.forwarded is 'Up to which seal a Syslog collector has been sent the trail.';
