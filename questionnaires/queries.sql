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
