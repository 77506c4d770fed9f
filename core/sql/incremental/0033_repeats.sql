-- purpose: measures the patient is asked to take again, beside an alert or before one
-- kind: pre
-- lock: short, a check of alerts.setback and one new table
-- rollback: forward only
create table alerts.repeat (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    patient_key integer not null,
    item text not null check (item <> ''),
    alert_id uuid,
    breaches jsonb not null,
    asked_at timestamptz not null,
    due_at timestamptz not null check (due_at > asked_at),
    state text not null check (state in ('asked', 'within', 'confirmed', 'not_done')),
    answer_id uuid references questionnaires.answer on delete restrict,
    ended_at timestamptz check (ended_at >= asked_at),
    check ((state = 'asked') = (ended_at is null)),
    foreign key (alert_id, patient_id) references alerts.alert (id, patient_id) on delete restrict
);
comment on table alerts.repeat is
    'A measure the patient is asked to take again: beside a red alert, or before an orange one.';
comment on column alerts.repeat.alert_id is
    'Null while nothing was raised: the breaches wait until due_at at the longest.';
comment on column alerts.repeat.breaches is
    'Why it is asked, frozen: what raises the alert if the measure does not come.';
comment on column alerts.repeat.answer_id is 'The guided questionnaire he answered, if he did.';
create unique index repeat_open_once on alerts.repeat (patient_id, item) where state = 'asked';
create index repeat_due on alerts.repeat (due_at) where state = 'asked';
create index repeat_of_alert on alerts.repeat (alert_id) where alert_id is not null;
create index repeat_settled on alerts.repeat (patient_id, ended_at) where state = 'within';
alter table alerts.repeat enable row level security;

alter table alerts.setback drop constraint setback_work_check;
alter table alerts.setback add constraint setback_work_check
    check (work in ('review', 'escalation', 'silence', 'call_back', 'repeat'));
