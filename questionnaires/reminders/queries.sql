-- name: plan_reminders
-- A reminder for each moment to remind at that is near; of several that have passed the last one.
insert into questionnaires.reminder (id, task_id, patient_id, number, next_at, step)
select gen_random_uuid(), t.id, t.patient_id, n.number - 1, greatest(n.at, t.opens_at), 'first'
from questionnaires.task t
cross join lateral unnest(t.remind_at) with ordinality n (at, number)
where t.state = 'open' and t.opens_at <= %(soon)s and t.opens_at > %(long_ago)s
    and t.alarm_at > %(now)s and n.at <= %(soon)s
    and not exists (
        select from unnest(t.remind_at) after (at) where after.at > n.at and after.at <= %(now)s
    )
    and not exists (
        select from questionnaires.reminder r where r.task_id = t.id and r.number = n.number - 1
    )
on conflict (task_id, number) do nothing;

-- name: plan_ends
-- At a deadline missed somebody of the family is to be told, where the patient lets him.
insert into questionnaires.reminder (id, task_id, patient_id, number, next_at, step)
select gen_random_uuid(), t.id, t.patient_id, %(number)s, t.alarm_at, 'end'
from questionnaires.task t
where t.state in ('open', 'missed') and t.alarm_at <= %(soon)s and t.alarm_at > %(long_ago)s
    and questionnaires.somebody_is_told(t.patient_id)
    and not exists (
        select from questionnaires.reminder r where r.task_id = t.id and r.number = %(number)s
    )
on conflict (task_id, number) do nothing;

-- name: claim_reminders
-- The reminders that are due and nobody else has, one of a patient at a time.
select claimed.id from questionnaires.claim_reminders(%(now)s, %(limit)s) as claimed (id);

-- name: reminder_facts
-- All that is true of reminders now.
select id, task_id, patient_id, number, step, wanted, superseded, alarm_at, zone, locale,
    browsers, contact_mobile, phone, mail, fallback, received, taken, today
from questionnaires.reminder_facts(%(ids)s, %(now)s);

-- name: move_reminder
-- A reminder looks again later.
update questionnaires.reminder set step = %(step)s, next_at = %(at)s where id = %(id)s;

-- name: end_reminder
-- A reminder is over.
update questionnaires.reminder set ended_at = %(now)s, outcome = %(outcome)s where id = %(id)s;

-- name: told_of_silence
-- Whom the patient lets be told when he does not answer, with where that goes.
select party, channel, address, locale from questionnaires.told_of_silence(%(patient)s);

-- name: remind_later
-- The patient asks to be reminded later, inside the window of the task.
select questionnaires.remind_later(%(id)s, %(task)s, %(at)s) as done;

-- name: task_due
-- Until when an open task of the patient can be answered.
select due_at from questionnaires.task
where id = %(task)s and patient_id = any (access.record_of(%(patient)s)) and state = 'open';
