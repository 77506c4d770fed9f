-- name: members
-- Everybody who is or was in a patient's circle.
select membership_id, party, kind, name, role, starts_at, ends_at, reason
from doorway.circle
where patient_id = %(patient)s
order by starts_at, membership_id;

-- name: followed_patients
-- Patients in whose circle the actor is, by name.
select patient_id, name
from doorway.circle
where role = 'patient' and party <> %(person)s
    and (ends_at is null or ends_at > %(now)s)
order by name, patient_id
limit %(most)s;

-- name: journal
-- Who opened a record, latest first.
select at, person_name, organisation_name, role, permission, outcome, purpose
from doorway.access_journal
where patient_id = %(patient)s
order by id desc
limit %(most)s;

-- name: person_of_login
-- Who is behind a sign-in name.
select party, name from access.person_of_login(%(patient)s, %(login)s);

-- name: add_member
-- A person enters the circle.
insert into access.membership
    (id, patient_id, party, role, basis, starts_at, ends_at, granted_by, reason)
values (%(id)s, %(patient)s, %(party)s, %(role)s, %(basis)s, %(now)s, null, %(granted_by)s,
    %(reason)s);

-- name: end_member
-- A member leaves the circle; the patient himself never does.
update access.membership set ends_at = %(now)s, reason = %(reason)s
where id = %(membership)s and patient_id = %(patient)s and role <> 'patient'
    and starts_at <= %(now)s and (ends_at is null or ends_at > %(now)s);
