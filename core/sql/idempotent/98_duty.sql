-- The rota as its own staff sees and changes it, and in which hours a GP is called.

-- Whether somebody's post lets him stand on a rung as a duty asks: whoever cannot is never planned.
create or replace function alerts.may_stand(p_person uuid, p_organisation uuid, p_duty text)
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.post p
        where p.person = p_person and p.organisation = p_organisation
            and p.starts_at <= access.current_instant()
            and (p.ends_at is null or p.ends_at > access.current_instant())
            and case p_duty
                when 'on_call' then p.role in ('telemonitoring_nurse', 'coordinating_doctor', 'gp',
                    'hospital_doctor', 'home_nurse')
                when 'coordinating_doctor' then p.role = 'coordinating_doctor'
                else p.role = 'telemonitoring_nurse' end
    );
end;

create or replace function alerts.my_rota()
returns table (organisation uuid, zone text, holidays text, shifts jsonb, leaves jsonb,
    swaps jsonb, staff jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.organisation, k.zone, k.holidays, k.shifts, k.leaves, k.swaps, k.staff
    from alerts.rota_kept k
    where k.organisation = access.acting_organisation('queue:read');
end;

-- Who is or was planned, and who may be, with the duties his post lets him have; none: he has left.
create or replace function alerts.rota_people()
returns table (person uuid, name text, duties text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, array(
        select d.duty from unnest(array['telemonitoring_nurse', 'second_nurse',
            'coordinating_doctor', 'on_call']) d(duty)
        where alerts.may_stand(y.id, o.id, d.duty))
    from (select access.acting_organisation('queue:read') as id) o
    cross join lateral (
        select p.person from access.post p where p.organisation = o.id
            and (p.ends_at is null or p.ends_at > access.current_instant())
        union select s.person from alerts.shift s where s.organisation = o.id
        union select l.person from alerts.leave l where l.organisation = o.id
        union select w.to_person from alerts.swap w where w.organisation = o.id
    ) w
    join access.party y on y.id = w.person
    order by y.name, y.id;
end;

create or replace function alerts.rota_leaves(p_from date)
returns table (id uuid, person uuid, first_on date, last_on date, substitute uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.id, l.person, l.first_on, l.last_on, l.substitute
    from alerts.leave l
    where l.organisation = access.acting_organisation('queue:read') and l.removed_at is null
        and l.last_on >= p_from
    order by l.first_on, l.id;
end;

-- Swaps that wait for an answer, of shifts that are still worked that day.
create or replace function alerts.rota_swaps(p_from date)
returns table (id uuid, shift uuid, day date, to_person uuid, asked_by uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select w.id, w.shift, w.day, w.to_person, w.asked_by
    from alerts.swap w
    join alerts.shift s on s.id = w.shift
    where w.organisation = access.acting_organisation('queue:read') and w.answered_at is null
        and w.day >= p_from and s.removed_at is null
        and (s.last_on is null or s.last_on >= w.day)
    order by w.day, w.id;
end;

-- Ends a shift with a day, or takes it away when it had not begun by then.
create or replace function alerts.end_shift(p_id uuid, p_last_on date) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    update alerts.shift s
    set last_on = case when p_last_on >= s.first_on then least(s.last_on, p_last_on)
            else s.last_on end,
        removed_at = case when p_last_on < s.first_on then greatest(v_now, s.made_at) end,
        removed_by = case when p_last_on < s.first_on then access.current_person() end
    where s.id = p_id and s.removed_at is null
        and s.organisation = access.acting_organisation('rota:manage');
    return found;
end;
$$;

-- Plans a shift; one that it replaces ends on the day before. False: somebody who cannot have it.
create or replace function alerts.plan_shift(
    p_id uuid, p_person uuid, p_duty text, p_weekdays smallint[], p_starts time, p_ends time,
    p_on_holidays text, p_first_on date, p_last_on date, p_replaces uuid
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mine constant uuid := access.acting_organisation('rota:manage');
begin
    if v_mine is null or not alerts.may_stand(p_person, v_mine, p_duty) then
        return false;
    end if;
    if p_replaces is not null and not alerts.end_shift(p_replaces, p_first_on - 1) then
        return false;
    end if;
    insert into alerts.shift (id, organisation, person, duty, weekdays, starts, ends, on_holidays,
        first_on, last_on, made_by, made_at)
    values (p_id, v_mine, p_person, p_duty, p_weekdays, p_starts, p_ends, p_on_holidays,
        p_first_on, p_last_on, access.current_person(), access.current_instant());
    return true;
end;
$$;

-- Notes days of leave; a substitute must be able to have every shift he is to take over.
create or replace function alerts.note_leave(
    p_id uuid, p_person uuid, p_first_on date, p_last_on date, p_substitute uuid
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mine constant uuid := access.acting_organisation('rota:manage');
    v_now constant timestamptz := access.current_instant();
begin
    if v_mine is null or (
        select count(*) from unnest(array[p_person, p_substitute]) w(person)
        where w.person is not null and not exists (
            select from access.post p
            where p.person = w.person and p.organisation = v_mine and p.starts_at <= v_now
                and (p.ends_at is null or p.ends_at > v_now))
    ) > 0 or p_substitute is not null and exists (
        select from alerts.shift s
        where s.organisation = v_mine and s.person = p_person and s.removed_at is null
            and (s.last_on is null or s.last_on >= p_first_on) and s.first_on <= p_last_on
            and not alerts.may_stand(p_substitute, v_mine, s.duty)
    ) then
        return false;
    end if;
    insert into alerts.leave (id, organisation, person, first_on, last_on, substitute, noted_by,
        noted_at)
    values (p_id, v_mine, p_person, p_first_on, p_last_on, p_substitute, access.current_person(),
        v_now);
    return true;
end;
$$;

create or replace function alerts.end_leave(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update alerts.leave l
    set removed_at = greatest(access.current_instant(), l.noted_at),
        removed_by = access.current_person()
    where l.id = p_id and l.removed_at is null
        and l.organisation = access.acting_organisation('rota:manage');
    return found;
end;
$$;

revoke execute on function alerts.may_stand, alerts.my_rota, alerts.rota_people,
    alerts.rota_leaves, alerts.rota_swaps, alerts.end_shift, alerts.plan_shift, alerts.note_leave,
    alerts.end_leave from public;
grant execute on function alerts.may_stand to chevet_worker;
grant execute on function alerts.my_rota, alerts.rota_people, alerts.rota_leaves,
    alerts.rota_swaps, alerts.end_shift, alerts.plan_shift, alerts.note_leave, alerts.end_leave
    to chevet_app;
