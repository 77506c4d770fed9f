-- purpose: the end of a shift, written and signed by both sides
-- kind: pre
-- lock: none, two new tables
-- rollback: forward only
create table alerts.handover (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    giver uuid not null references access.party on delete restrict,
    since timestamptz not null,
    given_at timestamptz not null check (given_at >= since),
    note text not null default '' check (length(note) <= 4000),
    done jsonb not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    taker uuid references access.party on delete restrict check (taker <> giver),
    taken_at timestamptz check (taken_at >= given_at),
    check ((taker is null) = (taken_at is null))
);
comment on table alerts.handover is
    'What one shift leaves to the next: signed by who gives it, then by who takes over.';
comment on column alerts.handover.since is 'When the shift began: the handover before, else 12 h ago.';
comment on column alerts.handover.done is 'How many alerts were raised and closed in the shift.';
comment on column alerts.handover.digest is 'SHA-256 of note, counts and lines: what both signed.';
create index handover_newest on alerts.handover (organisation, given_at desc);
create table alerts.handover_line (
    handover uuid not null references alerts.handover on delete restrict,
    place integer not null check (place > 0),
    patient_id uuid not null references access.patient on delete restrict,
    alert jsonb,
    first_call_late boolean not null,
    call_back_due boolean not null,
    remark text not null default '' check (length(remark) <= 1000),
    primary key (handover, place)
);
comment on table alerts.handover_line is 'One open matter as it stood when the handover was signed.';
comment on column alerts.handover_line.alert is 'The alert as the queue showed it; null: no alert.';
create index handover_line_of_patient on alerts.handover_line (patient_id);
alter table alerts.handover enable row level security;
alter table alerts.handover_line enable row level security;
