-- purpose: who of the team has seen that a patient is within his limits
-- kind: pre
-- lock: short, two columns of alerts.patient_summary
-- rollback: forward only
alter table alerts.patient_summary
    add column seen_at timestamptz,
    add column seen_by uuid references access.party on delete restrict,
    add constraint summary_seen check ((seen_at is null) = (seen_by is null));
comment on column alerts.patient_summary.seen_at is
    'When somebody last said of a calm patient that he had seen him; older than judged_at: not since.';
