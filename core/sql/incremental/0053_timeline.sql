-- purpose: the timeline of a record by time, and when each reader was there last
-- kind: pre
-- lock: share on alerts.alert_event and coordination tables while their indexes are made
-- rollback: forward only
create index alert_event_by_patient on alerts.alert_event (patient_id, at desc);
create index agreement_by_patient on coordination.agreement (patient_id, at desc);
create index first_contact_by_patient on coordination.first_contact (patient_id, at desc);

create table coordination.record_visit (
    person uuid not null references access.party on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    before_at timestamptz,
    last_at timestamptz not null check (last_at >= before_at),
    primary key (person, patient_id)
);
comment on table coordination.record_visit is
    'When a person last looked at the timeline of a record: what came since is new to him.';
comment on column coordination.record_visit.before_at is
    'The end of the visit before; null at the first. Looks within half an hour are one visit.';
