-- Seeing calm patients: one by one, each as he was shown.

-- Notes that the actor has seen a patient as his page showed him; false, and nothing is noted, when
-- a review or an answer came since, or when he is not calm.
create or replace function alerts.note_seen(p_patient uuid, p_judged timestamptz) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update alerts.patient_summary s
    set seen_at = access.current_instant(), seen_by = access.current_person()
    where s.patient_id = p_patient and s.judged_at = p_judged
        and s.level = 'green' and s.open_alerts = 0
        and p_patient = any (array(select access.visible_patients('answers:read')))
        and not exists (
            select from questionnaires.answer a
            where a.patient_id = p_patient and a.received_at > p_judged
        )
    returning true;
end;

revoke execute on function alerts.note_seen from public;
grant execute on function alerts.note_seen to chevet_app;
