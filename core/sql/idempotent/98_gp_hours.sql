-- In which hours a GP or a home nurse is called for alerts of a patient, and who is in the place of a
-- GP there is not. The table of hours is older than the home nurse: its column `gp` holds either.

-- Who stands on the rungs of the GP and of the home nurse, and in which hours they accepted to be
-- called; `hours` null: never asked. « without »: the record has no GP; `person` is in his place.
create or replace function alerts.gp_rung(p_patient uuid)
returns table (kind text, person uuid, name text, hours text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct 'gp' as kind, m.party, y.name, h.hours
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'person'
    left join alerts.gp_hours h on h.gp = m.party and h.ended_at is null
        and h.patient_id = any (access.record_of(p_patient))
    where m.patient_id = any (access.record_of(p_patient)) and m.role = 'gp'
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and p_patient = any (array(select access.visible_patients('circle:read')))
    union all
    select distinct 'home_nurse' as kind, c.person, y.name, h.hours
    from alerts.rung_candidate c
    join access.party y on y.id = c.person
    left join alerts.gp_hours h on h.gp = c.person and h.ended_at is null
        and h.patient_id = any (access.record_of(p_patient))
    where c.patient_id = p_patient and c.role = 'home_nurse'
        and p_patient = any (array(select access.visible_patients('circle:read')))
    union all
    select 'without' as kind, n.substitute, y.name, n.hours
    from alerts.without_gp n
    left join access.party y on y.id = n.substitute
    where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null
        and p_patient = any (array(select access.visible_patients('circle:read')));
end;

-- Notes in which hours a GP or a home nurse accepts to be called; without hours no more.
create or replace function alerts.note_gp_hours(p_id uuid, p_patient uuid, p_gp uuid, p_hours text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
    v_kind text;
begin
    select g.kind into v_kind from alerts.gp_rung(p_patient) g
    where g.person = p_gp and g.kind in ('gp', 'home_nurse')
        and p_patient = any (array(select access.visible_patients('monitoring:write')))
    order by g.kind
    limit 1;
    if v_kind is null then
        return false;
    end if;
    update alerts.gp_hours h set ended_at = greatest(v_now, h.accepted_at), ended_by = v_me
    where h.patient_id = any (access.record_of(p_patient)) and h.gp = p_gp and h.ended_at is null;
    if v_kind = 'gp' then
        update alerts.without_gp n set ended_at = greatest(v_now, n.noted_at), ended_by = v_me
        where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null;
    end if;
    if p_hours <> '' then
        insert into alerts.gp_hours (id, patient_id, gp, hours, accepted_at, noted_by)
        values (p_id, p_patient, p_gp, p_hours, v_now, v_me);
    end if;
    return true;
end;
$$;

-- Notes that a record is « sans médecin traitant », and who of the circle is called in his place.
create or replace function alerts.note_without_gp(
    p_id uuid, p_patient uuid, p_substitute uuid, p_hours text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
begin
    if not p_patient = any (array(select access.visible_patients('monitoring:write')))
        or exists (select from alerts.gp_rung(p_patient) g where g.kind = 'gp')
        or (p_substitute is not null and not access.party_in_circle(p_substitute, p_patient)) then
        return false;
    end if;
    update alerts.without_gp n set ended_at = greatest(v_now, n.noted_at), ended_by = v_me
    where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null;
    insert into alerts.without_gp (id, patient_id, substitute, hours, noted_at, noted_by)
    values (p_id, p_patient, p_substitute, p_hours, v_now, v_me);
    return true;
end;
$$;

revoke execute on function alerts.gp_rung, alerts.note_gp_hours, alerts.note_without_gp
    from public;
grant execute on function alerts.gp_rung, alerts.note_gp_hours, alerts.note_without_gp
    to chevet_app;
