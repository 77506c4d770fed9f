-- The timeline of a record: what its sources need beside the doorways there are, and what is new
-- to somebody in the records he follows.

-- What happened to alerts and what was done about them, with the names of who did it. What machines
-- do on the way stays on the page of the alert.
create or replace view doorway.alert_event with (security_barrier) as
select e.id, e.patient_id, e.alert_id, e.at, e.what, y.name as by_name, a.item, a.level, a.outcome,
    a.drill is not null and alerts.drill_record(a.patient_id) is not null as of_drill
from alerts.alert_event e
join alerts.alert a on a.id = e.alert_id
left join access.party y on y.id = e.by_person
where e.patient_id = any (array(select access.visible_patients('alerts:read')));
comment on view doorway.alert_event is 'The life of the alerts that the actor may read, with names.';
create or replace view doorway.call_back with (security_barrier) as
select c.id, c.patient_id, c.asked_at, c.alert_id, y.name as by_name
from alerts.call_back c
join access.party y on y.id = c.asked_by
where c.patient_id = any (array(select access.visible_patients('alerts:read')));
comment on view doorway.call_back is 'Who asked to be called, for whoever may read alerts.';

-- The answers as they stand, without what they say, with the names of who entered them.
create or replace view doorway.answer_entered with (security_barrier) as
select a.id, a.patient_id, a.answered_at, a.instrument, a.source, a.edition, y.name as by_name
from questionnaires.answer a
join access.party y on y.id = a.entered_by
where a.patient_id = any (array(select access.visible_patients('answers:read')))
    and not exists (select from questionnaires.answer r where r.replaces = a.id);
comment on view doorway.answer_entered is 'That answers were given, for whoever may read them.';
create or replace view doorway.plan_life with (security_barrier) as
select p.id, p.patient_id, p.title, p.created_at, c.name as created_by_name, p.ended_at,
    e.name as ended_by_name
from questionnaires.plan p
join access.party c on c.id = p.created_by
left join access.party e on e.id = p.ended_by
where p.patient_id = any (array(select access.visible_patients('answers:read')));
comment on view doorway.plan_life is 'When plans of questions began and ended.';
create or replace view doorway.pause_life with (security_barrier) as
select p.id, p.patient_id, p.reason, p.starts_at, p.over_at, b.name as paused_by_name,
    r.name as resumed_by_name
from questionnaires.pause p
left join access.party b on b.id = p.paused_by
left join access.party r on r.id = p.resumed_by
where p.patient_id = any (array(select access.visible_patients('answers:read')));
comment on view doorway.pause_life is 'When a patient was asked nothing.';
grant select on doorway.alert_event, doorway.call_back,
    doorway.answer_entered, doorway.plan_life, doorway.pause_life to chevet_app;

-- The notes of a record that the actor reads, latest first from a place in it. What is hidden is
-- asked of one note after the other until the page is full, not of all there are.
create or replace function coordination.notes_back(
    p_patient uuid, p_since timestamptz, p_before_at timestamptz, p_before_key text, p_most integer
) returns table (
    item_id uuid, patient_id uuid, author uuid, author_name text, author_role text,
    author_organisation text, category text, sent timestamptz, text text, tags text[],
    corrects uuid, within uuid, sensitivity text, sensitivity_by uuid, withheld boolean,
    root_author uuid, root_sensitivity text
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_note coordination.note;
    v_found integer := 0;
begin
    if access.may_open(p_patient, 'notes:read') is not true then
        return;
    end if;
    for v_note in
        select n.* from coordination.note n
        where n.patient_id = any (access.record_of(p_patient)) and n.sent >= p_since
            and n.sent <= p_before_at
            and (n.sent, ('notes:' || n.item_id) collate "C") < (p_before_at, p_before_key)
        order by n.sent desc, n.item_id desc
    loop
        continue when access.hidden_from_me(v_note.item_id);
        return query
            select v_note.item_id, v_note.patient_id, v_note.author, i.author_name, i.author_role,
                i.author_organisation, v_note.category, v_note.sent, v_note.text, v_note.tags,
                v_note.corrects, i.within, i.sensitivity, i.sensitivity_by,
                access.is_withheld(i.item_id), r.author, r.sensitivity
            from access.item i
            left join access.item r on r.item_id = i.within
            where i.item_id = v_note.item_id;
        v_found := v_found + 1;
        exit when v_found >= p_most;
    end loop;
end;
$$;

alter table coordination.record_visit enable row level security;

-- The actor looks at the timeline of a record: until when he had looked at the visit before. Null
-- at his first, and to whoever is not in the circle, for whom nothing is written.
create or replace function coordination.visit_record(p_patient uuid) returns timestamptz
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.record_visit as v (person, patient_id, last_at)
    select access.current_person(), p_patient, access.current_instant()
    where access.may_open(p_patient, 'circle:read')
    on conflict (person, patient_id) do update
    set before_at = case when excluded.last_at > v.last_at + interval '30 minutes'
            then v.last_at else v.before_at end,
        last_at = greatest(v.last_at, excluded.last_at)
    returning v.before_at;
end;

-- The records the actor follows, with those read together with them, each with since when what came
-- is new to him: his last look at any of them, but never before a given instant. Nothing for whoever follows more than two thousand, who works
-- from a queue.
create or replace function coordination.followed_since(p_since timestamptz)
returns table (patient_id uuid, since timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        with parties as materialized (
            select access.current_person() as party
            union all
            select access.current_organisation() as party
            union all
            select access.stands_for() as party
        ), mine as materialized (
            select distinct k.member
            from access.membership m
            join parties p on p.party = m.party
            join access.record_member k on k.patient_id = m.patient_id
            where m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
            limit 2001
        ), looks as materialized (
            select k.member, max(v.last_at) as last_at
            from coordination.record_visit v
            join access.record_member k on k.patient_id = v.patient_id
            where v.person = access.current_person()
            group by k.member
        )
        select m.member, greatest(v.last_at, p_since)
        from mine m
        left join looks v on v.member = m.member
        where (select count(*) from mine) <= 2000;
end;
$$;

-- Each of the functions below finds where something came, the latest first, and only then asks what
-- the actor may see of it, until it has as many records as a page holds;
-- of records read together the kept one is named.
-- Notes signed by others since then, of which nothing is hidden from the actor.
create or replace function coordination.changed_notes(p_since timestamptz, p_most integer)
returns table (patient_id uuid, name text, times integer, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, c.times::integer, c.last_at
    from (
        select f.patient_id, f.since
        from coordination.followed_since(p_since) f
        cross join lateral (
            select n.sent as last_at from coordination.note n
            where n.patient_id = f.patient_id and n.sent > f.since
                and n.author <> access.current_person()
            order by n.sent desc
            limit 1
        ) c
        order by c.last_at desc, f.patient_id
        offset 0
    ) x
    cross join lateral (
        select count(*) as times, max(n.sent) as last_at
        from coordination.note n
        where n.patient_id = x.patient_id and n.sent > x.since
            and n.author <> access.current_person() and not access.hidden_from_me(n.item_id)
    ) c
    join access.party y on y.id = access.kept_patient(x.patient_id)
    where c.times > 0 and access.may_open(x.patient_id, 'notes:read')
    limit p_most;
end;

-- Who came into the circle or left it since then.
create or replace function coordination.changed_circle(p_since timestamptz, p_most integer)
returns table (patient_id uuid, name text, times integer, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, x.times::integer, x.last_at
    from (
        select f.patient_id, c.times, c.last_at
        from coordination.followed_since(p_since) f
        cross join lateral (
            select count(*) as times,
                max(case when m.ends_at <= access.current_instant() then m.ends_at
                    else m.starts_at end) as last_at
            from access.membership m
            where m.patient_id = f.patient_id and m.role <> 'patient'
                and m.party <> access.current_person()
                and (m.starts_at > f.since and m.starts_at <= access.current_instant()
                    or m.ends_at > f.since and m.ends_at <= access.current_instant())
        ) c
        where c.times > 0
        order by c.last_at desc, f.patient_id
        offset 0
    ) x
    join access.party y on y.id = access.kept_patient(x.patient_id)
    where access.may_open(x.patient_id, 'circle:read')
    limit p_most;
end;

-- Alerts raised or closed since then.
create or replace function alerts.changed_alerts(p_since timestamptz, p_most integer)
returns table (patient_id uuid, name text, times integer, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, x.times::integer, x.last_at
    from (
        select f.patient_id, c.times, c.last_at
        from coordination.followed_since(p_since) f
        cross join lateral (
            select count(distinct e.alert_id) as times, max(e.at) as last_at
            from alerts.alert_event e
            where e.patient_id = f.patient_id and e.at > f.since and e.what in ('raised', 'closed')
                and e.by_person is distinct from access.current_person()
        ) c
        where c.times > 0
        order by c.last_at desc, f.patient_id
        offset 0
    ) x
    join access.party y on y.id = access.kept_patient(x.patient_id)
    where access.may_open(x.patient_id, 'alerts:read')
    limit p_most;
end;

-- Answers given since then.
create or replace function questionnaires.changed_answers(p_since timestamptz, p_most integer)
returns table (patient_id uuid, name text, times integer, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, c.times::integer, x.last_at
    from (
        select f.patient_id, f.since, c.last_at
        from coordination.followed_since(p_since) f
        cross join lateral (
            select a.answered_at as last_at from questionnaires.answer a
            where a.patient_id = f.patient_id and a.answered_at > f.since
                and a.entered_by <> access.current_person() and a.replaces is null
            order by a.answered_at desc
            limit 1
        ) c
        order by c.last_at desc, f.patient_id
        offset 0
    ) x
    cross join lateral (
        select count(*) as times from questionnaires.answer a
        where a.patient_id = x.patient_id and a.answered_at > x.since
            and a.entered_by <> access.current_person() and a.replaces is null
    ) c
    join access.party y on y.id = access.kept_patient(x.patient_id)
    where access.may_open(x.patient_id, 'answers:read')
    limit p_most;
end;

revoke execute on function coordination.visit_record, coordination.notes_back, coordination.followed_since,
    coordination.changed_notes, coordination.changed_circle, alerts.changed_alerts,
    questionnaires.changed_answers from public;
grant execute on function coordination.visit_record, coordination.notes_back, coordination.changed_notes,
    coordination.changed_circle, alerts.changed_alerts, questionnaires.changed_answers
    to chevet_app;
