-- Exercises of the whole chain: started on a fictitious record, judged, called and answered as any
-- other alert. Only the reading is made up; nothing after it knows that it is an exercise.

-- Why a record cannot be used by an organisation now; null when it can.
create or replace function alerts.unfit_for_drill(p_organisation uuid, p_patient uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case
        when not exists (
            select from access.membership m
            where m.patient_id = p_patient and m.party = p_organisation
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        ) then 'not_followed'
        when not exists (
            select from identity.patient i where i.patient_id = p_patient and i.is_fictitious
        ) then 'not_fictitious'
        when alerts.is_lived_in(p_patient) then 'lived_in'
        when not exists (
            select from alerts.prescription r where r.patient_id = p_patient and r.ends_at is null
        ) then 'not_watched'
    end;
end;

-- Starts an exercise: one reading and its due row, in one transaction, as a gateway's batch is
-- stored. 70 % is red under every limit shipped (proposed); it has a stream of its own, « drill ».
create or replace function alerts.begin_drill(
    p_id uuid, p_organisation uuid, p_patient uuid, p_person uuid, p_by uuid, p_planned boolean
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_unfit text;
    v_key integer;
    v_stream integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('alerts.drill', 0));
    if exists (select from alerts.drill d
        where d.id = p_id and d.organisation = p_organisation) then
        return 'started';
    end if;
    v_unfit := alerts.unfit_for_drill(p_organisation, p_patient);
    if v_unfit is not null then
        return v_unfit;
    elsif p_person is not null and not exists (
        select from access.post p
        where p.person = p_person and p.organisation = p_organisation and p.starts_at <= v_now
            and (p.ends_at is null or p.ends_at > v_now)
    ) then
        return 'not_staff';
    elsif exists (select from alerts.drill d
        where (d.organisation = p_organisation or d.patient_id = p_patient)
            and d.ended_at is null and d.started_at > v_now - interval '24 hours') then
        return 'running';
    elsif exists (select from alerts.alert a
        where a.patient_id = p_patient and a.item = 'spo2' and a.state <> 'closed') then
        return 'open_alert';
    end if;
    select p.key into strict v_key from access.patient p where p.id = p_patient;
    select s.id into v_stream from ingest.stream s where s.source = 'drill' and s.epoch = '';
    if v_stream is null then
        insert into ingest.stream (source, epoch, last_received_at) values ('drill', '', v_now)
        on conflict (source, epoch) do update set last_received_at = excluded.last_received_at
        returning id into v_stream;
    end if;
    insert into vitals.reading
        (measured_at, received_at, patient_key, source, value, vital, quality)
    values (v_now, v_now, v_key, v_stream, 70, 1, 0);
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    values ('reading', v_key, v_now, v_now, v_now);
    insert into alerts.drill
        (id, organisation, patient_id, person, measured_at, started_at, started_by, planned)
    values (p_id, p_organisation, p_patient, p_person, v_now, v_now, p_by, p_planned);
    return 'started';
end;
$$;

-- Starts an exercise of the acting organisation; the same id twice starts one.
create or replace function alerts.start_drill(p_id uuid, p_patient uuid, p_person uuid)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mine constant uuid := access.acting_organisation('rota:manage');
begin
    if v_mine is null then
        return 'not_allowed';
    end if;
    return alerts.begin_drill(p_id, v_mine, p_patient, p_person, access.current_person(), false);
end;
$$;

-- Whether a record the actor may see serves exercises alone; no for any other.
create or replace function alerts.drill_record(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case when p_patient = any (array(select access.visible_patients('alerts:read')))
        then alerts.is_drill_record(p_patient) else false end;
end;

-- An alert says for ever that an exercise raised it: known by the instant of the first reading. Not
-- if somebody has come to live in the record before its review: that alert was real from the first.
create or replace function alerts.mark_drill() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    new.drill := (select d.id from alerts.drill d
        where d.patient_id = new.patient_id and d.measured_at = new.first_breach_at
            and not alerts.is_lived_in(d.patient_id));
    return new;
end;
$$;
drop trigger if exists alert_of_a_drill on alerts.alert;
create trigger alert_of_a_drill before insert on alerts.alert
    for each row when (new.item = 'spo2') execute function alerts.mark_drill();

-- Exercises, newest first, with all a report is made of; of every organisation when none is named.
-- An alert is raised at the instant of its review; without one the first judgement since tells.
create or replace function alerts.drill_facts(
    p_organisation uuid, p_drill uuid, p_under_way boolean, p_limit integer
)
returns table (id uuid, organisation uuid, patient_id uuid, patient_name text, person uuid,
    person_name text, started_at timestamptz, started_by_name text, planned boolean,
    judged_at timestamptz, alert jsonb, steps jsonb, sent jsonb, report jsonb,
    ended_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select d.id, d.organisation, f.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        d.person, w.name, d.started_at, b.name, d.planned,
        case when d.report is null then coalesce(a.raised_at, (
            select min(s.judged_at) from alerts.assessment s
            where s.patient_id = d.patient_id and s.judged_at >= d.measured_at
        )) end,
        case when d.report is null and a.id is not null then jsonb_build_object('id', a.id,
            'level', a.level, 'raised_at', a.raised_at, 'closed_at', a.closed_at,
            'ladder', a.ladder) end,
        case when d.report is null then coalesce((
            select jsonb_agg(jsonb_build_object('at', e.at, 'what', e.what, 'by', e.by_person,
                'name', n.name, 'detail', e.detail) order by e.id)
            from alerts.alert_event e
            left join access.party n on n.id = e.by_person
            where e.alert_id = a.id
        ), '[]') end,
        case when d.report is null then coalesce((
            select jsonb_agg(jsonb_build_object('rung', (e.detail ->> 'rung')::integer,
                'role', e.detail ->> 'role', 'at', e.at, 'person', c.person, 'name', n.name,
                'channel', o.channel, 'state', o.state, 'sent_at', o.first_sent_at,
                'received_at', o.received_at) order by e.id, n.name, o.channel, o.key)
            from alerts.alert_event e
            cross join jsonb_array_elements_text(e.detail -> 'people') c(person)
            join access.party n on n.id = c.person::uuid
            left join lateral (
                select m.key, m.channel, m.state, m.first_sent_at, m.received_at
                from unnest(array['email', 'sms', 'push']) h(channel)
                cross join unnest(array['', '.2', '.3', '.4']) k(nth)
                join messages.outbox m on m.key = concat_ws(':', e.alert_id, e.detail ->> 'round',
                    e.detail ->> 'rung', c.person || k.nth, h.channel)
            ) o on true
            where e.alert_id = a.id and e.what = 'called'
        ), '[]') end,
        d.report, d.ended_at
    from alerts.drill d
    left join access.party w on w.id = d.person
    left join access.party b on b.id = d.started_by
    left join lateral (
        select m.patient_id from access.membership m
        where m.patient_id = d.patient_id and m.party = d.organisation
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
        limit 1
    ) f on true
    left join identity.patient i on i.patient_id = f.patient_id
    left join lateral (
        select t.id, t.level, t.raised_at, t.closed_at, t.ladder from alerts.alert t
        where t.drill = d.id order by t.raised_at limit 1
    ) a on true
    where (p_organisation is null or d.organisation = p_organisation)
        and (p_drill is null or d.id = p_drill)
        and (not p_under_way or d.ended_at is null)
    order by d.started_at desc, d.id
    limit p_limit;
end;

-- The exercises of the acting organisation; none for whoever acts for none.
create or replace function alerts.drills(p_drill uuid, p_limit integer)
returns table (id uuid, organisation uuid, patient_id uuid, patient_name text, person uuid,
    person_name text, started_at timestamptz, started_by_name text, planned boolean,
    judged_at timestamptz, alert jsonb, steps jsonb, sent jsonb, report jsonb,
    ended_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select f.id, f.organisation, f.patient_id, f.patient_name, f.person, f.person_name,
        f.started_at, f.started_by_name, f.planned, f.judged_at, f.alert, f.steps, f.sent,
        f.report, f.ended_at
    from (select access.acting_organisation('queue:read') as id) o
    cross join lateral alerts.drill_facts(o.id, p_drill, false, p_limit) f
    where o.id is not null and f.organisation = o.id;
end;

-- With which records, and for whom, the acting organisation may start an exercise.
create or replace function alerts.drill_choices()
returns table (kind text, id uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.kind, c.id, c.name
    from (select access.acting_organisation('rota:manage') as id) o
    cross join lateral (
        select 'record' as kind, i.patient_id as id,
            upper(coalesce(i.used_name, i.birth_name)) || ' '
                || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)) as name
        from access.membership m
        join identity.patient i on i.patient_id = m.patient_id and i.is_fictitious
        where m.party = o.id and alerts.unfit_for_drill(o.id, i.patient_id) is null
        union
        select 'person' as kind, y.id, y.name
        from access.post p
        join access.party y on y.id = p.person
        where p.organisation = o.id and p.starts_at <= access.current_instant()
            and (p.ends_at is null or p.ends_at > access.current_instant())
    ) c
    where o.id is not null
    order by c.kind, c.name, c.id;
end;

-- Plans an exercise of the acting organisation for a day of each month; a day already begun waits
-- for the next month.
create or replace function alerts.plan_drill(p_patient uuid, p_day smallint, p_time time)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_mine constant uuid := access.acting_organisation('rota:manage');
    v_unfit text;
begin
    if v_mine is null then
        return 'not_allowed';
    end if;
    v_unfit := alerts.unfit_for_drill(v_mine, p_patient);
    if v_unfit is not null then
        return v_unfit;
    end if;
    insert into alerts.drill_plan as k
        (organisation, patient_id, day, at, changed_by, changed_at)
    values (v_mine, p_patient, p_day, p_time, access.current_person(), access.current_instant())
    on conflict (organisation) do update
    set patient_id = excluded.patient_id, day = excluded.day, at = excluded.at,
        changed_by = excluded.changed_by, changed_at = excluded.changed_at;
    return 'planned';
end;
$$;

create or replace function alerts.drop_drill_plan() returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from alerts.drill_plan k
    where k.organisation = access.acting_organisation('rota:manage')
    returning true;
end;

create or replace function alerts.my_drill_plan()
returns table (patient_id uuid, patient_name text, day smallint, at time)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        k.day, k.at
    from alerts.drill_plan k
    left join identity.patient i on i.patient_id = k.patient_id and exists (
        select from access.membership m
        where m.patient_id = k.patient_id and m.party = k.organisation
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    )
    where k.organisation = access.acting_organisation('queue:read');
end;

drop policy if exists worker_all on alerts.drill;
create policy worker_all on alerts.drill to chevet_worker using (true) with check (true);
drop policy if exists worker_all on alerts.drill_plan;
create policy worker_all on alerts.drill_plan to chevet_worker using (true) with check (true);
grant select on alerts.drill, alerts.drill_plan to chevet_worker;
grant update (report, ended_at, told_at) on alerts.drill to chevet_worker;
grant update (done_for) on alerts.drill_plan to chevet_worker;
revoke execute on function alerts.unfit_for_drill, alerts.begin_drill,
    alerts.start_drill, alerts.mark_drill, alerts.drill_facts, alerts.drills,
    alerts.drill_choices, alerts.plan_drill, alerts.drop_drill_plan, alerts.my_drill_plan,
    alerts.drill_record
    from public;
grant execute on function alerts.begin_drill, alerts.drill_facts to chevet_worker;
grant execute on function alerts.start_drill, alerts.drills, alerts.drill_choices,
    alerts.plan_drill, alerts.drop_drill_plan, alerts.my_drill_plan, alerts.drill_record to chevet_app;
