-- One page of the queue of the organisation the actor acts in. Walks the organisation's index in
-- order and stops after the page, so it costs the same for 10 and for 20,000 patients. `offset 0`
-- keeps the planner from joining all memberships of the organisation first.
drop function if exists alerts.queue_page;
create function alerts.queue_page(p_limit integer, p_offset integer)
returns table (
    patient_id uuid, name text, birth_date date, sex text, phone text, rank integer,
    waiting_since timestamptz, level text, since timestamptz, judged_at timestamptz,
    last_measured_at timestamptz, items jsonb, missing jsonb, doubtful jsonb, latest jsonb,
    news2 jsonb, open_alerts smallint, open_red smallint, oldest_alert_at timestamptz,
    seen_at timestamptz, seen_by text, alerts jsonb, repeats jsonb, of_drill boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        i.birth_date, i.sex, i.phone, p.rank, p.waiting_since, s.level, s.since, s.judged_at,
        s.last_measured_at, s.items, s.missing, s.doubtful, s.latest, s.news2, s.open_alerts,
        s.open_red, s.oldest_alert_at, case when s.seen_at >= s.judged_at then s.seen_at end,
        case when s.seen_at >= s.judged_at then w.name end, coalesce(a.open, '[]'),
        coalesce(ra.asked, '[]'),
        alerts.is_drill_record(p.patient_id)
    from (
        select q.patient_id, q.rank, q.since as waiting_since
        from alerts.queue_entry q
        where q.organisation = (select access.acting_organisation('queue:read'))
            and exists (
                select from access.membership m
                where m.patient_id = q.patient_id and m.party = q.organisation
                    and m.starts_at <= access.current_instant()
                    and (m.ends_at is null or m.ends_at > access.current_instant())
                offset 0
            )
        order by q.rank desc, q.since, q.patient_id
        limit p_limit offset p_offset
    ) p
    join alerts.patient_summary s on s.patient_id = p.patient_id
    join identity.patient i on i.patient_id = p.patient_id
    left join access.party w on w.id = s.seen_by
    left join lateral (
        select jsonb_agg(jsonb_build_object(
            'alert_id', t.id, 'patient_id', t.patient_id, 'item', t.item, 'level', t.level,
            'state', t.state, 'hold', t.hold, 'owner', t.owner, 'owner_name', y.name,
            'owned_until', t.owned_until, 'since', t.raised_at,
            'first_breach_at', t.first_breach_at, 'late', t.late,
            'next_step_at', t.next_step_at, 'evidence', t.evidence, 'cause', t.cause,
            'cleared_at', t.cleared_at,
            'sleep', case when t.state = 'asleep' then t.sleep end, 'sleeper_name', z.name,
            'assigned_to', t.assignment ->> 'to', 'assigned_name', g.name, 'night_at', t.night_at,
            'drill', case when t.drill is not null and alerts.is_drill_record(t.patient_id)
                then t.drill end
        ) order by t.level = 'red' desc, t.raised_at, t.id) as open
        from alerts.alert t
        left join access.party y on y.id = t.owner
        left join access.party z on z.id = (t.sleep ->> 'by')::uuid
        left join access.party g on g.id = (t.assignment ->> 'to')::uuid
        where t.patient_id = p.patient_id and t.state <> 'closed'
    ) a on true
    left join lateral (
        select jsonb_agg(jsonb_build_object('item', r.item, 'asked_at', r.asked_at,
            'due_at', r.due_at) order by r.due_at, r.item) as asked
        from alerts.repeat r
        where r.patient_id = p.patient_id and r.state = 'asked' and r.alert_id is null
    ) ra on true
    order by p.rank desc, p.waiting_since, p.patient_id;
end;

-- Names of the persons an alert's life mentions, for those who may read the alert.
create or replace function alerts.names_around(p_patient uuid, p_alert uuid)
returns table (person uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    where p_patient = any (array(select access.visible_patients('alerts:read')))
        and y.id in (
            select e.by_person from alerts.alert_event e
            where e.alert_id = p_alert and e.patient_id = any (access.record_of(p_patient))
            union
            select called.person::uuid
            from alerts.alert_event e
            cross join jsonb_array_elements_text(coalesce(e.detail -> 'people', '[]')) called(person)
            where e.alert_id = p_alert and e.patient_id = any (access.record_of(p_patient))
            union
            select t.owner from alerts.alert t
            where t.id = p_alert and t.patient_id = any (access.record_of(p_patient))
            union
            select (e.detail ->> 'to')::uuid from alerts.alert_event e
            where e.alert_id = p_alert and e.what = 'assigned'
                and e.patient_id = any (access.record_of(p_patient))
            union
            select t.closed_by from alerts.alert t
            where t.id = p_alert and t.patient_id = any (access.record_of(p_patient))
        );
end;

-- Whom a rung can reach, now: the nurses of the organisations in the circle, and the GP. One row
-- for each address, and one without address for a person who has none.
create or replace view alerts.reachable as
select p.patient_id, p.role, p.person, c.address, coalesce(a.locale, 'fr') as locale,
    c.created_at as known_at
from (
    select r.patient_id, w.role, w.person
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.post w on w.organisation = m.party and w.role = 'telemonitoring_nurse'
    where m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and w.starts_at <= access.current_instant()
        and (w.ends_at is null or w.ends_at > access.current_instant())
    union
    select r.patient_id, m.role, m.party
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.party y on y.id = m.party and y.kind = 'person'
    where m.role = 'gp' and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    -- Whoever replaces a GP is called with him.
    select k.patient_id, m.role, s.person
    from access.record_member k
    join access.membership m on m.patient_id = k.member
    join access.post r on r.person = m.party
    join access.post s on s.replaces = r.id
    where m.role = 'gp' and m.basis = 'care_team' and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and s.starts_at <= access.current_instant()
        and (s.ends_at is null or s.ends_at > access.current_instant())
) p
left join messages.contact_point c
    on c.party = p.person and c.channel = 'email' and c.ended_at is null
left join identity.account a on a.person = p.person
where a.person is null or identity.is_live(a.disabled_at, a.expires_at);
comment on view alerts.reachable is 'Who can be called for a patient, for the escalation.';

-- Who may be given an alert of a patient: whom its ladder can call, seen by who may answer it too.
create or replace function alerts.answerers(p_patient uuid)
returns table (person uuid, name text, role text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct on (r.person) r.person, y.name, r.role
    from alerts.reachable r
    join access.party y on y.id = r.person
    where p_patient = any (array(select access.visible_patients('alerts:acknowledge')))
        and r.patient_id = p_patient
    order by r.person, r.role;
end;

-- Answers as the reviewer needs them: no author. One that was corrected is judged once, when it
-- comes, for what was said was said; it no longer counts for how the patient is.
create or replace view alerts.answer_to_review as
select a.id, a.patient_id, a.answers, a.answered_at, a.received_at, a.edition,
    exists (select from questionnaires.answer r where r.replaces = a.id) as replaced
from questionnaires.answer a;
comment on view alerts.answer_to_review is 'Answers, for the review of a patient.';

-- Tells the consoles of the organisations that follow a patient to look again: a hint only.
create or replace function alerts.hint_queues(p_patient uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    select pg_notify('chevet_queue', string_agg(distinct m.party::text, ','))
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'organisation'
    where m.patient_id = p_patient
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    having count(*) > 0;
end;

-- How many patients the acting organisation follows, by level, with its open alerts. Records kept
-- for exercises are counted apart, with nothing of theirs: no number of the queue is made of them.
drop function if exists alerts.queue_counts;
create function alerts.queue_counts()
returns table (level text, patients bigint, open_alerts bigint, open_red bigint, for_drills bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.level, count(*) filter (where k.id is null),
        coalesce(sum(s.open_alerts) filter (where k.id is null), 0),
        coalesce(sum(s.open_red) filter (where k.id is null), 0),
        count(k.id)
    from alerts.queue_entry q
    join alerts.patient_summary s on s.patient_id = q.patient_id
    join access.membership m on m.patient_id = q.patient_id and m.party = q.organisation
    -- Asked of the few records that ever served an exercise, not of each patient.
    left join (
        select c.id
        from (
            select d.patient_id as id from alerts.drill d
            union
            select p.patient_id as id from alerts.drill_plan p
        ) c
        where alerts.is_drill_record(c.id)
    ) k on k.id = q.patient_id
    where q.organisation = access.acting_organisation('queue:read')
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    group by s.level;
end;

alter table alerts.prescription enable row level security;
alter table alerts.assessment enable row level security;
alter table alerts.alert enable row level security;
alter table alerts.alert_event enable row level security;
alter table alerts.patient_summary enable row level security;
alter table alerts.queue_entry enable row level security;
alter table alerts.setback enable row level security;

drop policy if exists person_reads on alerts.prescription;
create policy person_reads on alerts.prescription for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_reads on alerts.assessment;
create policy person_reads on alerts.assessment for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_reads on alerts.alert;
create policy person_reads on alerts.alert for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_acts on alerts.alert;
create policy person_acts on alerts.alert for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:acknowledge'))));
drop policy if exists person_reads on alerts.alert_event;
create policy person_reads on alerts.alert_event for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_adds on alerts.alert_event;
create policy person_adds on alerts.alert_event for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('alerts:acknowledge')))
        and by_person = access.current_person());
drop policy if exists person_reads on alerts.patient_summary;
create policy person_reads on alerts.patient_summary for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
do $$
declare
    v_table text;
begin
    foreach v_table in array array['prescription', 'assessment', 'alert', 'alert_event',
        'patient_summary', 'queue_entry', 'setback']
    loop
        execute format('drop policy if exists worker_all on alerts.%I', v_table);
        execute format('create policy worker_all on alerts.%I to chevet_worker '
            'using (true) with check (true)', v_table);
    end loop;
end;
$$;

-- A person's act changes the order of the queues the patient stands in. Whoever was not spoken with
-- in time after his inclusion stands before all without an alert: 5 more at the end says so. So does
-- whoever was to be called again by now: 3 more. A red that waited for the morning, and that nobody
-- has in charge, stands before all: 50 more.
create or replace function alerts.rerank(p_patient uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    -- Wait for whoever counts at this moment, so that the next statement sees what he did.
    select from alerts.patient_summary where patient_id = p_patient for update;
    update alerts.patient_summary s
    set open_alerts = a.open_alerts, open_red = a.open_red, oldest_alert_at = a.oldest,
        rank = case when a.open_red > 0 then 400 when a.open_alerts > 0 then 300
            when coordination.contact_is_late(p_patient)
                or coordination.call_back_is_due(p_patient) then 100 else 0 end
            + case when coordination.contact_is_late(p_patient) then 5 else 0 end
            + case when coordination.call_back_is_due(p_patient) then 3 else 0 end
            + case when a.of_the_night > 0 then 50 else 0 end
            + case s.level when 'red' then 30 when 'orange' then 20 when 'unknown' then 10 else 0 end
    from (
        select count(*) as open_alerts, count(*) filter (where level = 'red') as open_red,
            count(*) filter (where level = 'red' and night_at is not null
                and state in ('raised', 'seen')) as of_the_night,
            min(raised_at) as oldest
        from alerts.alert where patient_id = p_patient and state <> 'closed'
    ) a
    where s.patient_id = p_patient;
    insert into alerts.queue_entry (organisation, patient_id, rank, since)
    select m.party, s.patient_id, s.rank, coalesce(s.oldest_alert_at, s.since)
    from alerts.patient_summary s
    join access.membership m on m.patient_id = s.patient_id
    join access.party y on y.id = m.party and y.kind = 'organisation'
    where s.patient_id = p_patient
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and not (s.open_alerts = 0 and coordination.is_let_go(p_patient))
    on conflict (organisation, patient_id)
    do update set rank = excluded.rank, since = excluded.since
        where (alerts.queue_entry.rank, alerts.queue_entry.since)
            is distinct from (excluded.rank, excluded.since);
    delete from alerts.queue_entry q
    where q.patient_id = p_patient and coordination.is_let_go(p_patient)
        and exists (select from alerts.patient_summary s
            where s.patient_id = p_patient and s.open_alerts = 0);
end;

-- An organisation that enters a circle has the patient in its queue at once, whatever is measured.
create or replace function alerts.rerank_member() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform alerts.rerank(new.patient_id);
    return null;
end;
$$;
drop trigger if exists membership_enters_queue on access.membership;
create trigger membership_enters_queue after insert or update on access.membership
    for each row execute function alerts.rerank_member();

revoke execute on all functions in schema alerts from public;
grant usage on schema alerts to chevet_app, chevet_worker;
grant execute on function alerts.queue_page, alerts.queue_counts, alerts.names_around,
    alerts.answerers, alerts.rerank, alerts.hint_queues to chevet_app;
grant execute on function alerts.rerank, alerts.hint_queues to chevet_worker;
grant select on alerts.reachable, alerts.answer_to_review to chevet_worker;
grant select, insert, update, delete on alerts.setback to chevet_worker;
grant select on alerts.prescription, alerts.assessment, alerts.alert, alerts.alert_event,
    alerts.patient_summary to chevet_app;
grant update (state, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at,
    owned_until, hold, receipts, closed_by, closed_at, outcome, note, sleep, slept_seconds,
    assignment) on alerts.alert to chevet_app;
grant insert (alert_id, patient_id, at, what, by_person, detail) on alerts.alert_event
    to chevet_app;
grant select, insert, update on alerts.prescription, alerts.alert, alerts.patient_summary,
    alerts.queue_entry to chevet_worker;
grant select, insert on alerts.assessment, alerts.alert_event to chevet_worker;
