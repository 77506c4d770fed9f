-- What later files ask of a follow-up: whether a person is dead, let go, or not spoken with in time.
create or replace function access.is_dead(p_party uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.patient p
        where p.id = any (access.record_of(p_party)) and p.died_on is not null
    );
end;

-- For whoever may know who the person is; nothing to anybody else.
create or replace function access.died_on(p_patient uuid) returns date
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select max(p.died_on) from access.patient p
        where p.id = any (access.record_of(p_patient))
            and p_patient = any (array(select access.visible_patients('identity:read')))
    );
end;
$$;

-- Roles of the family, which end with the person's death; those of professionals do not.
create or replace function access.is_family_role(p_role text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
return p_role in ('patient', 'carer', 'trusted_person', 'legal_representative',
    'property_representative');

-- Whose follow-ups are all over, or who died: he waits in no queue, unless somebody must answer.
create or replace function coordination.is_let_go(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select not exists (
        select from alerts.prescription r where r.patient_id = p_patient and r.ends_at is null
    ) and (access.is_dead(p_patient) or (
        select bool_and(e.ended_at is not null) from coordination.episode e
        where e.patient_id = p_patient
    ) is true);
end;

-- Whether somebody should have spoken with a patient just included, and nobody has.
create or replace function coordination.contact_is_late(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.episode e
        where e.patient_id = p_patient and e.ended_at is null and e.first_contact_at is null
            and e.first_contact_due_at <= access.current_instant()
    );
end;

-- Whether somebody promised to call again and the time has come: nobody has called there since, who
-- was to be called is still on the list, and the alert it was about was not closed since.
create or replace function coordination.call_back_is_due(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.attempt a
        where a.patient_id = any (access.record_of(p_patient)) and a.outcome = 'call_later'
            and a.next_at <= access.current_instant()
            and not exists (
                select from coordination.attempt later
                where later.patient_id = any (access.record_of(p_patient)) and later.at > a.at
                    and later.person_id is not distinct from a.person_id
            )
            and not exists (
                select from alerts.alert t where t.id = a.alert_id and t.closed_at >= a.at
            )
            and not exists (
                select from coordination.person_to_call p
                where p.id = a.person_id and p.removed_at is not null
            )
    ) and not access.is_dead(p_patient);
end;
revoke execute on function access.is_dead, access.died_on, access.is_family_role,
    coordination.is_let_go, coordination.contact_is_late, coordination.call_back_is_due
    from public;
grant execute on function access.is_dead, access.is_family_role to chevet_worker;
grant execute on function access.died_on to chevet_app, chevet_worker;
