-- name: last_answers
-- The last questionnaires of a patient as they stand after any correction, newest first.
select a.id, a.edition, a.instrument, a.version, a.answers, a.urgency, a.answered_at, a.received_at
from questionnaires.answer a
where a.patient_id = any (access.record_of(%(patient)s))
    and not exists (select from questionnaires.answer r where r.replaces = a.id)
order by a.answered_at desc
limit %(most)s;

-- name: ask_review
-- Ask for the review of answers that have just come.
select core.ask_review(%(patient)s, 'answer', %(answered_at)s, %(answered_at)s, %(received_at)s);

-- name: record_measured
-- A number of an answer becomes a reading, and the answer knows which.
with stored as (
    select core.record_by_hand(%(patient)s, %(vital)s::smallint, %(value)s::real, %(measured_at)s,
        %(received_at)s) as reading_id
)
insert into questionnaires.answer_reading
    (answer_id, link_id, patient_id, vital, reading_id, measured_at, received_at)
select %(answer)s, %(link_id)s, %(patient)s, %(vital)s, s.reading_id, %(measured_at)s,
    %(received_at)s
from stored s;

-- name: first_read
-- When a professional first read this patient's answers after an instant.
select min(at) as at
from doorway.access_journal
where patient_id = any (access.record_of(%(patient)s)) and at >= %(since)s
    and organisation_name is not null
    and permission = 'answers:read' and outcome = 'success'
having min(at) is not null;

-- name: edition_resource
-- An edition as it was published.
select questionnaires.edition_resource(%(digest)s) as resource;

-- name: active_digest
-- The edition of a name that may be planned now.
select questionnaires.active_digest(%(name)s) as digest;

-- name: digest_of_version
-- The edition of a name and version.
select questionnaires.digest_of_version(%(name)s, %(version)s) as digest;

-- name: shipped_version
-- The digest under which a version is already known to this database.
select digest from questionnaires.edition where name = %(name)s and version = %(version)s;

-- name: retire_shipped
-- A newer shipped edition takes the place of the one before.
update questionnaires.edition set state = 'retired', retired_at = %(now)s
where name = %(name)s and state = 'active' and origin = 'shipped';

-- name: save_shipped
-- An edition that is shipped with this version of Chevet.
insert into questionnaires.edition
    (digest, name, version, url, resource, origin, state, created_at, published_at)
values (%(digest)s, %(name)s, %(version)s, %(url)s, %(resource)s, 'shipped', 'active', %(now)s,
    %(now)s);

-- name: add_answer
-- An answer with its edition and history, once for each key and once for each answer replaced.
insert into questionnaires.answer
    (id, patient_id, instrument, version, edition, task_id, source, answers, scores, level,
    urgency, answered_at, received_at, started_at, seconds, device, entered_by, client_key,
    given_digest, words, replaces, reason)
values (%(id)s, %(patient)s, %(instrument)s, %(version)s, %(edition)s, %(task)s, %(source)s,
    %(answers)s, %(scores)s, %(level)s, %(urgency)s, %(answered_at)s, %(received_at)s,
    %(started_at)s, %(seconds)s, %(device)s, %(entered_by)s, %(client_key)s, %(given_digest)s,
    %(words)s, %(replaces)s, %(reason)s)
on conflict do nothing;

-- name: is_mine
-- Whether the actor has sent this very answer under a key.
select questionnaires.is_mine(%(patient)s, %(client_key)s, %(digest)s);

-- name: entry_of_key
-- The answer stored under a key, with what replaced it.
select a.id, a.edition, a.instrument, a.version, a.answers, a.scores, a.level, a.urgency, a.source,
    a.task_id, a.entered_by, a.answered_at, a.received_at, a.started_at, a.seconds, a.device,
    a.given_digest, a.words, a.replaces, a.reason, r.id as replaced_by
from questionnaires.answer a
left join questionnaires.answer r on r.replaces = a.id
where a.patient_id = %(patient)s and a.client_key = %(client_key)s;

-- name: entry
-- One answer of a record.
select a.id, a.edition, a.instrument, a.version, a.answers, a.scores, a.level, a.urgency, a.source,
    a.task_id, a.entered_by, a.answered_at, a.received_at, a.started_at, a.seconds, a.device,
    a.given_digest, a.words, a.replaces, a.reason, r.id as replaced_by
from questionnaires.answer a
left join questionnaires.answer r on r.replaces = a.id
where a.id = %(id)s and a.patient_id = any (access.record_of(%(patient)s));

-- name: entries_around
-- An answer and the whole chain of its corrections, in no order.
with recursive older as (
    select a.id, a.replaces from questionnaires.answer a
    where a.id = %(id)s and a.patient_id = any (access.record_of(%(patient)s))
    union all
    select a.id, a.replaces from questionnaires.answer a join older o on a.id = o.replaces
), newer as (
    select o.id from older o where o.replaces is null
    union all
    select a.id from questionnaires.answer a join newer n on a.replaces = n.id
)
select a.id, a.edition, a.instrument, a.version, a.answers, a.scores, a.level, a.urgency, a.source,
    a.task_id, a.entered_by, a.answered_at, a.received_at, a.started_at, a.seconds, a.device,
    a.given_digest, a.words, a.replaces, a.reason, r.id as replaced_by
from newer n
join questionnaires.answer a on a.id = n.id
left join questionnaires.answer r on r.replaces = a.id;

-- name: entries_page
-- One page of a record's answers as they stand, newest first, by keyset.
select a.id, a.edition, a.instrument, a.version, a.answers, a.scores, a.level, a.urgency, a.source,
    a.task_id, a.entered_by, a.answered_at, a.received_at, a.started_at, a.seconds, a.device,
    a.given_digest, a.words, a.replaces, a.reason, null::uuid as replaced_by
from questionnaires.answer a
where a.patient_id = any (access.record_of(%(patient)s))
    and (a.answered_at, a.id) < (%(before)s::timestamptz, %(before_id)s::uuid)
    and (%(instrument)s::text is null or a.instrument = %(instrument)s)
    and (%(source)s::text is null or a.source = %(source)s)
    and (not %(alarming)s or a.level in ('orange', 'red') or a.urgency is not null)
    and not exists (select from questionnaires.answer r where r.replaces = a.id)
order by a.answered_at desc, a.id desc
limit %(most)s;

-- name: add_answer_reading
-- Which reading a number of an answer is.
insert into questionnaires.answer_reading
    (answer_id, link_id, patient_id, vital, reading_id, measured_at, received_at)
values (%(answer)s, %(link_id)s, %(patient)s, %(vital)s, %(reading_id)s, %(measured_at)s,
    %(received_at)s);

-- name: readings_of_answer
-- The readings an answer's numbers became.
select link_id, vital, reading_id, measured_at, received_at
from questionnaires.answer_reading
where answer_id = %(answer)s;

-- name: add_observation
-- A coded number of an answer that no time series holds.
insert into questionnaires.observation
    (id, patient_id, answer_id, link_id, loinc, value, unit, observed_at)
values (%(id)s, %(patient)s, %(answer)s, %(link_id)s, %(loinc)s, %(value)s, %(unit)s,
    %(observed_at)s);

-- name: amend_by_hand
-- Correct a reading that was typed, or withdraw it, and ask for its review.
select core.amend_by_hand(%(patient)s, %(reading_id)s, %(measured_at)s, %(received_at)s,
    %(replacement)s::real, %(reason)s, %(id)s) as done;

-- name: names_of_answers
-- Names of those who entered a patient's answers.
select person, name from questionnaires.names_of_answers(%(patient)s);

-- name: observed
-- Coded numbers of answers as they stand, newest first, the last ten of each code.
select one.loinc, one.link_id, one.edition, one.value, one.unit, one.observed_at
from (
    select o.loinc, o.link_id, a.edition, o.value, o.unit, o.observed_at,
        row_number() over (partition by o.loinc order by o.observed_at desc, o.id desc) as place
    from questionnaires.observation o
    join questionnaires.answer a on a.id = o.answer_id
    where o.patient_id = any (access.record_of(%(patient)s)) and o.observed_at >= %(since)s
        and a.edition is not null
        and not exists (select from questionnaires.answer r where r.replaces = a.id)
) one
where one.place <= 10
order by one.loinc, one.observed_at desc;

-- name: link_offers
-- To whom and by which ways a link to a questionnaire can be sent.
select person, name, is_patient, email, sms from questionnaires.link_offers(%(patient)s);

-- name: make_link
-- A link to one questionnaire, and its messages.
select questionnaires.make_link(%(id)s, %(patient)s, %(recipient)s, %(edition)s, %(task)s,
    %(token_hash)s, %(code_hash)s, %(expires_at)s, %(channel)s, %(params)s, %(code_params)s,
    %(message)s, %(code_message)s) as verdict;

-- name: links
-- The last links made for a patient, newest first.
select id, recipient, edition, made_at, expires_at, tries, opened_at, ended_at
from questionnaires.link
where patient_id = any (access.record_of(%(patient)s))
order by made_at desc limit 20;

-- name: end_link
-- A link that is to open nothing any more.
select questionnaires.end_link(%(patient)s, %(id)s) as done;

-- name: gate_link
-- Whether a link still asks for its code, and how often it was wrong.
select id, tries from questionnaires.gate_link(%(token_hash)s);

-- name: gate_try_link
-- Try a code.
select questionnaires.gate_try_link(%(token_hash)s, %(code_hash)s, %(session_hash)s) as verdict;

-- name: gate_link_session
-- Who answers what by a link whose code was given in this browser.
select id, patient, recipient, edition, task, locale
from questionnaires.gate_link_session(%(token_hash)s, %(session_hash)s);

-- name: gate_link_answered
-- What a browser answered by a link within the hour.
select patient, recipient, answer
from questionnaires.gate_link_answered(%(token_hash)s, %(session_hash)s);

-- name: gate_end_link
-- The questionnaire of a link is answered.
select questionnaires.gate_end_link(%(session_hash)s);

-- name: active_editions
-- Editions that may be asked now: those shipped, and those of the organisation that acts.
select digest from questionnaires.edition
where state = 'active'
    and (organisation is null or organisation = access.current_organisation())
order by name;

-- name: editions
-- Every edition the actor may see, by name, the one in use first.
select digest, name, version, state, organisation_name, created_at, created_by, published_at,
    published_by, retired_at, retired_by, ours
from doorway.edition
order by ours desc, name, array_position(array['active', 'draft', 'retired'], state),
    created_at desc;

-- name: edition_row
-- One edition the actor may see.
select digest, name, version, state, organisation_name, created_at, created_by, published_at,
    published_by, retired_at, retired_by, ours
from doorway.edition where digest = %(digest)s;

-- name: is_name_ours
-- Whether a name is free or the acting organisation's own.
select questionnaires.name_is_ours(%(name)s) as ours;

-- name: save_draft_edition
-- An edition that staff import.
insert into questionnaires.edition
    (digest, name, version, url, resource, origin, organisation, state, created_at, created_by)
values (%(digest)s, %(name)s, %(version)s, %(url)s, %(resource)s, 'imported', %(organisation)s,
    'draft', %(now)s, %(by)s)
on conflict do nothing;

-- name: lock_name
-- One person at a time puts editions of a name in use.
select pg_advisory_xact_lock(hashtextextended('edition ' || %(name)s, 0));

-- name: retire_active
-- The edition in use makes room for another.
update questionnaires.edition set state = 'retired', retired_at = %(now)s, retired_by = %(by)s
where name = %(name)s and state = 'active';

-- name: publish_edition
-- A draft may be planned from now on.
update questionnaires.edition set state = 'active', published_at = %(now)s, published_by = %(by)s
where digest = %(digest)s;

-- name: retire_edition
-- No new plan takes it from now on.
update questionnaires.edition set state = 'retired', retired_at = %(now)s, retired_by = %(by)s
where digest = %(digest)s;

-- name: save_called
-- What was said of calling for help at an answer; the first word stands. False, and nothing is
-- stored: the answer is none of the record.
with known as materialized (
    select questionnaires.is_of_record(%(answer)s, %(patient)s) as yes
), said as (
    insert into questionnaires.called (answer_id, patient_id, called, said_at, said_by)
    select %(answer)s, %(patient)s, %(called)s, %(now)s, %(by)s from known where known.yes
    on conflict (answer_id) do nothing
)
select known.yes from known;

-- name: called_of_patient
-- What a patient said of calling for help, newest first.
select answer_id, called, said_at
from questionnaires.called
where patient_id = any (access.record_of(%(patient)s))
order by said_at desc
limit 50;

-- name: sent_with_receipts
-- The last questionnaires of a patient, newest first, and who of the team first read each.
select a.id, a.instrument, a.version, a.edition, a.source, a.answered_at, a.received_at,
    r.at as read_at, r.person_name as read_by, r.role as read_role
from questionnaires.answer a
left join lateral (
    select j.at, j.person_name, j.role
    from doorway.access_journal j
    where j.patient_id = any (access.record_of(%(patient)s)) and j.at >= a.received_at
        and j.organisation_name is not null and j.permission = 'answers:read'
        and j.outcome = 'success'
    order by j.at
    limit 1
) r on true
where a.patient_id = any (access.record_of(%(patient)s))
order by a.received_at desc
limit %(most)s;

-- name: add_photo
-- A photograph drawn anew.
insert into questionnaires.photo (id, patient_id, by_person, at, kind, width, height, bytes)
values (%(id)s, %(patient)s, %(by)s, %(at)s, 'image/jpeg', %(width)s, %(height)s, %(bytes)s);

-- name: load_photo
-- One photograph of a record, whole.
select id, width, height, bytes
from questionnaires.photo
where id = %(photo)s and patient_id = any (access.record_of(%(patient)s));

-- name: count_photos_of
-- How many photographs a person has sent since an instant.
select count(*) from questionnaires.photo where by_person = %(by)s and at > %(since)s;

-- name: try_photo
-- One more try of the acting person to send a photograph, with those before.
select in_a_minute, in_a_day from questionnaires.try_photo();

-- name: known_photos
-- Those of some photographs that are of a record.
select id from questionnaires.photo
where id = any (%(photos)s) and patient_id = any (access.record_of(%(patient)s));

-- name: answer_lines
-- The answers of a span as they stand, without what they say, latest first.
select a.answered_at as at, ('answers:' || a.id) collate "C" as key, a.id::text as thing,
    a.source as what, a.instrument as name, coalesce(a.edition, '') as more, a.by_name as author
from doorway.answer_entered a
where a.patient_id = any (access.record_of(%(patient)s)) and a.answered_at >= %(since)s
    and a.answered_at <= %(before_at)s
    and (a.answered_at, ('answers:' || a.id) collate "C") < (%(before_at)s, %(before_key)s)
order by a.answered_at desc, key desc
limit %(most)s;

-- name: plan_lines
-- When plans of questions began and ended and when the patient was asked nothing, latest first.
select p.at, p.key, p.thing, p.what, p.name, p.more, p.author
from (
    select l.created_at as at, ('plans:in:' || l.id) collate "C" as key, l.id::text as thing,
        'begun' as what, l.title::text as name, '' as more, l.created_by_name as author
    from doorway.plan_life l
    where l.patient_id = any (access.record_of(%(patient)s))
    union all
    select l.ended_at, ('plans:out:' || l.id) collate "C", l.id::text, 'ended', l.title::text, '',
        l.ended_by_name
    from doorway.plan_life l
    where l.patient_id = any (access.record_of(%(patient)s)) and l.ended_at is not null
    union all
    select s.starts_at, ('plans:pause:' || s.id) collate "C", s.id::text, 'paused', '', s.reason,
        s.paused_by_name
    from doorway.pause_life s
    where s.patient_id = any (access.record_of(%(patient)s)) and s.over_at > s.starts_at
    union all
    select s.over_at, ('plans:over:' || s.id) collate "C", s.id::text, 'resumed', '', s.reason,
        s.resumed_by_name
    from doorway.pause_life s
    where s.patient_id = any (access.record_of(%(patient)s)) and s.over_at > s.starts_at
) p
where p.at >= %(since)s and (p.at, p.key) < (%(before_at)s, %(before_key)s)
order by p.at desc, p.key desc
limit %(most)s;

-- name: changed_answers
-- In which records the actor follows answers came.
select patient_id, name, times, last_at from questionnaires.changed_answers(%(since)s, %(most)s);
