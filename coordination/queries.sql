-- name: members
-- Everybody who is or was in a patient's circle.
select membership_id, party, kind, name, role, starts_at, ends_at, reason, basis, agreed,
    measure_scope, end_reason
from doorway.circle
where patient_id = any (access.record_of(%(patient)s))
    and (role <> 'patient' or patient_id = access.kept_patient(%(patient)s))
order by starts_at, membership_id;

-- name: followed_patients
-- A page of the patients in whose circle the actor is, by family name.
select patient_id, name, total, of_drill
from access.followed_patients(%(name)s, %(after)s, %(most)s);

-- name: journal
-- Who opened a record in a span, latest first.
select at, person, person_name, organisation_name, role, service, permission, outcome, purpose,
    basis
from doorway.access_journal
where patient_id = any (access.record_of(%(patient)s)) and at >= %(since)s and at < %(until)s
order by at desc, id desc
limit %(most)s;

-- name: journal_reaches_back
-- Whether somebody opened a record before a time.
select exists (
    select from doorway.access_journal
    where patient_id = any (access.record_of(%(patient)s)) and at < %(since)s
);

-- name: person_of_login
-- Who is behind a sign-in name, or an id of the directory.
select party, name from access.person_of_login(%(patient)s, %(login)s);

-- name: circle_head
-- Version, manager and attending physician of a circle.
select version, managing_organisation, managing_name, attending, attending_name
from doorway.circle_head where patient_id = %(patient)s;

-- name: take_circle
-- Lock a circle for one change, if it is still the one that was shown.
select access.take_circle(%(patient)s, %(version)s);

-- name: name_manager
-- An organisation of the circle answers for it from now on.
select access.name_manager(%(patient)s, %(organisation)s);

-- name: find_organisations
-- Organisations by a part of their name, or one by id.
select party, name from access.find_organisations(%(patient)s, %(text)s, %(id)s);

-- name: add_member
-- A party enters the circle for one stay.
insert into access.membership
    (id, patient_id, party, role, basis, agreed, measure_scope, starts_at, ends_at, granted_by,
    reason)
values (%(id)s, %(patient)s, %(party)s, %(role)s, %(basis)s, %(agreed)s, %(scope)s, %(starts_at)s,
    %(ends_at)s, %(granted_by)s, %(reason)s);

-- name: end_member
-- A member leaves the circle, now or on a day to come; the patient himself never does.
update access.membership
set ends_at = greatest(%(ends_at)s, starts_at), ended_by = %(by)s, end_reason = %(reason)s
where id = %(membership)s and patient_id = any (access.record_of(%(patient)s)) and role <> 'patient'
    and (ends_at is null or ends_at > %(now)s);

-- name: end_sleeper
-- A member who sleeps leaves the circle: he is not woken any more.
select access.end_sleeper(%(membership)s, %(patient)s, %(reason)s);

-- name: add_consent
-- What the patient agreed to for a member.
insert into coordination.consent
    (id, patient_id, membership_id, text_id, text_version, wording, permissions, given_on,
    given_by, means, recorded_by, recorded_at)
values (%(id)s, %(patient)s, %(membership)s, %(text_id)s, %(text_version)s, %(wording)s,
    %(permissions)s, %(given_on)s, %(given_by)s, %(means)s, %(recorded_by)s, %(now)s);

-- name: consents
-- Consents of a patient, latest first.
select id, membership_id, member_name, text_id, text_version, wording, given_on, given_by_name,
    means, recorded_by_name, recorded_at, withdrawn_at
from doorway.consent
where patient_id = any (access.record_of(%(patient)s))
order by recorded_at desc, id;

-- name: withdraw_consent
-- A consent is taken back, and what it alone had opened closes.
select coordination.withdraw_consent(%(patient)s, %(consent)s);

-- name: opposition
-- The opposition to accesses in an emergency that is in force.
select id, kind, stated_at, means, stated_by_name from doorway.opposition
where patient_id = any (access.record_of(%(patient)s)) and kind = 'break_glass'
    and withdrawn_at is null
order by stated_at limit 1;

-- name: oppose
-- The patient opposes accesses in an emergency.
select coordination.oppose(%(id)s, %(patient)s, %(means)s);

-- name: withdraw_opposition
-- The patient takes his opposition back.
select coordination.withdraw_opposition(%(patient)s);

-- name: emergency_match
-- Patients of exactly this name, first name and birth date.
select patient_id
from coordination.emergency_match(%(name)s, %(first_name)s, %(birth_date)s);

-- name: open_in_emergency
-- Open a record for a while, unless the patient has opposed it.
select coordination.open_in_emergency(%(id)s, %(membership)s, %(patient)s, %(reason)s,
    %(minutes)s, %(review_hours)s);

-- name: emergencies
-- Accesses in an emergency to a record, latest first.
select id, person_name, organisation_name, reason, opened_at, ended_at, review_due_at, reviewed_at,
    verdict, note
from doorway.break_glass
where patient_id = any (access.record_of(%(patient)s))
order by opened_at desc, id;

-- name: to_review
-- Accesses in an emergency that the acting post reviews; overdue ones first.
select id, patient_id, patient_name, birth_date, person_name, organisation_name, reason, opened_at,
    ended_at, review_due_at, reviewed_at, verdict, note, reviewer_name, own
from coordination.to_review(%(id)s, %(most)s);

-- name: done_in_emergency
-- What was done through an access in an emergency.
select permission, action, times, first_at, last_at from coordination.done_in_emergency(%(id)s);

-- name: review_emergency
-- The verdict of the review.
select coordination.review(%(id)s, %(verdict)s, %(note)s);

-- name: close_ended
-- Call off what hangs on stays that have ended by their date.
select access.close_ended(%(limit)s);

-- name: untold_emergencies
-- Accesses in an emergency that nobody was told of yet, each locked for whoever tells.
select id, patient_id from coordination.break_glass
where told_at is null
order by opened_at
limit %(limit)s
for update skip locked;

-- name: to_tell
-- Whom to tell of an access in an emergency, and where.
select person, is_patient, address, locale from coordination.to_tell
where break_glass = %(id)s
order by person, known_at, address;

-- name: note_told
-- The messages about an access in an emergency are out.
update coordination.break_glass set told_at = %(now)s where id = %(id)s;

-- name: overdue_reviews
-- Reviews that are late and that the operator does not know of.
update coordination.break_glass set operator_told_at = %(now)s
where verdict is null and operator_told_at is null and review_due_at <= %(now)s
returning id;

-- name: notes
-- A page of the notes of a record that the actor may read, latest first. Answers stand under what
-- they answer, and by themselves where something is looked for.
select n.item_id, n.patient_id, n.author, i.author_name, i.author_role, i.author_organisation,
    n.category, n.sent, n.text, n.tags, n.corrects, i.within, i.sensitivity, i.sensitivity_by,
    access.is_withheld(n.item_id) as withheld, r.author as root_author,
    r.sensitivity as root_sensitivity, exists (
        select from coordination.note_reading d
        where d.item_id = n.item_id and d.person = access.current_person()
    ) as opened
from coordination.note n
join access.item i on i.item_id = n.item_id
left join access.item r on r.item_id = i.within
where n.patient_id = any (access.record_of(%(patient)s))
    and (i.within is null or %(answers)s)
    and (%(kind)s::text is null or n.category = %(kind)s)
    and (%(tag)s::text is null or %(tag)s = any (n.tags))
    and (not %(unread)s or n.author <> access.current_person() and not exists (
        select from coordination.note_reading d
        where d.item_id = n.item_id and d.person = access.current_person()
    ))
    and (cardinality(%(words)s::text[]) = 0
        or coordination.holds(concat_ws(' ', n.text, i.author_name, array_to_string(n.tags, ' ')),
            %(words)s))
    and (%(before)s::uuid is null or (n.sent, n.item_id) < (
        select b.sent, b.item_id from coordination.note b where b.item_id = %(before)s
    ))
order by n.sent desc, n.item_id desc
limit %(most)s;

-- name: note
-- One note, if the actor may read it.
select n.item_id, n.patient_id, n.author, i.author_name, i.author_role, i.author_organisation,
    n.category, n.sent, n.text, n.tags, n.corrects, i.within, i.sensitivity, i.sensitivity_by,
    access.is_withheld(n.item_id) as withheld, r.author as root_author,
    r.sensitivity as root_sensitivity, exists (
        select from coordination.note_reading d
        where d.item_id = n.item_id and d.person = access.current_person()
    ) as opened
from coordination.note n
join access.item i on i.item_id = n.item_id
left join access.item r on r.item_id = i.within
where n.patient_id = any (access.record_of(%(patient)s)) and n.item_id = %(item)s;

-- name: within_notes
-- The answers and additions to some notes, as far as the actor may read them, oldest first.
select n.item_id, n.patient_id, n.author, i.author_name, i.author_role, i.author_organisation,
    n.category, n.sent, n.text, n.tags, n.corrects, i.within, i.sensitivity, i.sensitivity_by,
    access.is_withheld(n.item_id) as withheld, r.author as root_author,
    r.sensitivity as root_sensitivity, exists (
        select from coordination.note_reading d
        where d.item_id = n.item_id and d.person = access.current_person()
    ) as opened
from coordination.note n
join access.item i on i.item_id = n.item_id
left join access.item r on r.item_id = i.within
where n.patient_id = any (access.record_of(%(patient)s)) and i.within = any (%(items)s)
order by n.sent, n.item_id;

-- name: note_tags
-- The words by which the notes that the actor reads may be found.
select distinct unnest(n.tags) as tag from coordination.note n
where n.patient_id = any (access.record_of(%(patient)s)) and not access.hidden_from_me(n.item_id)
order by tag
limit 100;

-- name: note_readers
-- Who opened some notes, by whom first.
select item_id, name, role, organisation_name, first_at from doorway.note_reader
where item_id = any (%(items)s) and patient_id = any (access.record_of(%(patient)s))
order by first_at, person;

-- name: note_mentions
-- For whose attention some notes are.
select item_id, party, name from doorway.note_mentioned
where item_id = any (%(items)s) and patient_id = any (access.record_of(%(patient)s))
order by name, party;

-- name: note_reminders
-- On which days a note comes back, as far as nobody has said it is done.
select id, item_id, due_on, party, role, made_by from coordination.note_reminder
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s)) and done_at is null
order by due_on, id;

-- name: note_withheld
-- Why a note is not communicable, as long as it is, and whether the actor may judge it again.
select cause, reason, review_on, at, access.may_review_withheld(item_id) as may_review
from access.item_withheld
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s)) and ended_at is null;

-- name: read_notes
-- The actor has opened these notes.
select coordination.read_notes(%(items)s);

-- name: mention
-- For whose attention the note is that was just signed.
select coordination.mention(%(item)s, %(parties)s);

-- name: remind
-- A note comes back on a day.
select coordination.remind(%(id)s, %(item)s, %(due_on)s, %(role)s) as done;

-- name: end_reminder
-- What was to be remembered is done.
select coordination.end_reminder(%(item)s, %(reminder)s) as done;

-- name: withhold
-- The item just signed is not communicable to the patient and his family.
select access.withhold(%(id)s, %(item)s, %(cause)s, %(reason)s, %(review_on)s) as done;

-- name: review_withheld
-- A withheld item is judged again.
select access.review_withheld(%(id)s, %(item)s, %(kept)s, %(reason)s, %(review_on)s) as done;

-- name: waiting_notes
-- What waits for the actor in the notes of all his patients.
select why, item_id, patient_id, patient_name, author_name, category, sent, due_on, reminder
from coordination.waiting_notes(%(today)s, %(most)s);

-- name: sign_item
-- A new item of a record; the database writes who signs it, when and as what.
insert into access.item (item_id, patient_id, kind, sensitivity, within)
values (%(item)s, %(patient)s, %(kind)s, %(sensitivity)s, %(within)s);

-- name: save_note
-- The text of a note that has just been signed.
insert into coordination.note (item_id, patient_id, author, category, sent, text, tags, corrects)
values (%(item)s, %(patient)s, %(author)s, %(category)s, %(now)s, %(text)s, %(tags)s,
    %(corrects)s);

-- name: item
-- One item of a record, if the actor may read it.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author, within,
    access.is_withheld(item_id) as withheld
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
-- What the actor signed himself, in any circle, latest first; nothing of what is withheld, which
-- leaves the record with nobody.
select item_id, patient_id, kind, author, author_name, author_role, author_organisation,
    patient_name, patient_born, signed_at, category, text, still_in
from doorway.contribution
where not withheld
order by signed_at desc, item_id desc;

-- name: tied_people
-- Everybody who was ever tied to a patient.
select person, name from access.tied_people(%(patient)s);

-- name: ties
-- Everything that ever tied a person to a patient, for somebody who may ask.
select membership_id, role, basis, agreed, mission, organisation, organisation_name, post,
    starts_at, ends_at, post_starts_at, post_ends_at, stands_for
from access.ties_seen(%(patient)s, %(person)s);

-- name: ties_of
-- Everything that ever tied a person to a patient, for the administrator's command.
select membership_id, role, basis, agreed, mission, organisation, organisation_name, post,
    starts_at, ends_at, post_starts_at, post_ends_at, stands_for
from access.ties_of(%(patient)s, %(person)s);

-- name: items_read
-- The items of a kind that the actor reads, without what they say.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author, author_name, signed_at,
    within, access.is_withheld(item_id) as withheld
from access.item
where patient_id = any (access.record_of(%(patient)s)) and kind = %(kind)s;

-- name: items_of
-- The items of a kind of a record, for the administrator's command.
select item_id, patient_id, kind, sensitivity, sensitivity_by, author, author_name, signed_at,
    within, access.is_withheld(item_id) as withheld
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
-- The organisation the actor acts in, and what he was to the patient.
select access.current_organisation() as organisation, access.stands_for() as stands_for,
    access.was_family(%(patient)s) as was_family;

-- name: doctors
-- The doctors in charge of a record, and the organisations they act for.
select access.doctors_of(%(patient)s) as party;

-- name: party_name
-- Name of a person, for the administrator's command.
select id as person, name from access.party where id = %(person)s;

-- name: own_note
-- What the actor signed himself, as he signed it.
select text, category, patient_id, sensitivity, within, signed_withheld
from doorway.contribution where item_id = %(item)s;

-- name: family
-- Members of the family whom the patient may let be told when he does not answer.
select membership_id, name, role, told, reachable from coordination.family(%(patient)s);

-- name: tell_of_silence
-- A member of the family is told when the patient does not answer, or no longer.
select coordination.tell_of_silence(%(membership)s, %(told)s);

-- name: circle_notices
-- The people of a circle and of what each is told.
select membership_id, name, role, family, reachable, own, occasions, moment, red_waits
from coordination.circle_notices(%(patient)s);

-- name: circle_roles
-- The lines of roles of a circle.
select role, family, occasions, moment, red_waits from coordination.circle_roles(%(patient)s);

-- name: choose_notices
-- Of what somebody in the circle is told from now on.
select coordination.choose_notices(%(id)s, %(patient)s, %(membership)s, %(own)s, %(occasions)s,
    %(moment)s, %(red_waits)s) as done;

-- name: choose_role_notices
-- Of what whoever has a role in the circle is told from now on.
select coordination.choose_role_notices(%(id)s, %(patient)s, %(role)s, %(occasions)s, %(moment)s,
    %(red_waits)s) as done;
