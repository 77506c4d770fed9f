-- purpose: monitoring prescriptions, assessments, alerts and their life, the queue
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema alerts;
comment on schema alerts is 'Warning: what is watched, what was judged, what somebody must answer.';

create table alerts.prescription (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    patient_key integer not null,
    profile_id text not null,
    profile_version smallint not null,
    ladder_id text not null,
    ladder_version smallint not null,
    adjustments jsonb not null default '[]',
    usual_values jsonb not null default '{}',
    spo2_scale smallint not null default 1 check (spo2_scale in (1, 2)),
    prescribed_by uuid not null references access.party on delete restrict,
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at > starts_at)
);
comment on table alerts.prescription is
    'By which profile and ladder a patient is watched, and who prescribed it.';
comment on column alerts.prescription.spo2_scale is
    'NEWS2 SpO2 scale, set by a clinician; 2 only for hypercapnic respiratory failure.';
create unique index prescription_live on alerts.prescription (patient_id) where ends_at is null;

create table alerts.assessment (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    judged_at timestamptz not null,
    level text not null check (level in ('green', 'unknown', 'orange', 'red')),
    profile_id text not null,
    profile_version smallint not null,
    items jsonb not null,
    missing jsonb not null,
    doubtful jsonb not null,
    news2 jsonb not null
);
comment on table alerts.assessment is 'What a review found: the home state, its items, NEWS2.';
create index assessment_by_patient on alerts.assessment (patient_id, judged_at desc);

create table alerts.alert (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    patient_key integer not null,
    item text not null,
    level text not null check (level in ('orange', 'red')),
    state text not null check (state in ('raised', 'seen', 'owned', 'closed')),
    raised_at timestamptz not null,
    first_breach_at timestamptz not null,
    late boolean not null,
    evidence jsonb not null,
    ladder jsonb not null,
    round smallint not null,
    from_rung smallint not null,
    rung smallint not null,
    exhaustions smallint not null,
    next_step_at timestamptz,
    owner uuid references access.party on delete restrict,
    owned_at timestamptz,
    owned_until timestamptz,
    hold text check (hold in ('owned', 'calling_patient')),
    receipts jsonb not null default '[]',
    closed_by uuid references access.party on delete restrict,
    closed_at timestamptz,
    outcome text,
    note text not null default '',
    check ((state = 'closed') = (next_step_at is null)),
    check ((state = 'closed') = (closed_at is not null)),
    check ((state = 'owned') <= (owner is not null))
);
comment on table alerts.alert is 'Something a person must answer; escalates until somebody does.';
comment on column alerts.alert.evidence is
    'Frozen when raised: values, units, times, limits; later entries say worsened or last seen.';
comment on column alerts.alert.ladder is 'The whole ladder, frozen when raised.';
create unique index alert_open_once on alerts.alert (patient_id, item) where state <> 'closed';
create index alert_to_escalate on alerts.alert (next_step_at) where state <> 'closed';
create index alert_by_patient on alerts.alert (patient_id, raised_at desc);

create table alerts.alert_event (
    id bigint generated always as identity primary key,
    alert_id uuid not null references alerts.alert on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    what text not null,
    by_person uuid references access.party on delete restrict,
    detail jsonb not null default '{}'
);
comment on table alerts.alert_event is 'The life of an alert, step by step; only added to.';
create index alert_event_by_alert on alerts.alert_event (alert_id, id);

create table alerts.patient_summary (
    patient_id uuid primary key references access.patient on delete restrict,
    level text not null check (level in ('green', 'unknown', 'orange', 'red')),
    rank integer not null,
    since timestamptz not null,
    judged_at timestamptz not null,
    last_measured_at timestamptz,
    items jsonb not null,
    missing jsonb not null,
    doubtful jsonb not null,
    latest jsonb not null,
    news2 jsonb not null,
    open_alerts smallint not null,
    open_red smallint not null,
    oldest_alert_at timestamptz,
    judged_through jsonb not null default '{}'
);
comment on table alerts.patient_summary is
    'The last review of each patient and his open alerts: what the queue and the pages show.';
comment on column alerts.patient_summary.judged_through is
    'Item to the event time of the latest trustworthy value judged so far.';

create table alerts.queue_entry (
    organisation uuid not null references access.party on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    rank integer not null,
    since timestamptz not null,
    primary key (organisation, patient_id)
);
comment on table alerts.queue_entry is
    'Order of each organisation''s queue; rank: open red, open orange, then the home state.';
create index queue_in_order on alerts.queue_entry (organisation, rank desc, since, patient_id);

create table alerts.setback (
    work text not null check (work in ('review', 'escalation')),
    subject text not null,
    failures integer not null check (failures > 0),
    first_at timestamptz not null,
    last_at timestamptz not null,
    retry_at timestamptz not null,
    error text not null,
    primary key (work, subject)
);
comment on table alerts.setback is
    'Work that failed and will be tried again, later each time; gone once it has succeeded.';
comment on column alerts.setback.subject is 'Patient key of a review, id of an alert to escalate.';
comment on column alerts.setback.error is 'Kind of error only: its text could hold health data.';
