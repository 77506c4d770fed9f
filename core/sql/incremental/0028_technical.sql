-- purpose: technical troubles in a queue of their own
-- kind: pre
-- lock: none, a new table
-- rollback: forward only
create table alerts.technical (
    id uuid primary key,
    kind text not null check (kind in ('gateway_offline', 'device_silent', 'battery_low',
        'device_clock', 'way_faulty', 'process_silent', 'pipeline_late', 'work_failing',
        'sending_late', 'certificate_ends')),
    subject text not null check (subject <> ''),
    organisation uuid references access.party on delete restrict,
    patient_id uuid references access.patient on delete restrict,
    detail jsonb not null default '{}',
    found_at timestamptz not null,
    taken_by uuid references access.party on delete restrict,
    taken_at timestamptz,
    note text not null default '' check (length(note) <= 500),
    cleared_at timestamptz check (cleared_at >= found_at),
    check ((taken_by is null) = (taken_at is null))
);
comment on table alerts.technical is
    'A trouble of devices, ways to people or the service itself; ends when it is gone, never by hand.';
comment on column alerts.technical.subject is 'What it is about: a gateway, a device, a fault''s id.';
comment on column alerts.technical.organisation is
    'Whose trouble it is; null: of the whole site, unless a patient is named.';
comment on column alerts.technical.detail is 'Codes and numbers, never a value of health.';
create unique index technical_open on alerts.technical (kind, subject) where cleared_at is null;
create index technical_cleared on alerts.technical (cleared_at) where cleared_at is not null;
alter table alerts.technical enable row level security;
