-- name: record_head
-- How a record stands.
select patient_id, shared, archived_at, version, managing_organisation, managing_name
from doorway.record_head
where patient_id = access.kept_patient(%(patient)s);

-- name: record_changes
-- Who shared, closed, archived or reopened a record, latest first.
select what, reason, by_name, organisation_name, at
from doorway.record_change
where patient_id = any (access.record_of(%(patient)s))
order by at desc, id desc
limit 50;

-- name: sleepers
-- Members who do not read the record while it is not shared.
select membership_id, name, role, since
from doorway.sleeper
where patient_id = any (access.record_of(%(patient)s))
order by name;

-- name: transfers
-- To whom a record was proposed, latest first.
select id, from_name, to_name, mission, stays, reason, patient_told_on, proposed_by_name,
    proposed_at, state, answered_by_name, answered_at, answer
from doorway.transfer
where patient_id = any (access.record_of(%(patient)s))
order by proposed_at desc, id desc
limit 20;

-- name: statements
-- What a patient was told, agreed to and opposes, latest first.
select id, kind, text_id, text_version, wording, said_on, said_by, means, recorded_by_name,
    recorded_at, withdrawn_at, paper_id
from doorway.statement
where patient_id = any (access.record_of(%(patient)s))
order by recorded_at desc, id desc
limit 50;

-- name: set_sharing
-- Share a record with its circle, or with one organisation alone.
select access.set_sharing(%(id)s, %(patient)s, %(shared)s, %(reason)s, %(version)s);

-- name: set_archived
-- Archive a record or open it again.
select access.set_archived(%(id)s, %(patient)s, %(archived)s, %(reason)s, %(version)s);

-- name: note_statement
-- What a patient was told, agreed to or opposes.
select coordination.note_statement(%(id)s, %(patient)s, %(kind)s, %(text)s, %(said_on)s,
    %(said_by)s, %(means)s);

-- name: withdraw_statement
-- An agreement or an opposition is taken back.
select coordination.withdraw_statement(%(id)s, %(patient)s);

-- name: keep_paper
-- The picture of the paper on which it was signed.
select coordination.keep_paper(%(id)s, %(statement)s, %(patient)s, %(width)s, %(height)s,
    %(bytes)s);

-- name: load_paper
-- The picture of a signed paper.
select id, width, height, bytes
from coordination.paper
where id = %(paper)s and patient_id = any (access.record_of(%(patient)s));

-- name: propose_transfer
-- Propose a record to another organisation.
select coordination.propose_transfer(%(id)s, %(patient)s, %(to)s, %(mission)s, %(stays)s,
    %(reason)s, %(told_on)s, %(version)s);

-- name: withdraw_transfer
-- Take a proposal back before it is answered.
select coordination.withdraw_transfer(%(id)s, %(patient)s);

-- name: transfers_to_answer
-- What was proposed to the organisation the actor acts in.
select id, patient_id, patient_name, birth_date, from_name, mission, stays, reason,
    patient_told_on, proposed_by_name, proposed_at
from coordination.transfers_to_answer(%(id)s);

-- name: answer_transfer
-- Accept or refuse what was proposed; gives the record.
select coordination.answer_transfer(%(id)s, %(membership)s, %(accepts)s, %(answer)s);

-- name: sleeping_records
-- Records of which the actor is a member that sleeps.
select name, manager_name, since from coordination.sleeping_records();

-- name: heed_opposition
-- The next record whose sharing an opposition closes, now that nothing of its follow-up runs.
select access.heed_opposition() as patient;
