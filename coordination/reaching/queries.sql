-- name: people
-- Whom to call for a patient, in order.
select id, patient_id, place, of_patient, name, tie, phone, has_key, may_know, doubted_at
from coordination.person_to_call
where patient_id = any (access.record_of(%(patient)s)) and removed_at is null
order by of_patient desc, place, id;

-- name: add_person
-- Somebody more to call, the last of the list.
insert into coordination.person_to_call
    (id, patient_id, place, of_patient, name, tie, phone, has_key, may_know, noted_by, noted_at)
values (%(id)s, %(patient)s, %(place)s, %(of_patient)s, %(name)s, %(tie)s, %(phone)s, %(has_key)s,
    %(may_know)s, %(by)s, %(now)s);

-- name: change_person
-- What is known of somebody to call is changed; another number is doubted no more.
update coordination.person_to_call
set of_patient = %(of_patient)s, name = %(name)s, tie = %(tie)s, phone = %(phone)s,
    has_key = %(has_key)s, may_know = %(may_know)s,
    doubted_at = case when phone = %(phone)s then doubted_at end
where id = %(id)s and patient_id = any (access.record_of(%(patient)s)) and removed_at is null;

-- name: remove_person
-- Somebody is called no more.
update coordination.person_to_call set removed_at = %(now)s, removed_by = %(by)s
where id = %(id)s and patient_id = any (access.record_of(%(patient)s)) and removed_at is null;

-- name: place_people
-- The order of the calls.
update coordination.person_to_call p set place = o.place
from unnest(%(ids)s::uuid[]) with ordinality as o (id, place)
where p.id = o.id and p.patient_id = any (access.record_of(%(patient)s)) and p.removed_at is null;

-- name: attempts
-- Calls to a patient and his people, latest first.
select id, patient_id, alert_id, person_id, name, phone, at, by_name, outcome, next_at, note
from doorway.attempt
where patient_id = any (access.record_of(%(patient)s))
order by at desc, id desc
limit %(most)s;

-- name: note_attempt
-- What came of a call to a patient or one of his people.
select coordination.note_attempt(%(id)s, %(patient)s, %(alert)s, %(contact)s, %(outcome)s,
    %(next_at)s, %(note)s) as said;

-- name: doubt_checks
-- Who was sent to the patient's home, latest first.
select id, patient_id, alert_id, who, expected_at, sent_at, sent_by_name, outcome, note, ended_at,
    ended_by_name
from doorway.doubt_check
where patient_id = any (access.record_of(%(patient)s))
order by sent_at desc, id desc
limit %(most)s;

-- name: send_somebody
-- Somebody is sent to the patient's home.
insert into coordination.doubt_check
    (id, patient_id, alert_id, who, expected_at, sent_at, sent_by)
values (%(id)s, %(patient)s, %(alert)s, %(who)s, %(expected_at)s, %(now)s, %(by)s);

-- name: end_check
-- What was found at the patient's home.
update coordination.doubt_check
set outcome = %(outcome)s, note = %(note)s, ended_at = %(now)s, ended_by = %(by)s
where id = %(id)s and patient_id = any (access.record_of(%(patient)s)) and outcome is null
returning alert_id;

-- name: home
-- What was noted of a patient's home and of what a rescuer is told.
select address, postcode, commune, department, floor, door_code, usual_spo2_percent, oxygen_l_min,
    allergies, treatments, directives, gp, version, changed_at
from coordination.home
where patient_id = any (access.record_of(%(patient)s))
order by patient_id = %(patient)s desc, changed_at desc
limit 1;

-- name: add_home
-- The first that is noted of a home; nothing when somebody was quicker.
insert into coordination.home
    (patient_id, address, postcode, commune, department, floor, door_code, usual_spo2_percent,
    oxygen_l_min, allergies, treatments, directives, gp, changed_at, changed_by)
values (%(patient)s, %(address)s, %(postcode)s, %(commune)s, %(department)s, %(floor)s,
    %(door_code)s, %(usual_spo2_percent)s, %(oxygen_l_min)s, %(allergies)s, %(treatments)s,
    %(directives)s, %(gp)s, %(now)s, %(by)s)
on conflict (patient_id) do nothing;

-- name: change_home
-- What is noted of a home is changed, unless somebody else has changed it meanwhile.
update coordination.home
set address = %(address)s, postcode = %(postcode)s, commune = %(commune)s,
    department = %(department)s, floor = %(floor)s, door_code = %(door_code)s,
    usual_spo2_percent = %(usual_spo2_percent)s, oxygen_l_min = %(oxygen_l_min)s,
    allergies = %(allergies)s, treatments = %(treatments)s, directives = %(directives)s,
    gp = %(gp)s, version = version + 1, changed_at = %(now)s, changed_by = %(by)s
where patient_id = any (access.record_of(%(patient)s)) and version = %(version)s;

-- name: reach_facts
-- What other rooms know that whoever must reach a patient asks for.
select phone_doubted, gps, oxygen_l_min from coordination.reach_facts(%(patient)s);

-- name: raise_call_backs
-- Patients who were to be called again by now move up in the queues.
select coordination.raise_call_backs(%(limit)s);

-- name: followed_departments
-- In which départements patients are followed.
select department, patients from coordination.followed_departments();
