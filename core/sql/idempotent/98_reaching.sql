-- Whom to call when a patient must be reached, what came of it, and what a rescuer needs to know.
do $$
declare
    v_table text;
begin
    foreach v_table in array array['person_to_call', 'attempt', 'doubt_check', 'home']
    loop
        execute format('drop policy if exists person_reads on coordination.%I', v_table);
        execute format('create policy person_reads on coordination.%I for select to chevet_app '
            'using (patient_id = any (array(select access.visible_patients(''alerts:read''))))',
            v_table);
    end loop;
end;
$$;

drop policy if exists person_adds on coordination.person_to_call;
create policy person_adds on coordination.person_to_call for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and noted_by = access.current_person());
drop policy if exists person_changes on coordination.person_to_call;
create policy person_changes on coordination.person_to_call for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))));

drop policy if exists person_adds on coordination.home;
create policy person_adds on coordination.home for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and changed_by = access.current_person());
drop policy if exists person_changes on coordination.home;
create policy person_changes on coordination.home for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))))
    with check (changed_by = access.current_person());

drop policy if exists person_adds on coordination.doubt_check;
create policy person_adds on coordination.doubt_check for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('alerts:acknowledge')))
        and sent_by = access.current_person());
drop policy if exists person_changes on coordination.doubt_check;
create policy person_changes on coordination.doubt_check for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:acknowledge'))))
    with check (ended_by = access.current_person());

-- Who was named as the person to call at the inclusion stands last on the list, unless his number
-- is there.
create or replace function coordination.keep_person_to_call() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.person_to_call
        (id, patient_id, place, name, tie, phone, noted_by, noted_at)
    select new.id, new.patient_id, 1 + coalesce((
            select max(p.place) from coordination.person_to_call p
            where p.patient_id = new.patient_id and p.removed_at is null
        ), 0), left(new.person_to_call ->> 'name', 100),
        left(coalesce(new.person_to_call ->> 'tie', ''), 60),
        left(new.person_to_call ->> 'phone', 30), new.included_by, new.included_at
    where new.person_to_call ->> 'name' <> '' and length(new.person_to_call ->> 'phone') >= 3
        and not exists (
            select from coordination.person_to_call p
            where p.patient_id = new.patient_id and p.removed_at is null
                and replace(p.phone, ' ', '') = replace(new.person_to_call ->> 'phone', ' ', '')
        );
    return null;
end;
$$;
drop trigger if exists keeps_person_to_call on coordination.episode;
create trigger keeps_person_to_call after insert on coordination.episode
    for each row when (new.person_to_call is not null)
    execute function coordination.keep_person_to_call();

create or replace view doorway.attempt with (security_barrier) as
select a.id, a.patient_id, a.alert_id, a.person_id, a.name, a.phone, a.at, y.name as by_name,
    a.outcome, a.next_at, a.note
from coordination.attempt a
join access.party y on y.id = a.by_person
where a.patient_id = any (array(select access.visible_patients('alerts:read')));
comment on view doorway.attempt is 'Calls to patients and their people, for who may read alerts.';

create or replace view doorway.doubt_check with (security_barrier) as
select d.id, d.patient_id, d.alert_id, d.who, d.expected_at, d.sent_at, s.name as sent_by_name,
    d.outcome, d.note, d.ended_at, e.name as ended_by_name
from coordination.doubt_check d
join access.party s on s.id = d.sent_by
left join access.party e on e.id = d.ended_by
where d.patient_id = any (array(select access.visible_patients('alerts:read')));
comment on view doorway.doubt_check is 'Who was sent to the homes of patients, and what he found.';

-- What came of a call to a patient or one of his people. It stands in the life of the alert it is
-- about and neither takes nor closes it. Says « gone » for no such person or alert of this record.
create or replace function coordination.note_attempt(
    p_id uuid, p_patient uuid, p_alert uuid, p_callee uuid, p_outcome text,
    p_next_at timestamptz, p_note text
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_records constant uuid[] := access.record_of(p_patient);
    v_record uuid;
    v_name text := '';
    v_phone text;
begin
    if p_patient = any (array(select access.visible_patients('alerts:acknowledge'))) is not true then
        return 'not_allowed';
    end if;
    if p_callee is null then
        select p_patient, coalesce(i.phone, '') into v_record, v_phone
        from identity.patient i where i.patient_id = p_patient;
    else
        select p.patient_id, p.name || case when p.tie <> '' then ' (' || p.tie || ')' else '' end,
            p.phone into v_record, v_name, v_phone
        from coordination.person_to_call p
        where p.id = p_callee and p.patient_id = any (v_records) and p.removed_at is null;
    end if;
    if v_record is null or p_alert is not null and not exists (
        select from alerts.alert t where t.id = p_alert and t.patient_id = any (v_records)
    ) then
        return 'gone';
    end if;
    insert into coordination.attempt (id, patient_id, alert_id, person_id, name, phone, at,
        by_person, outcome, next_at, note)
    values (p_id, v_record, p_alert, p_callee, v_name, v_phone, v_now, access.current_person(),
        p_outcome, case when p_outcome = 'call_later' then p_next_at end, p_note);
    perform coordination.mark_number(p_id, p_patient, p_callee, p_outcome);
    if p_callee is null and coordination.may_call(p_patient) then
        insert into coordination.call (id, patient_id, at, by_person, organisation, outcome, next_at)
        values (p_id, p_patient, v_now, access.current_person(),
            access.acting_organisation('queue:read'), p_outcome, p_next_at);
    end if;
    insert into alerts.alert_event (alert_id, patient_id, at, what, by_person, detail)
    select t.id, t.patient_id, v_now, 'attempt', access.current_person(),
        jsonb_build_object('outcome', p_outcome, 'who', v_name)
    from alerts.alert t where t.id = p_alert;
    perform alerts.rerank(r), alerts.hint_queues(r) from unnest(v_records) r;
    return 'noted';
end;
$$;

-- A wrong number is marked where it stands; a number that led to somebody is doubted no more.
create or replace function coordination.mark_number(
    p_id uuid, p_patient uuid, p_callee uuid, p_outcome text
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    if p_callee is not null then
        update coordination.person_to_call p
        set doubted_at = case when p_outcome = 'wrong_number' then v_now end
        where p.id = p_callee and p_outcome in ('wrong_number', 'reached');
    elsif p_outcome = 'wrong_number' then
        insert into messages.contact_fault (id, party, channel, reason, found_at)
        values (p_id, p_patient, 'phone', 'wrong_number', v_now)
        on conflict (party, channel) where cleared_at is null do nothing;
    elsif p_outcome = 'reached' then
        update messages.contact_fault f set cleared_at = greatest(v_now, f.found_at)
        where f.party = any (access.record_of(p_patient)) and f.channel = 'phone'
            and f.cleared_at is null;
    end if;
end;
$$;

-- What other rooms know that whoever must reach a patient asks for: whether his number is doubted,
-- the doctors of his circle, the oxygen that was said when the follow-up was asked for.
create or replace function coordination.reach_facts(p_patient uuid) returns table (
    phone_doubted boolean, gps text[], oxygen_l_min numeric
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
            select from messages.contact_fault f
            where f.party = any (access.record_of(p_patient)) and f.channel = 'phone'
                and f.cleared_at is null
        ),
        array(
            select y.name from access.membership m
            join access.party y on y.id = m.party
            where m.patient_id = any (access.record_of(p_patient)) and m.role = 'gp'
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
            order by m.starts_at, m.id
        ),
        (
            select r.oxygen_l_min from coordination.request r
            where r.patient_id = any (access.record_of(p_patient)) and r.state = 'accepted'
                and r.oxygen_l_min is not null
            order by r.sent_at desc limit 1
        )
    where p_patient = any (array(select access.visible_patients('alerts:read')));
end;

-- A call that was promised is due: the patient rises in the queues.
create or replace function coordination.raise_call_backs(p_limit integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient uuid;
    v_count bigint := 0;
begin
    for v_patient in
        update coordination.attempt a set risen_at = access.current_instant()
        where a.id in (
            select d.id from coordination.attempt d
            where d.outcome = 'call_later' and d.risen_at is null
                and d.next_at <= access.current_instant()
            order by d.next_at limit p_limit for update skip locked
        )
        returning a.patient_id
    loop
        perform alerts.rerank(r), alerts.hint_queues(r)
        from unnest(access.record_of(v_patient)) r;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;

-- How many patients are followed in each département, '' where nobody has said it.
create or replace function coordination.followed_departments()
returns table (department text, patients bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(h.department, ''), count(distinct e.patient_id)
    from coordination.episode e
    left join coordination.home h on h.patient_id = e.patient_id
    where e.ended_at is null
    group by 1
    order by 1;
end;

revoke execute on function coordination.keep_person_to_call, coordination.note_attempt,
    coordination.mark_number, coordination.reach_facts, coordination.raise_call_backs,
    coordination.followed_departments from public;
grant select on doorway.attempt, doorway.doubt_check to chevet_app;
grant select on coordination.person_to_call, coordination.doubt_check, coordination.home
    to chevet_app;
grant insert (id, patient_id, place, of_patient, name, tie, phone, has_key, may_know, noted_by,
    noted_at), update (place, of_patient, name, tie, phone, has_key, may_know, doubted_at,
    removed_at, removed_by) on coordination.person_to_call to chevet_app;
grant insert (id, patient_id, alert_id, who, expected_at, sent_at, sent_by),
    update (outcome, note, ended_at, ended_by) on coordination.doubt_check to chevet_app;
grant insert (patient_id, address, postcode, commune, department, floor, door_code,
    usual_spo2_percent, oxygen_l_min, allergies, treatments, directives, gp, changed_at,
    changed_by), update (address, postcode, commune, department, floor, door_code,
    usual_spo2_percent, oxygen_l_min, allergies, treatments, directives, gp, version, changed_at,
    changed_by) on coordination.home to chevet_app;
grant execute on function coordination.note_attempt, coordination.reach_facts to chevet_app;
grant execute on function coordination.raise_call_backs, coordination.followed_departments
    to chevet_worker;
