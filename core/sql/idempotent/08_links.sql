-- Records that are read as one because somebody merged them. Both locks and every doorway ask here,
-- so a link opens and closes all of them at once; no row of a record is ever rewritten.
create or replace function access.kept_patient(p_patient uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce((
        select l.into_patient from access.patient_link l
        where l.patient_id = p_patient and l.unlinked_at is null
    ), p_patient);
end;

-- The record whose traits are shown, then those merged into it; of a record that was never merged,
-- itself alone.
create or replace function access.record_of(p_patient uuid) returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select array[k.id] || array(
        select l.patient_id from access.patient_link l
        where l.into_patient = k.id and l.unlinked_at is null
        order by l.linked_at, l.patient_id
    )
    from (select access.kept_patient(p_patient) as id) k;
end;

-- Each record with all that are read together with it, itself included.
create or replace view access.record_member as
select p.id as patient_id, p.id as member from access.patient p
union all
select l.into_patient, l.patient_id from access.patient_link l where l.unlinked_at is null
union all
select l.patient_id, l.into_patient from access.patient_link l where l.unlinked_at is null
union all
select l.patient_id, other.patient_id
from access.patient_link l
join access.patient_link other
    on other.into_patient = l.into_patient and other.patient_id <> l.patient_id
where l.unlinked_at is null and other.unlinked_at is null;
comment on view access.record_member is 'Which records are read together, for machines.';
