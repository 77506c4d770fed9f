-- name: stays
-- The stays of a record, latest first.
select id, patient_id, state, started_at, planned_out_on, ended_at, call_due_at, called_at, asks_at,
    version
from coordination.stay
where patient_id = any (access.record_of(%(patient)s))
order by started_at desc, id desc
limit %(most)s;

-- name: stay
-- One stay of a record.
select id, patient_id, state, started_at, planned_out_on, ended_at, call_due_at, called_at, asks_at,
    version
from coordination.stay
where id = %(stay)s and patient_id = any (access.record_of(%(patient)s));

-- name: stay_events
-- Who marked what, latest first.
select id, stay_id, at, by_name, what, started_at, planned_out_on, ended_at
from doorway.stay_event
where patient_id = any (access.record_of(%(patient)s))
order by at desc, id desc
limit %(most)s;

-- name: is_asked
-- Whether a plan of questions is running in a record.
select coordination.is_asked(%(patient)s) as asked;

-- name: save_stay
-- A stay as somebody marked it.
select coordination.save_stay(%(id)s, %(patient)s, %(state)s, %(started_at)s, %(planned)s,
    %(ended_at)s, %(call_due_at)s, %(called_at)s, %(asks_at)s, %(version)s, %(what)s, %(new)s,
    %(rests)s, %(until)s) as said;

-- name: stays_waiting
-- Stays of the actor's patients that wait for somebody, what is asked first.
select id, patient_id, patient_name, state, started_at, planned_out_on, ended_at, call_due_at,
    asks_at
from coordination.stays_waiting(%(most)s);

-- name: ask_of_stays
-- Whoever marks stays is asked of those that wait too long.
select coordination.ask_of_stays(%(limit)s) as count;
