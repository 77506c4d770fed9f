-- name: silent
-- Patients of the acting organisation who have not answered, the most pressing first.
select patient_id, name, birth_date, phone, high_risk, since, missed, last_answer_at, attempts,
    last_call_at, last_outcome, last_by, next_call_at, in_hand_by, in_hand_name, faults, total
from coordination.silent_patients(%(most)s);

-- name: take_call
-- The actor is calling a patient, unless somebody else is.
select coordination.take_call(%(patient)s, %(until)s) as holder;

-- name: note_call
-- What came of a call to a patient.
select coordination.note_call(%(id)s, %(patient)s, %(outcome)s, %(next_at)s) as done;
