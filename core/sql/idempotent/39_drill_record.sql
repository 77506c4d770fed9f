-- Whether anything but exercises was ever stored for a record: then somebody may stand behind it,
-- for « fictitious » is also the identity of a person who wishes to stay unnamed. A record read as one
-- with another was taken for somebody's by whoever merged them.
create or replace function alerts.is_lived_in(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (select from devices.assignment a where a.patient_id = p_patient)
        or exists (select from questionnaires.answer a where a.patient_id = p_patient)
        or exists (select from identity.account a where a.person = p_patient)
        or exists (
            select from access.patient p
            join vitals.reading r on r.patient_key = p.key
            where p.id = p_patient and not exists (
                select from ingest.stream s where s.id = r.source and s.source = 'drill')
        )
        or exists (
            select from access.patient p
            join vitals.sampled r on r.patient_key = p.key
            where p.id = p_patient
        )
        or cardinality(access.record_of(p_patient)) > 1;
end;

-- Whether a record serves exercises alone: one was made or is planned on it, and nobody lives in it.
-- The first device, answer, value or account of somebody ends it, so no real alert is ever marked.
create or replace function alerts.is_drill_record(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case when exists (select from alerts.drill d where d.patient_id = p_patient)
        or exists (select from alerts.drill_plan k where k.patient_id = p_patient)
        then not alerts.is_lived_in(p_patient) else false end;
end;

revoke execute on function alerts.is_lived_in, alerts.is_drill_record from public;
grant execute on function alerts.is_drill_record to chevet_worker;
