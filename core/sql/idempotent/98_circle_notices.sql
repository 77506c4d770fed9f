-- Of what the circle is told beside the ladder, and when that is to be done.

-- The people of the circle and of what each is told; for the patient and for who manages the circle.
create or replace function coordination.circle_notices(p_patient uuid)
returns table (membership_id uuid, name text, role text, family boolean, reachable boolean,
    occasions text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, y.name, m.role, access.is_family_role(m.role),
        exists (
            select from messages.contact_point c
            where c.party = m.party and c.channel = 'email' and c.ended_at is null
        ),
        array(
            select n.occasion from coordination.circle_notice n
            where n.membership_id = m.id order by n.occasion
        )
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'person'
    where m.patient_id = any (access.record_of(p_patient)) and m.role <> 'patient'
        and m.basis <> 'break_glass' and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and coordination.may_speak_for(p_patient)
    order by access.is_family_role(m.role), y.name, m.id;
end;

-- Notes of what one of them is told from now on, « red,stay » or nothing at all. False for whoever
-- may not choose, and for nobody of that circle.
create or replace function coordination.choose_notices(
    p_patient uuid, p_membership uuid, p_occasions text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from coordination.circle_notices(p_patient) c where c.membership_id = p_membership
    ) then
        return false;
    end if;
    delete from coordination.circle_notice n
    where n.membership_id = p_membership
        and n.occasion <> all (string_to_array(p_occasions, ','));
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

-- Something happened of which somebody in the circle is to be told: once for each alert or stay.
create or replace function coordination.note_occasion(
    p_patient uuid, p_occasion text, p_subject uuid
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    select gen_random_uuid(), 'circle_' || p_occasion, p_subject, p_patient,
        coalesce(access.current_instant(), pg_catalog.now())
    where exists (
        select from coordination.circle_notice n
        where n.patient_id = any (access.record_of(p_patient)) and n.occasion = p_occasion
    )
    on conflict (kind, subject) do nothing;
end;

create or replace function coordination.alert_happened() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_red boolean;
    v_silence boolean;
begin
    select a.level = 'red' or coalesce(new.detail ->> 'level', '') = 'red', a.cause = 'silent'
    into v_red, v_silence
    from alerts.alert a where a.id = new.alert_id;
    if new.what = 'closed' and (v_red or v_silence) then
        perform coordination.note_occasion(new.patient_id, 'closure', new.alert_id);
    elsif new.what = 'raised' and v_silence then
        perform coordination.note_occasion(new.patient_id, 'silence', new.alert_id);
    elsif new.what in ('raised', 'worsened') and v_red then
        perform coordination.note_occasion(new.patient_id, 'red', new.alert_id);
    end if;
    return null;
end;
$$;
drop trigger if exists tells_the_circle on alerts.alert_event;
create trigger tells_the_circle after insert on alerts.alert_event
    for each row when (new.what in ('raised', 'worsened', 'closed'))
    execute function coordination.alert_happened();

create or replace function coordination.stay_began() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform coordination.note_occasion(new.patient_id, 'stay', new.id);
    return null;
end;
$$;
drop trigger if exists tells_the_circle on questionnaires.pause;
create trigger tells_the_circle after insert on questionnaires.pause
    for each row when (new.reason = 'hospital')
    execute function coordination.stay_began();

revoke execute on function coordination.circle_notices, coordination.choose_notices,
    coordination.note_occasion, coordination.alert_happened, coordination.stay_began from public;
grant execute on function coordination.circle_notices, coordination.choose_notices to chevet_app;
