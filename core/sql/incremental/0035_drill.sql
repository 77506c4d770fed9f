-- purpose: exercises of the whole chain of an alert, their monthly plan, alerts marked as such
-- kind: pre
-- lock: short, one column of alerts.alert and new tables
-- rollback: forward only
create table alerts.drill (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    person uuid references access.party on delete restrict,
    measured_at timestamptz not null,
    started_at timestamptz not null,
    started_by uuid references access.party on delete restrict,
    planned boolean not null default false,
    told_at timestamptz,
    report jsonb,
    ended_at timestamptz check (ended_at >= started_at),
    check ((report is null) = (ended_at is null)),
    unique (patient_id, measured_at)
);
comment on table alerts.drill is
    'An exercise: a reading of a fictitious record that must raise an alert somebody answers.';
comment on column alerts.drill.person is 'Who is to be told and to answer; null: anybody of the site.';
comment on column alerts.drill.measured_at is 'Instant of its reading, by which its alert is known.';
comment on column alerts.drill.started_by is 'Null when the service or its operator started it.';
comment on column alerts.drill.told_at is 'When the operator was told that it failed.';
comment on column alerts.drill.report is 'Frozen when the exercise was over; until then computed.';
create index drill_newest on alerts.drill (organisation, started_at desc);
create index drill_under_way on alerts.drill (started_at) where ended_at is null;
alter table alerts.drill enable row level security;

create table alerts.drill_plan (
    organisation uuid primary key references access.party on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    day smallint not null check (day between 1 and 28),
    at time not null,
    changed_by uuid not null references access.party on delete restrict,
    changed_at timestamptz not null,
    done_for date
);
comment on table alerts.drill_plan is
    'On which day of each month an organisation has an exercise, by the clock of its rota.';
comment on column alerts.drill_plan.done_for is
    'The day of the last exercise that was started, or could not be and was told to the operator.';
alter table alerts.drill_plan enable row level security;

alter table alerts.alert add column drill uuid references alerts.drill on delete restrict;
comment on column alerts.alert.drill is 'The exercise whose reading raised it; null: a real alert.';
create index alert_of_drill on alerts.alert (drill) where drill is not null;
