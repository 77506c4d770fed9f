-- Answers: who reads and enters them, drafts, extracted numbers, corrections.
grant insert (edition, task_id, source, started_at, seconds, device, scores, level, urgency,
    given_digest, replaces, reason) on questionnaires.answer to chevet_app;

alter table questionnaires.draft enable row level security;
drop policy if exists own_reads on questionnaires.draft;
create policy own_reads on questionnaires.draft for select to chevet_app
    using (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists own_adds on questionnaires.draft;
create policy own_adds on questionnaires.draft for insert to chevet_app
    with check (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists own_changes on questionnaires.draft;
create policy own_changes on questionnaires.draft for update to chevet_app
    using (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists own_removes on questionnaires.draft;
create policy own_removes on questionnaires.draft for delete to chevet_app
    using (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
grant select, delete on questionnaires.draft to chevet_app;
grant insert (id, patient_id, person, edition, task_id, given, started_at, saved_at),
    update (given, saved_at) on questionnaires.draft to chevet_app;

alter table questionnaires.answer_reading enable row level security;
drop policy if exists person_reads on questionnaires.answer_reading;
create policy person_reads on questionnaires.answer_reading for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.answer_reading;
create policy person_adds on questionnaires.answer_reading for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('answers:write'))));
grant select on questionnaires.answer_reading to chevet_app;
grant insert (answer_id, link_id, patient_id, vital, reading_id, measured_at, received_at)
    on questionnaires.answer_reading to chevet_app;

alter table questionnaires.observation enable row level security;
drop policy if exists person_reads on questionnaires.observation;
create policy person_reads on questionnaires.observation for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.observation;
create policy person_adds on questionnaires.observation for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('answers:write'))));
grant select on questionnaires.observation to chevet_app;
grant insert (id, patient_id, answer_id, link_id, loinc, value, unit, observed_at)
    on questionnaires.observation to chevet_app;

alter table questionnaires.photo enable row level security;
drop policy if exists person_reads on questionnaires.photo;
create policy person_reads on questionnaires.photo for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.photo;
create policy person_adds on questionnaires.photo for insert to chevet_app
    with check (by_person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
grant select on questionnaires.photo to chevet_app;
grant insert (id, patient_id, by_person, at, kind, width, height, bytes)
    on questionnaires.photo to chevet_app;

alter table questionnaires.link enable row level security;
drop policy if exists person_reads on questionnaires.link;
create policy person_reads on questionnaires.link for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
grant select (id, patient_id, recipient, edition, task_id, made_at, made_by, expires_at, tries,
    opened_at, ended_at) on questionnaires.link to chevet_app;

-- A number typed by a person is corrected or withdrawn by one who may enter numbers: the reading
-- stays, the doorways apply the amendment, and what it means is judged anew.
create or replace function core.amend_by_hand(
    p_patient uuid, p_reading bigint, p_measured_at timestamptz, p_received_at timestamptz,
    p_replacement real, p_reason text, p_id uuid
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key integer;
begin
    select r.patient_key into v_key
    from access.patient p
    join vitals.reading r on r.patient_key = p.key
    join ingest.stream s on s.id = r.source and s.source = 'by hand'
    where p.id = any (access.record_of(p_patient))
        and p.id = any (array(select access.visible_patients('vitals:write')))
        and r.reading_id = p_reading and r.measured_at = p_measured_at;
    if v_key is null then
        return false;
    end if;
    insert into vitals.amendment
        (id, reading_id, measured_at, patient_key, kind, replacement, by_person, at, reason)
    values (p_id, p_reading, p_measured_at, v_key,
        case when p_replacement is null then 'withdrawn' else 'corrected' end, p_replacement,
        access.current_person(), access.current_instant(), p_reason);
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    values ('reading', v_key, p_measured_at, p_measured_at, p_received_at);
    return true;
end;
$$;

-- Names and roles of those who entered a patient's answers, for whoever may read the answers.
create or replace function questionnaires.names_of_answers(p_patient uuid)
returns table (person uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    where p_patient = any (array(select access.visible_patients('answers:read')))
        and y.id in (
            select a.entered_by from questionnaires.answer a
            where a.patient_id = any (access.record_of(p_patient))
        );
end;

-- Whether an answer is of a record the actor writes in. A correction takes the answer it replaces
-- out of how a patient is judged, so it must not reach into another's record.
create or replace function questionnaires.is_of_record(p_answer uuid, p_patient uuid)
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from questionnaires.answer a
        where a.id = p_answer and a.patient_id = any (access.record_of(p_patient))
            and p_patient = any (array(select access.visible_patients('answers:write')))
    );
end;
drop policy if exists corrects_its_own_record on questionnaires.answer;
create policy corrects_its_own_record on questionnaires.answer as restrictive
    for insert to chevet_app
    with check (replaces is null or questionnaires.is_of_record(replaces, patient_id));
drop policy if exists of_its_own_record on questionnaires.answer_reading;
create policy of_its_own_record on questionnaires.answer_reading as restrictive
    for insert to chevet_app with check (questionnaires.is_of_record(answer_id, patient_id));
drop policy if exists of_its_own_record on questionnaires.observation;
create policy of_its_own_record on questionnaires.observation as restrictive
    for insert to chevet_app with check (questionnaires.is_of_record(answer_id, patient_id));

revoke execute on function core.amend_by_hand, questionnaires.names_of_answers,
    questionnaires.is_of_record from public;
grant execute on function core.amend_by_hand, questionnaires.names_of_answers,
    questionnaires.is_of_record to chevet_app;
