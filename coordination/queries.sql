-- name: members
-- Everybody who is or was in a patient's circle.
select membership_id, party, kind, name, role, starts_at, ends_at, reason
from doorway.circle
where patient_id = any (access.record_of(%(patient)s))
    and (role <> 'patient' or patient_id = access.kept_patient(%(patient)s))
order by starts_at, membership_id;

-- name: followed_patients
-- Patients in whose circle the actor is, by name.
select patient_id, name
from doorway.circle
where role = 'patient' and party <> %(person)s
    and (ends_at is null or ends_at > %(now)s)
    and not exists (select from access.merged_patients() m where m = patient_id)
order by name, patient_id
limit %(most)s;

-- name: journal
-- Who opened a record, latest first.
select at, person_name, organisation_name, role, permission, outcome, purpose
from doorway.access_journal
where patient_id = any (access.record_of(%(patient)s))
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
where id = %(membership)s and patient_id = any (access.record_of(%(patient)s)) and role <> 'patient'
    and starts_at <= %(now)s and (ends_at is null or ends_at > %(now)s);

-- name: notes
-- The notes of a record that the actor may read, latest first.
select n.item_id, n.patient_id, n.author, i.author_name, i.author_role, i.author_organisation,
    n.category, n.sent, n.text, i.sensitivity, i.sensitivity_by
from coordination.note n
join access.item i on i.item_id = n.item_id
where n.patient_id = any (access.record_of(%(patient)s))
order by n.sent desc, n.item_id desc
limit %(most)s;

-- name: note
-- One note, if the actor may read it.
select n.item_id, n.patient_id, n.author, i.author_name, i.author_role, i.author_organisation,
    n.category, n.sent, n.text, i.sensitivity, i.sensitivity_by
from coordination.note n
join access.item i on i.item_id = n.item_id
where n.patient_id = any (access.record_of(%(patient)s)) and n.item_id = %(item)s;

-- name: sign_item
-- A new item of a record; the database writes who signs it, when and as what.
insert into access.item (item_id, patient_id, kind, sensitivity)
values (%(item)s, %(patient)s, %(kind)s, %(sensitivity)s);

-- name: save_note
-- The text of a note that has just been signed.
insert into coordination.note (item_id, patient_id, author, sent, text)
values (%(item)s, %(patient)s, %(author)s, %(now)s, %(text)s);

-- name: item
-- One item of a record, if the actor may read it.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author
from access.item
where patient_id = any (access.record_of(%(patient)s)) and item_id = %(item)s and kind = %(kind)s;

-- name: hidings
-- From whom the items of a record are hidden, as far as the actor reads them.
select id, item_id, party, party_kind, party_name, role, by, by_name, at, reason
from doorway.item_hiding
where patient_id = any (access.record_of(%(patient)s))
order by at, id;

-- name: hide_item
-- An item is not shown any more to a party, or to whoever holds a role.
insert into access.item_hidden (id, item_id, party, role, by, at, reason)
values (%(id)s, %(item)s, %(party)s, %(role)s, %(by)s, %(now)s, %(reason)s);

-- name: show_item
-- An item is shown again.
update access.item_hidden set ended_at = %(now)s, ended_by = %(by)s
where id = %(hiding)s and item_id = %(item)s and ended_at is null;

-- name: flag_item
-- How far an item may go changes.
update access.item
set sensitivity = %(sensitivity)s, sensitivity_by = %(by)s, sensitivity_at = %(now)s
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s))
    and sensitivity <> %(sensitivity)s;

-- name: contributions
-- What the actor signed himself, in any circle, latest first.
select item_id, patient_id, kind, author, author_name, author_role, author_organisation,
    patient_name, patient_born, signed_at, category, text, still_in
from doorway.contribution
order by signed_at desc, item_id desc;

-- name: tied_people
-- Everybody who was ever tied to a patient.
select person, name from access.tied_people(%(patient)s);

-- name: ties
-- Everything that ever tied a person to a patient, for somebody who may ask.
select membership_id, role, basis, agreed, mission, organisation, organisation_name, post,
    starts_at, ends_at, post_starts_at, post_ends_at
from access.ties_seen(%(patient)s, %(person)s);

-- name: ties_of
-- Everything that ever tied a person to a patient, for the administrator's command.
select membership_id, role, basis, agreed, mission, organisation, organisation_name, post,
    starts_at, ends_at, post_starts_at, post_ends_at
from access.ties_of(%(patient)s, %(person)s);

-- name: items_read
-- The items of a kind that the actor reads, without what they say.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author, author_name, signed_at
from access.item
where patient_id = any (access.record_of(%(patient)s)) and kind = %(kind)s;

-- name: items_of
-- The items of a kind of a record, for the administrator's command.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author, author_name, signed_at
from access.item
where patient_id = any (access.record_of(%(patient)s)) and kind = %(kind)s;

-- name: kept_from
-- From whom the items of a record are hidden, for the administrator's command.
select h.item_id, h.party, h.role
from access.item_hidden h
join access.item i on i.item_id = h.item_id
where i.patient_id = any (access.record_of(%(patient)s)) and h.ended_at is null;

-- name: hidings_to_judge
-- The exceptions that may concern the actor himself, for the first lock.
select item_id, party, role from access.hidings_to_judge(%(patient)s);

-- name: acting_in
-- The organisation the actor acts in.
select access.current_organisation() as organisation;

-- name: party_name
-- Name of a person, for the administrator's command.
select id as person, name from access.party where id = %(person)s;

-- name: own_text
-- The text of a note the actor signed himself.
select text from doorway.contribution where item_id = %(item)s;
