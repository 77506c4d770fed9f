-- Of what the circle is told beside the ladder, and when that is to be done.

-- The people of the circle and of what each is told; for the patient and for who manages the circle.
-- `own`: by a line of his own, else by that of his role.
create or replace function coordination.circle_notices(p_patient uuid)
returns table (membership_id uuid, name text, role text, family boolean, reachable boolean,
    own boolean, occasions text[], moment text, red_waits boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, y.name, m.role, access.is_family_role(m.role),
        exists (
            select from messages.contact_point c
            where c.party = m.party and c.channel = 'email' and c.ended_at is null
        ),
        coordination.has_own_line(m.id),
        array(
            select t.occasion from coordination.told_member t
            where t.membership_id = m.id order by t.occasion
        ),
        coalesce(l.moment, 'at_once'), coalesce(l.red_waits, false)
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'person'
    left join coordination.circle_line l on l.membership_id = m.id
        or (l.role = m.role and l.patient_id = m.patient_id
            and not coordination.has_own_line(m.id))
    where m.patient_id = any (access.record_of(p_patient)) and m.role <> 'patient'
        and m.basis <> 'break_glass' and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and coordination.may_speak_for(p_patient)
    order by access.is_family_role(m.role), y.name, m.id;
end;

-- The lines of roles of a circle; for the same.
create or replace function coordination.circle_roles(p_patient uuid)
returns table (role text, family boolean, occasions text[], moment text, red_waits boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.role, access.is_family_role(l.role), array(
            select n.occasion from coordination.circle_role_notice n
            where n.patient_id = l.patient_id and n.role = l.role order by n.occasion
        ), l.moment, l.red_waits
    from coordination.circle_line l
    where l.patient_id = p_patient and l.role is not null
        and coordination.may_speak_for(p_patient)
    order by l.role;
end;

-- Notes of what one of them is told from now on, « red,stay » or nothing at all, and when. With
-- `p_own` false his role decides again. False for whoever may not choose, and for nobody of that circle.
create or replace function coordination.choose_notices(
    p_id uuid, p_patient uuid, p_membership uuid, p_own boolean, p_occasions text, p_moment text,
    p_red_waits boolean
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from coordination.circle_notices(p_patient) c where c.membership_id = p_membership
    ) then
        return false;
    end if;
    delete from coordination.circle_line l where l.membership_id = p_membership;
    delete from coordination.circle_notice n
    where n.membership_id = p_membership
        and (not p_own or n.occasion <> all (string_to_array(p_occasions, ',')));
    if not p_own then
        return true;
    end if;
    insert into coordination.circle_line (id, patient_id, membership_id, moment, red_waits,
        changed_at, chosen_by)
    select p_id, m.patient_id, m.id, p_moment, p_red_waits, access.current_instant(),
        access.current_person()
    from access.membership m where m.id = p_membership;
    insert into coordination.circle_notice (membership_id, patient_id, occasion, since, chosen_by)
    select m.id, m.patient_id, o.occasion, access.current_instant(), access.current_person()
    from access.membership m
    cross join unnest(string_to_array(p_occasions, ',')) o(occasion)
    where m.id = p_membership and o.occasion <> ''
        -- Who close to the patient is told of silence is chosen elsewhere (told_of_silence).
        and not (o.occasion = 'silence' and access.is_family_role(m.role))
    on conflict do nothing;
    return true;
end;
$$;

-- Notes of what whoever has a role in the circle is told, now and later, and when.
create or replace function coordination.choose_role_notices(
    p_id uuid, p_patient uuid, p_role text, p_occasions text, p_moment text, p_red_waits boolean
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coordination.may_speak_for(p_patient) or p_role = 'patient'
        or not exists (select from access.role_permission g where g.role = p_role) then
        return false;
    end if;
    insert into coordination.circle_line as l (id, patient_id, role, moment, red_waits, changed_at,
        chosen_by)
    values (p_id, p_patient, p_role, p_moment, p_red_waits, access.current_instant(),
        access.current_person())
    on conflict (patient_id, role) where role is not null do update
        set moment = excluded.moment, red_waits = excluded.red_waits,
            changed_at = excluded.changed_at, chosen_by = excluded.chosen_by;
    delete from coordination.circle_role_notice n
    where n.patient_id = p_patient and n.role = p_role
        and n.occasion <> all (string_to_array(p_occasions, ','));
    insert into coordination.circle_role_notice (patient_id, role, occasion, since, chosen_by)
    select p_patient, p_role, o.occasion, access.current_instant(), access.current_person()
    from unnest(string_to_array(p_occasions, ',')) o(occasion)
    where o.occasion <> '' and not (o.occasion = 'silence' and access.is_family_role(p_role))
    on conflict do nothing;
    return true;
end;
$$;

-- What happened of which somebody in the circle is to be told, since an instant: an alert that is red
-- or a deadline missed, its end, and a stay in hospital. Nothing of a record that serves exercises.
create or replace function coordination.occasions(p_since timestamptz)
returns table (patient_id uuid, occasion text, subject uuid, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.patient_id,
        case when e.what = 'closed' then 'closure' when a.cause = 'silent' then 'silence'
            else 'red' end as occasion,
        e.alert_id as subject, e.at
    from alerts.alert_event e
    join alerts.alert a on a.id = e.alert_id
    where e.at > p_since and not alerts.is_drill_record(a.patient_id)
        and case e.what
            when 'raised' then a.cause = 'silent' or a.level = 'red'
            when 'worsened' then a.cause <> 'silent' and a.level = 'red'
            when 'closed' then a.cause = 'silent' or a.level = 'red'
            else false end
    union all
    select p.patient_id, 'stay' as occasion, p.id as subject, p.paused_at as at
    from questionnaires.pause p
    where p.paused_at > p_since and p.reason = 'hospital' and not p.of_stay
    union all
    select e.patient_id, case e.what when 'discharged' then 'stay_over' else 'stay' end as occasion,
        e.id as subject, e.at
    from coordination.stay_event e
    join coordination.stay s on s.id = e.stay_id and s.state <> 'cancelled'
    where e.at > p_since and e.what in ('emergency', 'admitted', 'discharged');
end;

-- Notes what the circle is to be told, once for each alert or stay; returns how much was new. A pass
-- of the sentinel, never a trigger: whatever fails here, alerts are raised and stays begin. The
-- bookmark moves with the notices; an hour before it is read again, for what was written before and
-- committed after.
create or replace function coordination.note_occasions(p_now timestamptz) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_through timestamptz;
    v_new integer;
begin
    select b.through into v_through from coordination.circle_bookmark b for update skip locked;
    if v_through is null then
        return 0;
    end if;
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    select gen_random_uuid(), 'circle_' || o.occasion, o.subject, o.patient_id, p_now
    from coordination.occasions(v_through - interval '1 hour') o
    where exists (
        select from access.record_member k
        join coordination.told_member n on n.patient_id = k.member
            and n.occasion = replace(o.occasion, 'stay_over', 'stay')
        where k.patient_id = o.patient_id and n.since <= o.at
    )
    on conflict (kind, subject) do nothing;
    get diagnostics v_new = row_count;
    -- A clock that runs ahead leaves nothing out.
    update coordination.circle_bookmark b set through = greatest(v_through, least(p_now, now()));
    return v_new;
end;
$$;

revoke execute on function coordination.circle_notices, coordination.circle_roles,
    coordination.choose_notices, coordination.choose_role_notices, coordination.occasions,
    coordination.note_occasions from public;
grant execute on function coordination.circle_notices, coordination.circle_roles,
    coordination.choose_notices, coordination.choose_role_notices to chevet_app;
grant execute on function coordination.note_occasions to chevet_worker;
