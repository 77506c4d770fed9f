-- name: centres
-- Centres that may be asked to follow a person.
select centre, name from coordination.centres();

-- name: send_request
-- A request for a follow-up leaves; says what came of it.
select coordination.send_request(%(id)s, %(centre)s, %(patient)s, %(wish)s, %(notice)s);

-- name: requests
-- What the actor asked for and what his organisation is asked; waiting ones first.
select id, mine, centre, centre_name, requested_by, requester_name, requester_role,
    organisation_name, patient_id, birth_name, first_name, birth_date, sex, phone, programme, risk,
    reason, discharge_on, oxygen_l_min, sent_at, state, decided_at, decided_by_name, refusal, note,
    inclusion_id, inclusion_state
from coordination.requests(%(id)s, %(most)s);

-- name: decide_request
-- The centre accepts or refuses, the requester withdraws; says what came of it.
select coordination.decide_request(%(id)s, %(state)s, %(refusal)s, %(note)s, %(membership)s,
    %(notice)s);

-- name: name_request_patient
-- The record a request led to; its requester enters the circle.
select coordination.name_request_patient(%(id)s, %(patient)s, %(membership)s);

-- name: open_inclusion
-- The path to a follow-up of a patient that the acting organisation has begun.
select id, patient_id, organisation, request_id, state, typed, opened_at, saved_at
from coordination.inclusion
where patient_id = any (access.record_of(%(patient)s)) and state = 'open'
    and organisation = %(organisation)s
for update;

-- name: begin_inclusion
-- A path to a follow-up begins.
insert into coordination.inclusion
    (id, patient_id, organisation, request_id, state, typed, opened_by, opened_at, saved_at)
values (%(id)s, %(patient)s, %(organisation)s, %(request)s, 'open', %(typed)s, %(by)s, %(now)s,
    %(now)s)
on conflict (patient_id, organisation) where state = 'open' do nothing;

-- name: keep_typed
-- What was typed on the path is kept.
update coordination.inclusion set typed = %(typed)s, saved_at = %(now)s
where id = %(id)s and state = 'open';

-- name: decide_inclusion
-- The path ends with a follow-up, or is refused.
update coordination.inclusion
set state = %(state)s, decided_by = %(by)s, decided_at = %(now)s, refusal = %(refusal)s,
    note = %(note)s
where id = %(id)s and state = 'open';

-- name: save_episode
-- A follow-up begins.
insert into coordination.episode
    (id, inclusion_id, patient_id, organisation, programme, plan_id, prescription_id, eligibility,
    person_to_call, included_by, included_at, ends_on, first_contact_due_at)
values (%(id)s, %(inclusion)s, %(patient)s, %(organisation)s, %(programme)s, null,
    %(prescription)s, %(eligibility)s, %(person_to_call)s, %(by)s, %(now)s, %(ends_on)s, %(due_at)s)
on conflict do nothing;

-- name: name_plan
-- Which plan of questions belongs to a follow-up.
update coordination.episode set plan_id = %(plan)s where id = %(episode)s;

-- name: save_agreement
-- What the patient was told and answered.
insert into coordination.agreement
    (id, episode_id, patient_id, kind, agreed, text_id, text_version, wording, means, given_by,
    recorded_by, at)
values (%(id)s, %(episode)s, %(patient)s, %(kind)s, %(agreed)s, %(text_id)s, %(text_version)s,
    %(wording)s, %(means)s, %(given_by)s, %(recorded_by)s, %(now)s);

-- name: welcome
-- A professional, found by his number or sign-in name, enters the circle of somebody included.
select coordination.welcome(%(id)s, %(patient)s, %(who)s, %(role)s);

-- name: acting_in
-- The organisation the actor acts in, if his post includes patients.
select access.acting_organisation('patients:include') as organisation;

-- name: follow_ups
-- The running follow-ups of the acting organisation, those nobody spoke with first.
select episode_id, patient_id, patient_name, phone, programme, included_at, ends_on,
    first_contact_due_at, first_contact_at, attempts, last_outcome, agreed, refused, confirmed,
    watched, planned
from coordination.follow_ups(%(most)s);

-- name: open_inclusions
-- Paths of the acting organisation that nobody has finished.
select inclusion_id, patient_id, patient_name, opened_at, saved_at, opened_by_name
from coordination.open_inclusions(%(most)s);

-- name: kit_waiting
-- Devices the acting organisation has to fetch.
select id, patient_id, patient_name, died_on, device, model, asked_at
from coordination.kit_waiting();

-- name: settle_kit
-- A device came back, or is lost.
select coordination.settle_kit(%(id)s, %(outcome)s);

-- name: episodes
-- The follow-ups of a record, latest first.
select id, patient_id, organisation, organisation_name, programme, plan_id, prescription_id,
    eligibility, person_to_call, included_by_name, included_at, ends_on, first_contact_due_at,
    first_contact_at, first_contact_by_name, ended_at, ended_by_name, end_reason, end_note
from doorway.episode
where patient_id = any (access.record_of(%(patient)s))
order by included_at desc, id;

-- name: agreements
-- What a patient answered about his follow-ups, latest first.
select id, episode_id, kind, agreed, text_id, text_version, wording, means, given_by_name,
    recorded_by_name, by_himself, at
from doorway.agreement
where patient_id = any (access.record_of(%(patient)s))
order by at desc, id desc;

-- name: attempts
-- Attempts to speak with a patient just included, latest first.
select id, episode_id, at, by_name, outcome, note
from doorway.first_contact
where patient_id = any (access.record_of(%(patient)s))
order by at desc, id desc;

-- name: save_attempt
-- Somebody tried to speak with the patient.
insert into coordination.first_contact (id, episode_id, patient_id, at, by_person, outcome, note)
select %(id)s, e.id, e.patient_id, %(now)s, %(by)s, %(outcome)s, %(note)s
from coordination.episode e
where e.id = %(episode)s and e.ended_at is null
    and e.patient_id = any (access.record_of(%(patient)s));

-- name: note_contact
-- Somebody spoke with the patient for the first time.
update coordination.episode
set first_contact_at = %(now)s, first_contact_by = %(by)s
where id = %(episode)s and first_contact_at is null and ended_at is null
    and patient_id = any (access.record_of(%(patient)s));

-- name: mark_late
-- Patients nobody spoke with in time move up in the queues.
select coordination.mark_late(%(limit)s);

-- name: end_episode
-- A follow-up ends with all that hangs on it; says what came of it.
select coordination.end_episode(%(episode)s, %(reason)s, %(note)s, %(alerts)s, %(notice)s);

-- name: note_death
-- The patient died: everything stops; says what came of it.
select coordination.note_death(%(id)s, %(patient)s, %(died_on)s, %(plans)s, %(notice)s);

-- name: undo_death
-- It was an error; says what came of it.
select coordination.undo_death(%(patient)s, %(reason)s, %(notice)s);

-- name: hold_still
-- No machine judges the patient until this transaction is over; false without the right.
select coordination.hold_still(%(patient)s);

-- name: keep_letter
-- The letter of an exit is kept as it is today.
insert into coordination.exit_letter (id, patient_id, episode_id, death_id, made_at, made_by, pdf)
values (%(id)s, %(patient)s, %(episode)s, %(death)s, %(now)s, %(by)s, %(pdf)s);

-- name: letters
-- The letters of a record's exits, latest first, and who was told of them.
select id, patient_id, episode_id, death_id, made_at, made_by_name, told
from doorway.exit_letter
where patient_id = any (access.record_of(%(patient)s))
order by made_at desc, id;

-- name: letter
-- The pages of a letter.
select pdf from coordination.exit_letter
where id = %(id)s and patient_id = any (access.record_of(%(patient)s));

-- name: kit_of
-- What a patient has at home and has to give back.
select id, device, model, asked_at, settled_at, outcome, ours from coordination.kit_of(%(patient)s);

-- name: family_to_tell
-- Relatives whom a person has to tell of the death.
select party, name, role, phone, told_at, told_by_name
from coordination.family_to_tell(%(patient)s);

-- name: note_relative_told
-- Somebody told a relative.
select coordination.note_relative_told(%(patient)s, %(party)s);

-- name: deaths
-- What was noted of a death, errors included, latest first.
select id, patient_id, died_on, noted_by_name, organisation_name, organisation, noted_at, stopped,
    undone_at, undone_by_name, undo_reason
from doorway.death
where patient_id = any (access.record_of(%(patient)s))
order by noted_at desc, id;

-- name: household
-- Who lives with a patient or was in contact with him, as far as the actor may see both.
select link_id, other_id, name, birth_date, kind, of_index, noted_at, programme, level
from coordination.household(%(patient)s);

-- name: link_household
-- Somebody lives with the patient, or was in contact with him.
select coordination.link_household(%(id)s, %(patient)s, %(other)s, %(kind)s);

-- name: end_household
-- The tie was an error or is over.
select coordination.end_household(%(patient)s, %(link)s);

-- name: note_occasions
-- What the circle is to be told of alerts and stays since the last pass; how much was new.
select coordination.note_occasions(%(now)s) as new;

-- name: untold
-- Notices nobody was told of yet, each locked for whoever tells.
select id, kind, subject, patient_id from coordination.notice
where told_at is null
order by created_at
limit %(limit)s
for update skip locked;

-- name: recipients
-- Whom a notice is for, and where.
select person, address, locale, family, moment, zone from coordination.notice_recipient
where notice = %(notice)s
order by person, known_at, address;

-- name: note_told
-- The messages of a notice are out.
update coordination.notice set told_at = %(now)s where id = %(notice)s;

-- name: died_on
-- When a patient died, if he did.
select access.died_on(%(patient)s);
