-- Plans, pauses and tasks: whose answers one may read, his plan one may read; `monitoring:write`
-- changes it.
alter table questionnaires.plan enable row level security;
alter table questionnaires.plan_line enable row level security;
alter table questionnaires.pause enable row level security;
alter table questionnaires.pause_request enable row level security;
alter table questionnaires.task enable row level security;

drop policy if exists person_reads on questionnaires.plan;
create policy person_reads on questionnaires.plan for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.plan;
create policy person_adds on questionnaires.plan for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and created_by = access.current_person());
drop policy if exists person_changes on questionnaires.plan;
create policy person_changes on questionnaires.plan for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))));
drop policy if exists worker_all on questionnaires.plan;
create policy worker_all on questionnaires.plan to chevet_worker using (true) with check (true);

drop policy if exists person_reads on questionnaires.plan_line;
create policy person_reads on questionnaires.plan_line for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.plan_line;
create policy person_adds on questionnaires.plan_line for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write'))));
drop policy if exists person_changes on questionnaires.plan_line;
create policy person_changes on questionnaires.plan_line for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))));
drop policy if exists worker_all on questionnaires.plan_line;
create policy worker_all on questionnaires.plan_line to chevet_worker
    using (true) with check (true);

drop policy if exists person_reads on questionnaires.pause;
create policy person_reads on questionnaires.pause for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.pause;
create policy person_adds on questionnaires.pause for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and paused_by = access.current_person());
drop policy if exists person_changes on questionnaires.pause;
create policy person_changes on questionnaires.pause for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))))
    with check (resumed_by = access.current_person());
drop policy if exists worker_all on questionnaires.pause;
create policy worker_all on questionnaires.pause to chevet_worker using (true) with check (true);

drop policy if exists person_reads on questionnaires.pause_request;
create policy person_reads on questionnaires.pause_request for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.pause_request;
create policy person_adds on questionnaires.pause_request for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('answers:write')))
        and asked_by = access.current_person());
drop policy if exists person_changes on questionnaires.pause_request;
create policy person_changes on questionnaires.pause_request for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))))
    with check (answered_by = access.current_person());
drop policy if exists worker_reads on questionnaires.pause_request;
create policy worker_reads on questionnaires.pause_request for select to chevet_worker
    using (true);

drop policy if exists person_reads on questionnaires.task;
create policy person_reads on questionnaires.task for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.task;
create policy person_adds on questionnaires.task for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and state in ('open', 'paused'));
drop policy if exists person_changes on questionnaires.task;
create policy person_changes on questionnaires.task for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and state in ('open', 'paused', 'cancelled'))
    with check (state in ('open', 'paused', 'cancelled'));
drop policy if exists worker_all on questionnaires.task;
create policy worker_all on questionnaires.task to chevet_worker using (true) with check (true);

-- Who may answer for a patient without reading his answers still sees what is asked these days.
drop policy if exists writer_reads on questionnaires.plan;
create policy writer_reads on questionnaires.plan for select to chevet_app
    using (ended_at is null
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists writer_reads on questionnaires.plan_line;
create policy writer_reads on questionnaires.plan_line for select to chevet_app
    using (ended_at is null
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists writer_reads on questionnaires.task;
create policy writer_reads on questionnaires.task for select to chevet_app
    using (due_at > access.current_instant() - interval '2 days'
        and opens_at < access.current_instant() + interval '2 days'
        and patient_id = any (array(select access.visible_patients('answers:write'))));

-- Whoever may answer for a patient settles the task he answered, and nothing else of it: one that is
-- asked by now, by an answer to what it asks. A missed task stays missed: that the answer came after
-- all is noted beside.
create or replace function questionnaires.complete_task(
    p_task uuid, p_answer uuid, p_at timestamptz
) returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update questionnaires.task t
    set state = case when t.state = 'missed' then t.state else 'done' end,
        done_at = p_at, answer_id = p_answer
    from questionnaires.answer a, questionnaires.plan_line l
    where t.id = p_task and t.answer_id is null and a.id = p_answer
        and t.state in ('open', 'missed') and t.opens_at <= access.current_instant()
        and l.id = t.line_id and l.questionnaire = a.instrument
        and t.patient_id = any (access.record_of(a.patient_id))
        and t.patient_id = any (array(select access.visible_patients('answers:write')))
    returning t.state;
end;

-- Who is asked nothing when, in every record that is read together, for machines.
create or replace view questionnaires.rest as
select r.patient_id, s.starts_at, s.over_at, s.paused_at
from questionnaires.pause s
join access.record_member r on r.member = s.patient_id;
comment on view questionnaires.rest is 'When patients are paused, for planning.';

revoke execute on function questionnaires.complete_task from public;
grant execute on function questionnaires.complete_task to chevet_app;
grant select on questionnaires.plan, questionnaires.plan_line, questionnaires.pause,
    questionnaires.pause_request, questionnaires.task to chevet_app, chevet_worker;
grant select on questionnaires.rest to chevet_worker;
grant insert (id, patient_id, programme, programme_version, title, zone, starts_on, ends_on,
    high_risk, required_by_law, silence_alert, created_at, created_by) on questionnaires.plan
    to chevet_app, chevet_worker;
grant update (zone, ends_on, high_risk, silence_alert, ended_at, ended_by, end_reason)
    on questionnaires.plan to chevet_app, chevet_worker;
grant insert (id, plan_id, patient_id, questionnaire, edition, schedule, begins_at,
    planned_through, first_day) on questionnaires.plan_line to chevet_app, chevet_worker;
grant update (ended_at, planned_through) on questionnaires.plan_line to chevet_app, chevet_worker;
grant insert (id, patient_id, reason, starts_at, ends_at, paused_at, paused_by)
    on questionnaires.pause to chevet_app, chevet_worker;
grant update (resumed_at, resumed_by) on questionnaires.pause to chevet_app, chevet_worker;
grant insert (id, patient_id, reason, from_day, until_day, note, asked_at, asked_by)
    on questionnaires.pause_request to chevet_app;
grant update (answered_at, answered_by, pause_id) on questionnaires.pause_request to chevet_app;
grant insert (id, patient_id, line_id, edition, occasion, opens_at, due_at, alarm_at, remind_at,
    state) on questionnaires.task to chevet_app, chevet_worker;
grant update (state) on questionnaires.task to chevet_app;
grant update (state, done_at, answer_id, missed_at, evaluated_late) on questionnaires.task
    to chevet_worker;

-- Holds a record as it stands and says why no plan of questions begins in it: an answer that alarms
-- would reach nobody.
create or replace function questionnaires.hold_open(p_patient uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.may_open(p_patient, 'circle:read') then
        return null;
    end if;
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (access.record_of(p_patient)) order by key) p;
    return case when not access.is_shared(p_patient) then 'unshared'
        when access.is_archived(p_patient) then 'archived' end;
end;
$$;
revoke execute on function questionnaires.hold_open from public;
grant execute on function questionnaires.hold_open to chevet_app;
