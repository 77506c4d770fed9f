-- name: save_plan
-- A plan begins.
insert into questionnaires.plan
    (id, patient_id, programme, programme_version, title, zone, starts_on, ends_on, high_risk,
    required_by_law, silence_alert, created_at, created_by)
values (%(id)s, %(patient)s, %(programme)s, %(version)s, %(title)s, %(zone)s, %(starts_on)s,
    %(ends_on)s, %(high_risk)s, %(required_by_law)s, %(silence_alert)s, %(now)s, %(by)s)
on conflict (patient_id, programme) where ended_at is null do nothing;

-- name: save_line
-- One questionnaire of a plan, asked after an instant.
insert into questionnaires.plan_line
    (id, plan_id, patient_id, questionnaire, edition, schedule, begins_at, planned_through,
    first_day)
values (%(id)s, %(plan)s, %(patient)s, %(questionnaire)s, %(edition)s, %(schedule)s,
    %(begins_at)s, %(begins_at)s, %(first_day)s);

-- name: plans_of_patient
-- The plans of a patient, running ones first, then the newest.
select id, patient_id, programme, programme_version, title, zone, starts_on, ends_on, high_risk,
    required_by_law, silence_alert, created_at, created_by, ended_at, ended_by, end_reason
from questionnaires.plan
where patient_id = any (access.record_of(%(patient)s))
order by ended_at is not null, created_at desc;

-- name: plan_for_update
-- One plan of a patient, locked.
select id, patient_id, programme, programme_version, title, zone, starts_on, ends_on, high_risk,
    required_by_law, silence_alert, created_at, created_by, ended_at, ended_by, end_reason
from questionnaires.plan
where id = %(plan)s and patient_id = any (access.record_of(%(patient)s))
for update;

-- name: lines_of_plans
-- The questionnaires of some plans, oldest first.
select l.id, l.plan_id, l.patient_id, l.questionnaire, l.edition, l.schedule, l.begins_at,
    l.ended_at, coalesce(l.first_day, p.starts_on) as first_day
from questionnaires.plan_line l
join questionnaires.plan p on p.id = l.plan_id
where l.plan_id = any (%(plans)s)
order by l.begins_at, l.id;

-- name: change_plan
-- What a running plan says of the whole of itself.
update questionnaires.plan
set zone = %(zone)s, ends_on = %(ends_on)s, high_risk = %(high_risk)s,
    silence_alert = %(silence_alert)s
where id = %(plan)s and ended_at is null;

-- name: last_done_occasion
-- The latest occasion of a line that was answered before its time came.
select max(occasion) as at from questionnaires.task
where line_id = %(line)s and occasion > %(now)s and answer_id is not null;

-- name: end_line
-- A line asks at no occasion after an instant.
update questionnaires.plan_line set ended_at = %(at)s where id = %(line)s and ended_at is null;

-- name: cancel_tasks_of_line
-- What a line that ended would still have asked.
update questionnaires.task set state = 'cancelled'
where line_id = %(line)s and occasion > %(at)s and state in ('open', 'paused');

-- name: cancel_tasks_after
-- What is asked on days that a plan does not hold any more.
update questionnaires.task t set state = 'cancelled'
from questionnaires.plan_line l
where l.id = t.line_id and l.plan_id = %(plan)s and t.occasion >= %(at)s
    and t.alarm_at > %(now)s and t.state in ('open', 'paused');

-- name: replan_from
-- Days that a plan holds again are planned anew.
update questionnaires.plan_line set planned_through = least(planned_through, %(at)s)
where plan_id = %(plan)s and ended_at is null;

-- name: reopen_cancelled
-- What was cancelled with days that a plan holds again; only what can still be answered.
update questionnaires.task t set state = 'open'
from questionnaires.plan_line l
where l.id = t.line_id and l.plan_id = %(plan)s and l.ended_at is null and t.state = 'cancelled'
    and t.due_at > %(now)s;

-- name: died_on
-- When a patient died, if he did.
select access.died_on(%(patient)s);

-- name: end_plans
-- The running plans of a patient end, or one of them.
update questionnaires.plan
set ended_at = %(now)s, ended_by = %(by)s, end_reason = %(reason)s
where patient_id = any (access.record_of(%(patient)s)) and ended_at is null
    and (%(plan)s::uuid is null or id = %(plan)s)
returning id;

-- name: end_lines_of_plans
-- Nothing more is asked.
update questionnaires.plan_line set ended_at = greatest(%(now)s, begins_at)
where plan_id = any (%(plans)s) and ended_at is null;

-- name: cancel_tasks_of_plans
-- Whose alarm has passed already stays, to be found missed.
update questionnaires.task t set state = 'cancelled'
from questionnaires.plan_line l
where l.id = t.line_id and l.plan_id = any (%(plans)s) and t.state in ('open', 'paused')
    and t.alarm_at > %(now)s;

-- name: save_pause
-- A stretch in which a patient is asked nothing.
insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at, paused_by)
values (%(id)s, %(patient)s, %(reason)s, %(starts_at)s, %(ends_at)s, %(now)s, %(by)s);

-- name: pauses_of_patient
-- The pauses of a patient that are not over, and the last of those that are.
select id, patient_id, reason, starts_at, ends_at, paused_at, paused_by, resumed_at, over_at
from questionnaires.pause
where patient_id = any (access.record_of(%(patient)s))
order by over_at desc limit 20;

-- name: lock_pauses
-- The pauses of a patient that are not over, locked.
select id, patient_id, reason, starts_at, ends_at, paused_at, paused_by, resumed_at, over_at
from questionnaires.pause
where patient_id = any (access.record_of(%(patient)s)) and over_at > %(now)s
    and resumed_at is null
order by starts_at
for update;

-- name: resume
-- A pause is over before its time; one that has not begun never was.
update questionnaires.pause set resumed_at = %(now)s, resumed_by = %(by)s
where id = any (%(pauses)s) and resumed_at is null and ends_at > %(now)s;

-- name: apply_pauses
-- Tasks that fall due or would alarm in a pause wait for nobody; all others do. Whose alarm has
-- passed is left to be found missed.
update questionnaires.task t
set state = case when p.paused then 'paused' else 'open' end
from (
    select k.id, exists (
        select from questionnaires.pause s
        where s.patient_id = any (access.record_of(%(patient)s))
            and ((k.due_at >= s.starts_at and k.due_at < s.over_at)
                or (k.alarm_at >= s.starts_at and k.alarm_at < s.over_at))
    ) as paused
    from questionnaires.task k
    where k.patient_id = any (access.record_of(%(patient)s)) and k.state in ('open', 'paused')
        and k.alarm_at > %(now)s
) p
where t.id = p.id and (t.state = 'paused') <> p.paused;

-- name: save_pause_request
-- A patient asks for a pause.
insert into questionnaires.pause_request
    (id, patient_id, reason, from_day, until_day, note, asked_at, asked_by)
values (%(id)s, %(patient)s, %(reason)s, %(from_day)s, %(until_day)s, %(note)s, %(now)s, %(by)s);

-- name: pause_requests
-- The requests of a patient that nobody has answered.
select id, patient_id, reason, from_day, until_day, note, asked_at, asked_by
from questionnaires.pause_request
where patient_id = any (access.record_of(%(patient)s)) and answered_at is null
order by asked_at;

-- name: answer_pause_request
-- A request is answered once: with a pause it was granted.
update questionnaires.pause_request
set answered_at = %(now)s, answered_by = %(by)s, pause_id = %(pause)s
where id = %(request)s and patient_id = any (access.record_of(%(patient)s))
    and answered_at is null;

-- name: tasks_today
-- What a patient is asked today where he lives, and what is open from the night before.
select t.id, t.patient_id, l.plan_id, t.line_id, p.title as plan_title, l.questionnaire, t.edition,
    p.zone, t.occasion, t.opens_at, t.due_at, t.alarm_at, t.remind_at, t.state, t.done_at,
    t.answer_id, t.missed_at, t.evaluated_late
from questionnaires.task t
join questionnaires.plan_line l on l.id = t.line_id
join questionnaires.plan p on p.id = l.plan_id
where t.patient_id = any (access.record_of(%(patient)s)) and t.state <> 'cancelled'
    and t.due_at >= %(now)s::timestamptz - interval '8 days'
    and t.due_at <= %(now)s::timestamptz + interval '9 days'
    and ((t.occasion at time zone p.zone)::date = (%(now)s at time zone p.zone)::date
        or (t.state = 'open' and t.opens_at <= %(now)s and t.alarm_at > %(now)s))
order by t.occasion, t.id;

-- name: tasks_between
-- The tasks of a patient whose occasion lies between two instants, earliest first.
select t.id, t.patient_id, l.plan_id, t.line_id, p.title as plan_title, l.questionnaire, t.edition,
    p.zone, t.occasion, t.opens_at, t.due_at, t.alarm_at, t.remind_at, t.state, t.done_at,
    t.answer_id, t.missed_at, t.evaluated_late
from questionnaires.task t
join questionnaires.plan_line l on l.id = t.line_id
join questionnaires.plan p on p.id = l.plan_id
where t.patient_id = any (access.record_of(%(patient)s)) and t.state <> 'cancelled'
    and t.occasion >= %(after)s and t.occasion < %(before)s
order by t.occasion, t.id;

-- name: task
-- One task of a patient. Whose it is stands as a plain list of uuids: the planner then asks it before
-- the policies, and a task of somebody else takes no longer to be refused than one that never was.
select t.id, t.patient_id, l.plan_id, t.line_id, p.title as plan_title, l.questionnaire, t.edition,
    p.zone, t.occasion, t.opens_at, t.due_at, t.alarm_at, t.remind_at, t.state, t.done_at,
    t.answer_id, t.missed_at, t.evaluated_late
from questionnaires.task t
join questionnaires.plan_line l on l.id = t.line_id
join questionnaires.plan p on p.id = l.plan_id
where t.id = %(task)s
    and t.patient_id = any (array(select unnest(access.record_of(%(patient)s))));

-- name: task_waiting
-- The task an answer settles that names none: of those that were open the first due, else the last
-- of a day that was missed.
select t.id from questionnaires.task t
join questionnaires.plan_line l on l.id = t.line_id
where t.patient_id = any (access.record_of(%(patient)s))
    and l.questionnaire = %(questionnaire)s
    and t.answer_id is null and t.state in ('open', 'missed')
    and t.due_at >= %(at)s::timestamptz - interval '8 days'
    and t.opens_at <= %(at)s::timestamptz
    and t.alarm_at > %(at)s::timestamptz - interval '1 day'
order by t.alarm_at > %(at)s::timestamptz desc,
    case when t.alarm_at > %(at)s::timestamptz then t.due_at end, t.due_at desc
limit 1;

-- name: complete_task
-- The answer to a task has come.
select questionnaires.complete_task(%(task)s, %(answer)s, %(now)s) as state;

-- name: rhythms_to_plan
-- The distinct rhythms of lines that lack tasks before an instant, and from where on. Few,
-- whatever the number of patients: those who began the same day share one.
select l.schedule, p.zone, coalesce(l.first_day, p.starts_on) as first_day, p.ends_on,
    min(l.planned_through) as planned_through
from questionnaires.plan_line l
join questionnaires.plan p on p.id = l.plan_id
where l.ended_at is null and l.planned_through < %(until)s
    and (%(plan)s::uuid is null or p.id = %(plan)s)
group by l.schedule, p.zone, coalesce(l.first_day, p.starts_on), p.ends_on;

-- name: plan_rhythm
-- The tasks of every line of one rhythm, at all its occasions that have none, once.
with line as (
    select l.id, l.patient_id, l.edition, l.begins_at, l.planned_through
    from questionnaires.plan_line l
    join questionnaires.plan p on p.id = l.plan_id
    where l.ended_at is null and l.planned_through < %(until)s and l.schedule = %(schedule)s
        and p.zone = %(zone)s and coalesce(l.first_day, p.starts_on) = %(first_day)s
        and p.ends_on is not distinct from %(ends_on)s::date
        and (%(plan)s::uuid is null or p.id = %(plan)s)
    for update of l skip locked
), made as (
    insert into questionnaires.task
        (id, patient_id, line_id, edition, occasion, opens_at, due_at, alarm_at, remind_at)
    select gen_random_uuid(), l.patient_id, l.id, l.edition, o.at, o.opens_at, o.due_at, o.alarm_at,
        array(
            select o.at + make_interval(mins => m.minutes)
            from unnest(%(reminders)s::integer[]) m(minutes) order by 1)
    from line l
    join unnest(%(at)s::timestamptz[], %(opens_at)s::timestamptz[], %(due_at)s::timestamptz[],
        %(alarm_at)s::timestamptz[]) o(at, opens_at, due_at, alarm_at)
        on o.at > l.begins_at and o.at >= l.planned_through
    on conflict (line_id, occasion) do nothing
    returning 1
), through as (
    update questionnaires.plan_line l set planned_through = %(until)s
    from line where l.id = line.id
)
select count(*)::integer as tasks from made;

-- name: rest_planned
-- Tasks made for days of a pause wait for nobody, if it was known before their alarm.
update questionnaires.task t set state = 'paused'
from questionnaires.rest s
where t.patient_id = s.patient_id and t.state = 'open' and t.alarm_at >= %(since)s
    and s.over_at > %(since)s and s.paused_at <= t.alarm_at
    and ((t.due_at >= s.starts_at and t.due_at < s.over_at)
        or (t.alarm_at >= s.starts_at and t.alarm_at < s.over_at));

-- name: end_past_plans
-- Plans whose last day is over and that wait for no answer any more.
update questionnaires.plan p set ended_at = %(now)s, end_reason = 'planned'
where p.ended_at is null and p.ends_on < (%(now)s::timestamptz at time zone p.zone)::date
    and not exists (
        select from questionnaires.plan_line l
        join questionnaires.task t on t.line_id = l.id
        where l.plan_id = p.id and t.state = 'open'
    )
    and not exists (
        select from questionnaires.plan_line l
        where l.plan_id = p.id and l.ended_at is null
            and (l.planned_through at time zone p.zone)::date <= p.ends_on
    )
returning p.id;

-- name: silent_patients
-- Patients with a deadline that nobody has judged, the one that has waited longest first.
select access.kept_patient(t.patient_id) as patient
from questionnaires.task t
where t.state = 'open' and t.alarm_at <= %(now)s
    and not (t.patient_id = any (%(but)s::uuid[]))
group by 1
order by min(t.alarm_at)
limit %(limit)s;

-- name: miss_deadlines
-- Every deadline of a patient whose alarm has come without an answer: missed, once.
update questionnaires.task t
set state = 'missed', missed_at = %(now)s,
    evaluated_late = %(now)s::timestamptz > t.alarm_at + make_interval(secs => %(late_seconds)s)
from questionnaires.plan_line l
join questionnaires.plan p on p.id = l.plan_id
where l.id = t.line_id and t.patient_id = any (access.record_of(%(patient)s))
    and t.state = 'open' and t.alarm_at <= %(now)s
returning t.id as task_id, p.id as plan_id, p.programme, l.questionnaire, t.occasion, t.due_at,
    t.alarm_at, t.evaluated_late, p.high_risk, p.silence_alert and p.ended_at is null as told;

-- name: settled_of_plan
-- The last deadlines of a plan, newest first: whether each was left without any answer.
select t.id as task_id, t.answer_id is null as unanswered
from questionnaires.plan_line l
join questionnaires.task t on t.line_id = l.id
where l.plan_id = %(plan)s and t.state in ('done', 'missed')
    and t.alarm_at <= %(now)s and t.alarm_at > %(now)s::timestamptz - interval '60 days'
order by t.alarm_at desc, t.id desc
limit %(limit)s;

-- name: unplanned
-- How many running lines have no tasks for the present, and since when: an alarm.
select count(*)::integer as lines, min(planned_through) as since
from questionnaires.plan_line
where ended_at is null and planned_through < %(now)s;

-- name: asked_and_answered
-- What a patient was asked since an instant, and what came of it, as counts.
select count(*) as asked, count(*) filter (where answer_id is not null) as answered,
    count(*) filter (where state = 'missed' and answer_id is null) as missed
from questionnaires.task
where patient_id = any (access.record_of(%(patient)s)) and occasion >= %(since)s
    and occasion <= %(now)s and state in ('open', 'done', 'missed');

-- name: hold_open
-- Why no plan begins in a record, which stays as it is until the transaction ends.
select questionnaires.hold_open(%(patient)s);
