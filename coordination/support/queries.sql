-- name: centres
-- Organisations that may be asked for this patient.
select performer, name from coordination.support_centres(%(patient)s);

-- name: requests
-- What was asked for a patient, what is open first, the newest first.
select id, patient_id, requester_name, performer_name, code, note, told, untold_reason,
    authored_on, receive_by, answer_by, state, answer, outcome, version, mine
from doorway.support_request
where patient_id = any (access.record_of(%(patient)s))
order by state in ('completed', 'revoked'), authored_on desc, id
limit %(most)s;

-- name: events
-- Who did what with the requests of a record, in order.
select id, request_id, at, by_name, what
from doorway.support_event
where patient_id = any (access.record_of(%(patient)s))
order by at, id;

-- name: asked
-- What the acting organisation is asked, what is due first.
select id, patient_id, birth_name, first_name, birth_date, phone, requester_name,
    organisation_name, code, note, told, untold_reason, authored_on, receive_by, answer_by, state,
    answer, outcome, version, opens
from coordination.support_asked(%(id)s, %(most)s);

-- name: send
-- A request leaves; says what came of it.
select coordination.send_support(%(id)s, %(patient)s, %(performer)s, %(code)s, %(note)s, %(told)s,
    %(untold_reason)s, %(receive_by)s, %(answer_by)s, %(event)s, %(notice)s) as said;

-- name: move
-- What the DAC or who asked does with a request; says what came of it.
select coordination.move_support(%(id)s, %(what)s, %(state)s, %(answer)s, %(outcome)s, %(version)s,
    %(event)s, %(notice)s) as said;

-- name: tell_late
-- What nobody received in time is told again.
select coordination.tell_late_support(%(limit)s) as count;
