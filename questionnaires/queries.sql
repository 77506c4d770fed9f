-- name: save_answer
-- A filled-in questionnaire, once for each key of the browser that sent it.
insert into questionnaires.answer
    (id, patient_id, instrument, version, answers, answered_at, received_at, entered_by, client_key)
values (%(id)s, %(patient)s, %(instrument)s, %(version)s, %(answers)s, %(answered_at)s,
    %(received_at)s, %(entered_by)s, %(client_key)s)
on conflict (patient_id, client_key) do nothing;

-- name: answer_of_key
-- The questionnaire stored under a key.
select id, instrument, version, answers, answered_at, received_at
from questionnaires.answer
where patient_id = %(patient)s and client_key = %(client_key)s;

-- name: last_answers
-- The last questionnaires of a patient, newest first.
select id, instrument, version, answers, answered_at, received_at
from questionnaires.answer
where patient_id = any (access.record_of(%(patient)s))
order by answered_at desc
limit %(most)s;

-- name: ask_review
-- Ask for the review of answers that have just come.
select core.ask_review(%(patient)s, 'answer', %(answered_at)s, %(answered_at)s, %(received_at)s);

-- name: record_by_hand
-- A value typed by hand becomes a reading.
select core.record_by_hand(%(patient)s, %(vital)s::smallint, %(value)s::real, %(measured_at)s,
    %(received_at)s);

-- name: first_read
-- When a professional first read this patient's answers after an instant.
select min(at) as at
from doorway.access_journal
where patient_id = any (access.record_of(%(patient)s)) and at >= %(since)s
    and organisation_name is not null
    and permission = 'answers:read' and outcome = 'success'
having min(at) is not null;
