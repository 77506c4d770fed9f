-- Measures to be taken again: who may see them, where a patient is asked, what he answers.
drop policy if exists person_reads on alerts.repeat;
create policy person_reads on alerts.repeat for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists worker_asks on alerts.repeat;
create policy worker_asks on alerts.repeat to chevet_worker using (true) with check (true);
grant select on alerts.repeat to chevet_app, chevet_worker;
grant insert (id, patient_id, patient_key, item, alert_id, breaches, asked_at, due_at, state)
    on alerts.repeat to chevet_worker;
grant update (alert_id, state, ended_at) on alerts.repeat to chevet_worker;

-- Where a patient can be asked at once: his browsers and his number, unless it is known as faulty.
create or replace function alerts.repeat_reach(p_patient uuid)
returns table (browsers uuid[], contact_mobile text, phone text, fallback text, sms_faulty boolean,
    locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select array(
            select s.id from messages.subscription s
            where s.party = any (k.ids) and s.ended_at is null
            order by s.created_at, s.id
        ),
        (select c.address from messages.contact_point c
            where c.party = any (k.ids) and c.channel = 'sms' and c.ended_at is null
            order by c.created_at desc limit 1),
        i.phone,
        coalesce((select f.fallback from messages.preference f where f.party = any (k.ids)
            order by f.changed_at desc limit 1), 'sms'),
        exists (select from messages.contact_fault f
            where f.party = any (k.ids) and f.channel = 'sms' and f.cleared_at is null),
        coalesce(a.locale, 'fr')
    from (select access.record_of(p_patient) as ids) k
    left join identity.patient i on i.patient_id = p_patient
    left join identity.account a on a.person = p_patient;
end;

-- What the patient in hand is asked to measure again, the latest first, for whoever may answer for
-- him: never why, nor at which level.
create or replace function alerts.my_repeats(p_patient uuid)
returns table (id uuid, item text, asked_at timestamptz, due_at timestamptz, state text,
    answer_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.id, r.item, r.asked_at, r.due_at, r.state, r.answer_id
    from alerts.repeat r
    where r.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('answers:write')))
        and r.asked_at > access.current_instant() - interval '1 day'
    order by r.asked_at desc
    limit 20;
end;

-- One measure the patient in hand was asked to take again, however long ago: what comes late is kept.
create or replace function alerts.my_repeat(p_patient uuid, p_repeat uuid)
returns table (id uuid, item text, asked_at timestamptz, due_at timestamptz, state text,
    answer_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.id, r.item, r.asked_at, r.due_at, r.state, r.answer_id
    from alerts.repeat r
    where r.id = p_repeat and r.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('answers:write')));
end;

-- The guided questionnaire of a repeat was answered, under a key of the page: what was sent ahead
-- gives way to the whole, which is kept under the same key or one that begins with it.
create or replace function alerts.answer_repeat(p_repeat uuid, p_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_repeat alerts.repeat;
    v_answer uuid;
begin
    select * into v_repeat from alerts.repeat r
    where r.id = p_repeat
        and r.patient_id = any (array(select access.visible_patients('answers:write')))
    for update;
    select a.id into v_answer from questionnaires.answer a
    where a.patient_id = v_repeat.patient_id and a.entered_by = access.current_person()
        and (a.client_key = p_key or starts_with(a.client_key, p_key || '+'))
    order by a.received_at desc, a.id desc
    limit 1;
    if v_answer is null then
        return false;
    end if;
    update alerts.repeat r set answer_id = v_answer where r.id = p_repeat;
    if v_repeat.alert_id is not null and v_repeat.answer_id is null then
        -- Without its author: an alert is answered by a person of the team, not by the patient.
        insert into alerts.alert_event (alert_id, patient_id, at, what, detail)
        values (v_repeat.alert_id, v_repeat.patient_id, access.current_instant(),
            'repeat_answered', '{}');
    end if;
    return true;
end;
$$;

-- The measures asked for again because of an alert; what was answered with them is shown to whoever
-- may read answers, as it stands after any correction.
create or replace function alerts.repeats_of(p_patient uuid, p_alert uuid)
returns table (asked_at timestamptz, due_at timestamptz, state text, ended_at timestamptz,
    answers jsonb, edition text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.asked_at, r.due_at, r.state, r.ended_at, a.answers, a.edition
    from alerts.repeat r
    left join lateral (
        select coalesce(c.answers, f.answers) as answers, coalesce(c.edition, f.edition) as edition
        from questionnaires.answer f
        left join questionnaires.answer c on c.replaces = f.id
        where f.id = r.answer_id
            and p_patient = any (array(select access.visible_patients('answers:read')))
    ) a on true
    where r.alert_id = p_alert and r.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('alerts:read')))
    order by r.asked_at;
end;

-- Orange values that wait for a new measure: nothing was raised for them yet.
create or replace function alerts.repeats_waiting(p_patient uuid)
returns table (item text, asked_at timestamptz, due_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.item, r.asked_at, r.due_at
    from alerts.repeat r
    where r.patient_id = any (access.record_of(p_patient)) and r.state = 'asked'
        and r.alert_id is null
        and p_patient = any (array(select access.visible_patients('alerts:read')))
    order by r.due_at, r.item;
end;

revoke execute on function alerts.repeat_reach, alerts.my_repeats, alerts.my_repeat,
    alerts.answer_repeat, alerts.repeats_of, alerts.repeats_waiting from public;
grant execute on function alerts.repeat_reach to chevet_worker;
grant execute on function alerts.my_repeats, alerts.my_repeat, alerts.answer_repeat,
    alerts.repeats_of, alerts.repeats_waiting to chevet_app;
