-- Stays in hospital that are marked by hand: who reads and marks them, what rests, what is asked.

-- The questions to a patient rest until an instant because he is in hospital; null: no longer. What
-- rested so before ends: of two rests that overlap the later one counts. Tasks follow at once, except
-- those whose alarm has come. `p_all`: a rest in hospital that somebody made by hand ends too.
create or replace function coordination.rest_in_hospital(
    p_patient uuid, p_id uuid, p_until timestamptz, p_all boolean
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_records constant uuid[] := access.record_of(p_patient);
begin
    update questionnaires.pause s
    set resumed_at = v_now, resumed_by = access.current_person()
    where s.patient_id = any (v_records) and s.reason = 'hospital' and (s.of_stay or p_all)
        and s.starts_at <= v_now and s.over_at > v_now and s.resumed_at is null;
    if p_until > v_now then
        insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at,
            paused_by, of_stay)
        values (p_id, p_patient, 'hospital', v_now, least(p_until, v_now + interval '31 days'),
            v_now, access.current_person(), true);
    end if;
    update questionnaires.task t
    set state = case when p.paused then 'paused' else 'open' end
    from (
        select k.id, exists (
            select from questionnaires.pause s
            where s.patient_id = any (v_records)
                and ((k.due_at >= s.starts_at and k.due_at < s.over_at)
                    or (k.alarm_at >= s.starts_at and k.alarm_at < s.over_at))
        ) as paused
        from questionnaires.task k
        where k.patient_id = any (v_records) and k.state in ('open', 'paused')
            and k.alarm_at > v_now
    ) p
    where t.id = p.id and (t.state = 'paused') <> p.paused;
end;
$$;

-- What the circle was to be told of a stay that never was: nobody is told any more, and whoever was
-- told already is told of the error.
create or replace function coordination.retract_stay(p_stay uuid, p_notice uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_notices uuid[];
begin
    select coalesce(array_agg(n.id), '{}') into v_notices
    from coordination.notice n
    join coordination.stay_event e on e.id = n.subject and e.stay_id = p_stay;
    update messages.outbox o set state = 'cancelled'
    from unnest(v_notices) n
    where o.state = 'waiting' and o.key like 'notice:' || n || ':%';
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    select p_notice, 'circle_stay_cancelled', p_stay, s.patient_id, v_now
    from coordination.stay s
    where s.id = p_stay and exists (
        select from messages.outbox o, unnest(v_notices) n
        where o.key like 'notice:' || n || ':%' and o.state in ('sending', 'sent', 'gathered')
    )
    on conflict (kind, subject) do nothing;
    update coordination.notice n set told_at = v_now
    where n.id = any (v_notices) and n.told_at is null;
end;
$$;

-- Whether a plan of questions is running in whichever of the records that are read together, for
-- whoever reads the stays of one.
create or replace function coordination.is_asked(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select access.may_open(p_patient, 'stays:read') and exists (
        select from questionnaires.plan n
        where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null
    );
end;

-- A stay as somebody marked it, with its event and what rests; a word says what came of it: `done`,
-- `gone` (no right, or no such stay), `dead`, `overlaps` (another stay holds that time; an act that
-- makes none longer is never refused for it: two records may each have one when they are merged),
-- `changed` (somebody was faster).
create or replace function coordination.save_stay(
    p_id uuid, p_patient uuid, p_state text, p_started timestamptz, p_planned date,
    p_ended timestamptz, p_call_due timestamptz, p_called timestamptz, p_asks timestamptz,
    p_version integer, p_what text, p_new uuid[], p_rests boolean, p_until timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
    v_records constant uuid[] := access.record_of(p_patient);
begin
    if not access.may_open(p_patient, 'stays:write') then
        return 'gone';
    end if;
    -- The lock of whoever judges a patient or finds him silent, before any task is touched.
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (v_records) order by key) p;
    if coordination.has_died(p_patient) then
        return 'dead';
    elsif p_what in ('emergency', 'admitted', 'corrected') and exists (
        select from coordination.stay s
        where s.patient_id = any (v_records) and s.id <> p_id and s.state <> 'cancelled'
            and s.started_at < coalesce(p_ended, 'infinity')
            and coalesce(s.ended_at, 'infinity') > p_started
    ) then
        return 'overlaps';
    end if;
    if p_version = 0 then
        insert into coordination.stay (id, patient_id, state, started_at, planned_out_on, asks_at,
            opened_by, opened_at)
        values (p_id, p_patient, p_state, p_started, p_planned, p_asks, v_me, v_now)
        on conflict do nothing;
    else
        update coordination.stay s
        set state = p_state, started_at = p_started, planned_out_on = p_planned, ended_at = p_ended,
            call_due_at = p_call_due, called_at = p_called,
            called_by = case when p_called is null then null else coalesce(s.called_by, v_me) end,
            asks_at = p_asks, asked_at = null, version = s.version + 1
        where s.id = p_id and s.patient_id = any (v_records) and s.version = p_version;
    end if;
    if not found then
        return case when p_version = 0 or exists (
            select from coordination.stay s where s.id = p_id and s.patient_id = any (v_records)
        ) then 'changed' else 'gone' end;
    end if;
    insert into coordination.stay_event
        (id, stay_id, patient_id, at, by_person, what, started_at, planned_out_on, ended_at)
    values (p_new[1], p_id, p_patient, v_now, v_me, p_what, p_started, p_planned, p_ended);
    if p_rests and not exists (
        select from coordination.stay s
        where s.patient_id = any (v_records) and s.id <> p_id
            and s.state in ('emergency', 'admitted')
    ) then
        perform coordination.rest_in_hospital(p_patient, p_new[2], p_until,
            p_state in ('emergency', 'admitted', 'discharged'));
    end if;
    if p_state = 'cancelled' then
        perform coordination.retract_stay(p_id, p_new[3]);
    end if;
    return 'done';
end;
$$;

-- Stays of which a person is to say something: those open too long, and patients who are home and
-- whom nobody has called. Told once each time, as soon as there is somebody to tell; nothing of a patient who died.
create or replace function coordination.ask_of_stays(p_limit integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    with due as (
        select s.id from coordination.stay s
        where s.asks_at <= access.current_instant() and s.asked_at is null
            and s.state <> 'cancelled' and not coordination.has_died(s.patient_id)
            and exists (
                select from coordination.holders(s.patient_id, 'stays:write') h
                where access.party_in_circle(h.person, s.patient_id)
            )
            and not access.is_archived(s.patient_id)
        order by s.asks_at limit p_limit for update skip locked
    ), asked as (
        update coordination.stay s set asked_at = access.current_instant()
        from due where s.id = due.id
        returning s.*
    ), noted as (
        insert into coordination.stay_event
            (id, stay_id, patient_id, at, what, started_at, planned_out_on, ended_at)
        select gen_random_uuid(), a.id, a.patient_id, access.current_instant(), 'asked',
            a.started_at, a.planned_out_on, a.ended_at
        from asked a
        returning id, patient_id, ended_at
    ), told as (
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        select gen_random_uuid(),
            case when n.ended_at is null then 'stay_asks' else 'stay_call_late' end, n.id,
            n.patient_id, access.current_instant()
        from noted n
        returning id
    )
    select count(*) into v_count from told;
    return v_count;
end;
$$;

-- Stays of the actor's patients that wait for somebody: open ones, and calls to whoever is home.
create or replace function coordination.stays_waiting(p_most integer) returns table (
    id uuid, patient_id uuid, patient_name text, state text, started_at timestamptz,
    planned_out_on date, ended_at timestamptz, call_due_at timestamptz, asks_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.id, s.patient_id, y.name, s.state, s.started_at, s.planned_out_on, s.ended_at,
        s.call_due_at, s.asks_at
    from coordination.stay s
    join access.party y on y.id = s.patient_id
    where s.asks_at is not null and s.state <> 'cancelled'
        and s.patient_id in (select access.visible_patients('stays:write'))
        and not coordination.has_died(s.patient_id)
    order by s.asks_at, s.id
    limit p_most;
end;

alter table coordination.stay enable row level security;
alter table coordination.stay_event enable row level security;
drop policy if exists person_reads on coordination.stay;
create policy person_reads on coordination.stay for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('stays:read'))));
drop policy if exists person_reads on coordination.stay_event;
create policy person_reads on coordination.stay_event for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('stays:read'))));
create or replace view doorway.stay_event with (security_barrier) as
select e.id, e.stay_id, e.patient_id, e.at, y.name as by_name, e.what, e.started_at,
    e.planned_out_on, e.ended_at
from coordination.stay_event e
left join access.party y on y.id = e.by_person
where e.patient_id = any (array(select access.visible_patients('stays:read')));
comment on view doorway.stay_event is 'Who marked what of the stays that the actor reads.';
grant select on coordination.stay, coordination.stay_event, doorway.stay_event to chevet_app;

revoke execute on function coordination.rest_in_hospital, coordination.retract_stay,
    coordination.is_asked, coordination.save_stay, coordination.ask_of_stays, coordination.stays_waiting from public;
grant execute on function coordination.ask_of_stays to chevet_worker;
grant execute on function coordination.is_asked, coordination.save_stay, coordination.stays_waiting to chevet_app;
