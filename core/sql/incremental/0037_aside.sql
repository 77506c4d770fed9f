-- purpose: alerts a person has put aside in his own queue, while the team is called as before
-- kind: pre
-- lock: short, one new table
-- rollback: forward only
create table alerts.aside (
    alert_id uuid not null,
    patient_id uuid not null references access.patient on delete restrict,
    person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    until timestamptz not null check (until > at),
    level text not null check (level in ('orange', 'red')),
    round integer not null,
    held boolean not null check (held or level <> 'red'),
    reason text not null check (reason <> ''),
    note text not null,
    primary key (alert_id, person),
    foreign key (alert_id, patient_id) references alerts.alert (id, patient_id) on delete restrict
);
comment on table alerts.aside is
    'An alert one person does not want in his own queue until then; nobody else''s queue changes.';
comment on column alerts.aside.round is
    'Of the alert then: one that worsened or whose ladder began again is aside no longer.';
comment on column alerts.aside.held is
    'Whether somebody had it in charge, or it slept: aside no longer than that lasts.';
create index aside_of_person on alerts.aside (person, until);
alter table alerts.aside enable row level security;
