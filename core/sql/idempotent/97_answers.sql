-- Answers: who reads and enters them, extracted numbers, corrections.
grant insert (edition, task_id, source, started_at, seconds, device, scores, level, urgency,
    given_digest, words, replaces, reason) on questionnaires.answer to chevet_app;

-- What somebody sends again, or completes after its grave part went ahead, is known as his own of
-- these days, though he may not read answers.
drop policy if exists own_reads on questionnaires.answer;
create policy own_reads on questionnaires.answer for select to chevet_app
    using (entered_by = access.current_person()
        and received_at > access.current_instant() - interval '2 days'
        and patient_id = any (array(select access.visible_patients('answers:write'))));

alter table questionnaires.answer_reading enable row level security;
drop policy if exists person_reads on questionnaires.answer_reading;
create policy person_reads on questionnaires.answer_reading for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists own_reads on questionnaires.answer_reading;
create policy own_reads on questionnaires.answer_reading for select to chevet_app
    using (received_at > access.current_instant() - interval '2 days'
        and patient_id = any (array(select access.visible_patients('answers:write')))
        and exists (select from questionnaires.answer a
            where a.id = answer_id and a.entered_by = access.current_person()));
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

-- Counts a try before anything is drawn; one person's tries one after the other.
alter table questionnaires.photo_try enable row level security;
create or replace function questionnaires.try_photo()
returns table (in_a_minute bigint, in_a_day bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_person constant uuid := access.current_person();
begin
    perform pg_advisory_xact_lock(7309455, hashtext(v_person::text));
    delete from questionnaires.photo_try t
    where t.person = v_person and t.at <= v_now - interval '1 day';
    insert into questionnaires.photo_try (person, at) values (v_person, v_now);
    return query select count(*) filter (where t.at > v_now - interval '1 minute'), count(*)
        from questionnaires.photo_try t where t.person = v_person;
end;
$$;

alter table questionnaires.photo enable row level security;
drop policy if exists person_reads on questionnaires.photo;
create policy person_reads on questionnaires.photo for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
-- Who sends a photograph without the right to read answers still has it known as his when he sends
-- his answer.
drop policy if exists own_reads on questionnaires.photo;
create policy own_reads on questionnaires.photo for select to chevet_app
    using (by_person = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
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
    v_due bigint;
begin
    select r.patient_key into v_key
    from access.patient p
    join vitals.reading r on r.patient_key = p.key
    join ingest.stream s on s.id = r.source and s.source = 'by hand'
    where p.id = any (access.record_of(p_patient))
        and (p.id = any (array(select access.visible_patients('vitals:write')))
            or p.id = any (array(select access.visible_patients('answers:write'))))
        and r.reading_id = p_reading and r.measured_at = p_measured_at;
    if v_key is null then
        return false;
    end if;
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    values ('reading', v_key, p_measured_at, p_measured_at, p_received_at);
    select min(d.id) into v_due
    from core.due d
    where d.patient_key = v_key and d.xmin = pg_current_xact_id()::xid;
    insert into vitals.amendment
        (id, reading_id, measured_at, patient_key, kind, replacement, by_person, at, reason,
        due_from)
    values (p_id, p_reading, p_measured_at, v_key,
        case when p_replacement is null then 'withdrawn' else 'corrected' end, p_replacement,
        access.current_person(), access.current_instant(), p_reason, v_due);
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
drop policy if exists of_its_own_record on questionnaires.called;
create policy of_its_own_record on questionnaires.called as restrictive
    for insert to chevet_app with check (questionnaires.is_of_record(answer_id, patient_id));

-- Whether the actor has sent this very answer under a key: who may not read answers is told that it
-- arrived, and nothing of it.
create or replace function questionnaires.is_mine(p_patient uuid, p_key text, p_digest bytea)
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from questionnaires.answer a
        where a.patient_id = p_patient and a.client_key = p_key and a.given_digest = p_digest
            and a.entered_by = access.current_person()
            and a.patient_id = any (array(select access.visible_patients('answers:write')))
    );
end;

-- A link to one questionnaire, made by whoever may answer for the patient. Who it is for has his own
-- right to answer: the patient, or somebody of his circle by his agreement. The link goes one way
-- and the code another; without two ways the code is told by whoever makes it.
create or replace function questionnaires.link_ways(p_patient uuid)
returns table (person uuid, name text, is_patient boolean, email text, sms text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name, y.id = p_patient,
        (select c.address from messages.contact_point c
            where c.party = y.id and c.channel = 'email' and c.ended_at is null
            order by c.created_at desc limit 1),
        (select c.address from messages.contact_point c
            where c.party = y.id and c.channel = 'sms' and c.ended_at is null
            order by c.created_at desc limit 1),
        coalesce(a.locale, 'fr')
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'person'
    left join identity.account a on a.person = y.id
    where p_patient = any (array(select access.visible_patients('answers:write')))
        and m.patient_id = p_patient
        and not access.is_dead(p_patient)
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and (m.role = 'patient'
            or (m.role in ('carer', 'trusted_person', 'legal_representative')
                and 'answers:write' = any (m.agreed)))
    order by y.id = p_patient desc, y.name;
end;

-- The same for whoever chooses a way: enough of an address to know it by, and no more.
create or replace function questionnaires.link_offers(p_patient uuid)
returns table (person uuid, name text, is_patient boolean, email text, sms text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select w.person, w.name, w.is_patient,
        left(w.email, 1) || '…@' || split_part(w.email, '@', 2), '…' || right(w.sms, 2)
    from questionnaires.link_ways(p_patient) w;
end;

create or replace function questionnaires.make_link(
    p_id uuid, p_patient uuid, p_recipient uuid, p_edition text, p_task uuid, p_token_hash bytea,
    p_code_hash bytea, p_expires_at timestamptz, p_channel text, p_params jsonb,
    p_code_params jsonb, p_message uuid, p_code_message uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_way record;
    v_address text;
    v_other text;
begin
    select * into v_way from questionnaires.link_ways(p_patient) w where w.person = p_recipient;
    if v_way.person is null then
        return null;
    end if;
    v_address := case p_channel when 'email' then v_way.email when 'sms' then v_way.sms end;
    v_other := case p_channel when 'email' then v_way.sms when 'sms' then v_way.email end;
    if v_address is null then
        return 'no_address';
    end if;
    -- One live link a questionnaire and person: the one before no longer opens.
    update questionnaires.link set ended_at = access.current_instant()
    where patient_id = p_patient and recipient = p_recipient and ended_at is null
        and edition = p_edition and task_id is not distinct from p_task;
    insert into questionnaires.link
        (id, patient_id, recipient, edition, task_id, token_hash, code_hash, made_at, made_by,
        expires_at)
    values (p_id, p_patient, p_recipient, p_edition, p_task, p_token_hash, p_code_hash,
        access.current_instant(), access.current_person(), p_expires_at);
    insert into messages.outbox
        (id, key, recipient, channel, address, template, params, locale, state, created_at,
        next_attempt_at, about, weight)
    values (p_message, 'link:' || p_id, p_recipient, p_channel, v_address, 'answer_link', p_params,
        v_way.locale, 'waiting', access.current_instant(), access.current_instant(), p_patient,
        'notice');
    if v_other is null then
        return 'tell_code';
    end if;
    insert into messages.outbox
        (id, key, recipient, channel, address, template, params, locale, state, created_at,
        next_attempt_at, about, weight)
    values (p_code_message, 'link_code:' || p_id, p_recipient,
        case p_channel when 'email' then 'sms' else 'email' end, v_other, 'answer_code',
        p_code_params, v_way.locale, 'waiting', access.current_instant(),
        access.current_instant(), p_patient, 'notice');
    return 'sent';
end;
$$;

create or replace function questionnaires.end_link(p_patient uuid, p_answer_link uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update questionnaires.link set ended_at = access.current_instant()
    where id = p_answer_link and patient_id = p_patient and ended_at is null
        and patient_id = any (array(select access.visible_patients('answers:write')));
    return found;
end;
$$;

-- Before anybody is known: a token says no more than that a code is wanted.
create or replace function questionnaires.gate_link(p_token_hash bytea)
returns table (id uuid, tries smallint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.tries from questionnaires.link k
    where k.token_hash = p_token_hash and k.ended_at is null and k.tries < 5
        and k.expires_at > access.current_instant();
end;

-- Five tries in all, each counted before it is judged; the right code gives that browser a session
-- of this one questionnaire, and takes it from another.
create or replace function questionnaires.gate_try_link(
    p_token_hash bytea, p_code_hash bytea, p_session_hash bytea
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_link questionnaires.link;
begin
    select * into v_link from questionnaires.link k
    where k.token_hash = p_token_hash and k.ended_at is null and k.tries < 5
        and k.expires_at > access.current_instant()
    for update;
    if v_link.id is null then
        return 'gone';
    end if;
    if v_link.code_hash <> p_code_hash then
        update questionnaires.link set tries = tries + 1 where id = v_link.id;
        return case when v_link.tries + 1 < 5 then 'wrong' else 'gone' end;
    end if;
    update questionnaires.link
    set session_hash = p_session_hash, opened_at = coalesce(opened_at, access.current_instant())
    where id = v_link.id;
    return 'open';
end;
$$;

-- A browser that gave the code in time may send for an hour after the end (proposed): an answer that
-- was being typed when the link ended is not lost.
create or replace function questionnaires.gate_link_session(
    p_token_hash bytea, p_session_hash bytea
) returns table (id uuid, patient uuid, recipient uuid, edition text, task uuid, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.patient_id, k.recipient, k.edition, k.task_id, coalesce(a.locale, 'fr')
    from questionnaires.link k
    left join identity.account a on a.person = k.recipient
    where k.token_hash = p_token_hash and k.session_hash = p_session_hash and k.ended_at is null
        and k.expires_at > access.current_instant() - interval '1 hour';
end;

-- What a browser answered by a link within the hour: it may still say whether it called for help.
create or replace function questionnaires.gate_link_answered(
    p_token_hash bytea, p_session_hash bytea
) returns table (patient uuid, recipient uuid, answer uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.patient_id, k.recipient, a.id
    from questionnaires.link k
    join questionnaires.answer a
        on a.patient_id = k.patient_id and a.client_key = 'link:' || k.id
    where k.token_hash = p_token_hash and k.session_hash = p_session_hash
        and k.ended_at > access.current_instant() - interval '1 hour';
end;

create or replace function questionnaires.gate_end_link(p_session_hash bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update questionnaires.link set ended_at = access.current_instant()
    where session_hash = p_session_hash and ended_at is null;
end;

revoke execute on function core.amend_by_hand, questionnaires.names_of_answers,
    questionnaires.link_ways, questionnaires.link_offers, questionnaires.make_link,
    questionnaires.end_link, questionnaires.is_of_record, questionnaires.is_mine,
    questionnaires.try_photo,
    questionnaires.gate_link,
    questionnaires.gate_try_link, questionnaires.gate_link_session, questionnaires.gate_end_link,
    questionnaires.gate_link_answered
    from public;
grant execute on function core.amend_by_hand, questionnaires.names_of_answers,
    questionnaires.link_offers, questionnaires.make_link, questionnaires.end_link,
    questionnaires.is_of_record, questionnaires.is_mine, questionnaires.try_photo to chevet_app;
grant usage on schema questionnaires to chevet_gate;
grant execute on function questionnaires.gate_link, questionnaires.gate_try_link,
    questionnaires.gate_link_session, questionnaires.gate_end_link,
    questionnaires.gate_link_answered to chevet_gate;
