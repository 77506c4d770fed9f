-- Visits: who comes to a patient on which days, and what came of each.

-- What came of a visit of that day, said by whoever comes or who writes the plan; a word says what
-- came of it: `done`, `gone`, `said` (somebody has said it already). A problem is told to who planned it.
create or replace function coordination.report_visit(
    p_id uuid, p_line uuid, p_day date, p_outcome text, p_words text, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_line coordination.visit_line;
begin
    select * into v_line from coordination.visit_line l
    where l.id = p_line and l.starts_on <= p_day and (l.ended_on is null or l.ended_on > p_day)
        and extract(isodow from p_day)::smallint = any (l.weekdays)
        and access.may_open(l.patient_id, 'visits:report')
        and (coordination.is_given_to_me(l.patient_id, l.party, null)
            or access.may_open(l.patient_id, 'plan:write'));
    if v_line.id is null then
        return 'gone';
    end if;
    insert into coordination.visit_report (id, line_id, patient_id, day, outcome, words, by_person, at)
    values (p_id, p_line, v_line.patient_id, p_day, p_outcome, p_words, access.current_person(),
        v_now)
    on conflict (line_id, day) where undone_at is null do nothing;
    if not found then
        return 'said';
    end if;
    if p_outcome = 'problem' then
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        values (p_notice, 'visit_problem', p_id, v_line.patient_id, v_now);
    end if;
    return 'done';
end;
$$;

-- What was said of a visit is taken back, by whoever said it or who writes the plan; what was to be
-- told of it and is not yet is told to nobody.
create or replace function coordination.undo_report(p_line uuid, p_day date) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    update coordination.visit_report r
    set undone_at = access.current_instant(), undone_by = access.current_person()
    where r.line_id = p_line and r.day = p_day and r.undone_at is null
        and access.may_open(r.patient_id, 'visits:report')
        and (r.by_person = access.current_person()
            or access.may_open(r.patient_id, 'plan:write'))
    returning r.id into v_id;
    update coordination.notice n set told_at = access.current_instant()
    where n.kind = 'visit_problem' and n.subject = v_id and n.told_at is null;
    update messages.outbox o set state = 'cancelled'
    from coordination.notice n
    where n.kind = 'visit_problem' and n.subject = v_id and o.state = 'waiting'
        and o.key like 'notice:' || n.id || ':%';
    return v_id is not null;
end;
$$;

-- The visits of a day that are the actor's own to make, in all his patients.
create or replace function coordination.my_visits(p_day date, p_most integer) returns table (
    line_id uuid, patient_id uuid, patient_name text, what text, at_time time, outcome text,
    words text, by_name text, said_at timestamptz, in_hospital boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.id, l.patient_id, y.name, l.what, l.at_time, r.outcome, r.words, b.name, r.at,
        access.may_open(l.patient_id, 'stays:read') and exists (
            select from coordination.stay s
            where s.patient_id = any (access.record_of(l.patient_id))
                and s.state in ('emergency', 'admitted')
        )
    from coordination.visit_line l
    join access.party y on y.id = l.patient_id
    left join coordination.visit_report r
        on r.line_id = l.id and r.day = p_day and r.undone_at is null
    left join access.party b on b.id = r.by_person
    where l.patient_id in (select access.visible_patients('visits:report'))
        and l.starts_on <= p_day and (l.ended_on is null or l.ended_on > p_day)
        and extract(isodow from p_day)::smallint = any (l.weekdays)
        and coordination.is_given_to_me(l.patient_id, l.party, null)
        and not coordination.has_died(l.patient_id)
    order by l.at_time nulls last, y.name, l.id
    limit p_most;
end;

alter table coordination.visit_line enable row level security;
alter table coordination.visit_report enable row level security;
drop policy if exists person_reads on coordination.visit_line;
create policy person_reads on coordination.visit_line for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('visits:read'))));
drop policy if exists person_adds on coordination.visit_line;
create policy person_adds on coordination.visit_line for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('plan:write')))
        and made_by = access.current_person() and exists (
            select from access.membership m
            where m.party = visit_line.party
                and m.patient_id = any (access.record_of(visit_line.patient_id))
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        ));
drop policy if exists person_changes on coordination.visit_line;
create policy person_changes on coordination.visit_line for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('plan:write'))))
    with check (ended_by = access.current_person());
drop policy if exists person_reads on coordination.visit_report;
create policy person_reads on coordination.visit_report for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('visits:read'))));

create or replace view doorway.visit with (security_barrier) as
select l.id, l.patient_id, l.party, y.name as party_name, l.what, l.weekdays, l.at_time,
    l.starts_on, l.ended_on, coordination.is_given_to_me(l.patient_id, l.party, null) as mine
from coordination.visit_line l
join access.party y on y.id = l.party
where l.patient_id = any (array(select access.visible_patients('visits:read')));
comment on view doorway.visit is 'Who comes when, by name, for those who read it.';
create or replace view doorway.visit_report with (security_barrier) as
select r.id, r.line_id, r.patient_id, r.day, r.outcome, r.words, r.by_person, y.name as by_name, r.at
from coordination.visit_report r
join access.party y on y.id = r.by_person
where r.undone_at is null
    and r.patient_id = any (array(select access.visible_patients('visits:read')));
comment on view doorway.visit_report is 'What came of visits, and who said so.';
grant select on coordination.visit_line, coordination.visit_report, doorway.visit,
    doorway.visit_report to chevet_app;
grant insert (id, patient_id, party, what, weekdays, at_time, starts_on, made_by, made_at)
    on coordination.visit_line to chevet_app;
grant update (ended_on, ended_by) on coordination.visit_line to chevet_app;

revoke execute on function coordination.report_visit, coordination.undo_report,
    coordination.my_visits from public;
grant execute on function coordination.report_visit, coordination.undo_report,
    coordination.my_visits to chevet_app;
