-- purpose: what more rooms tell the timeline, by time; what waits for somebody, without a scan
-- kind: pre
-- lock: share on these coordination tables while their indexes are made
-- rollback: forward only
create index document_version_by_patient on coordination.document_version (patient_id, at desc);
create index stay_event_by_patient on coordination.stay_event (patient_id, at desc);
create index action_event_by_patient on coordination.action_event (patient_id, at desc);
create index visit_report_by_time on coordination.visit_report (patient_id, at desc);
create index chat_message_urgent on coordination.chat_message (patient_id, sent desc)
    where urgent and withdrawn_at is null;
create index invitation_to_rpps on coordination.invitation (rpps)
    where answer is null and rpps is not null;
create index invitation_to_address on coordination.invitation (address) where answer is null;
