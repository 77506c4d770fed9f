-- purpose: what the model said of a patient at an instant, and whom it is still to be asked about
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table alerts.risk (
    id uuid not null,
    patient_id uuid not null references access.patient on delete restrict,
    asked_at timestamptz not null,
    noted_at timestamptz not null,
    version text not null references alerts.model on delete restrict,
    run_id uuid,
    window_from timestamptz not null,
    window_until timestamptz not null check (window_until >= window_from),
    inputs jsonb not null,
    risk double precision check (risk >= 0 and risk <= 1),
    band text check (band in ('low', 'raised', 'high')),
    reasons jsonb not null default '[]',
    instead jsonb,
    missing jsonb not null default '[]',
    silence text check (silence <> ''),
    level text check (level in ('green', 'unknown', 'orange', 'red')),
    news2 jsonb,
    check ((risk is null) = (silence is not null)),
    check ((risk is null) = (band is null)),
    primary key (id, asked_at)
);
comment on table alerts.risk is
    'What a model said of a patient at an instant, and from what; only added to. Of two live lines of one instant the one noted last counts.';
comment on column alerts.risk.asked_at is 'The instant asked about; noted_at is when it was asked.';
comment on column alerts.risk.run_id is 'A run that asked about the past anew; null is a live line.';
comment on column alerts.risk.inputs is
    'What the model was given: count, newest value and time of each vital, age, sex, oxygen.';
comment on column alerts.risk.silence is 'Why nothing is said: missing, too_young.';
comment on column alerts.risk.level is 'The state by the rules at that instant, beside which it is shown.';
select create_hypertable('alerts.risk', 'asked_at',
    chunk_time_interval => interval '30 days', create_default_indexes => false);
create index risk_of_patient on alerts.risk (patient_id, asked_at desc, noted_at desc)
    where run_id is null;
create unique index risk_of_run on alerts.risk (run_id, patient_id, asked_at, version)
    where run_id is not null;
alter table alerts.risk enable row level security;

create table alerts.risk_due (
    id bigint generated always as identity primary key,
    patient_key integer not null,
    asked_at timestamptz not null,
    noted_at timestamptz not null
);
comment on table alerts.risk_due is
    'Whom and which instant the model is to be asked about; reviews only add, whoever asks takes away.';
create index risk_due_of_patient on alerts.risk_due (patient_key);
alter table alerts.risk_due enable row level security;
