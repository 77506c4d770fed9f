-- Prescriptions: who writes a draft and who signs, and that what is signed stays as it is.
create or replace function alerts.number_prescription() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if new.version is null then
        select coalesce(max(r.version), 0) + 1 into new.version
        from alerts.prescription r where r.patient_id = new.patient_id;
    end if;
    return new;
end;
$$;
create or replace trigger number_prescription before insert on alerts.prescription
    for each row execute function alerts.number_prescription();

-- Of what was signed only its end may be written, once, and when to look at it next.
create or replace function alerts.keep_prescription() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' or old.ends_at is distinct from new.ends_at and old.ends_at is not null
        or to_jsonb(old) - array['ends_at', 'looked_at', 'look_at']
            <> to_jsonb(new) - array['ends_at', 'looked_at', 'look_at'] then
        raise insufficient_privilege using message = 'a signed prescription is never changed';
    end if;
    return new;
end;
$$;
create or replace trigger keep_prescription before update or delete on alerts.prescription
    for each row when (old.content is not null) execute function alerts.keep_prescription();

-- An answer names the prescription it was given under: written by the database.
create or replace function alerts.name_prescription() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    select r.id, r.version into new.prescription_id, new.prescription_version
    from alerts.prescription r
    where r.patient_id = new.patient_id and r.ends_at is null;
    return new;
end;
$$;
create or replace trigger name_prescription before insert on questionnaires.answer
    for each row execute function alerts.name_prescription();

drop policy if exists person_reads on alerts.prescription_draft;
create policy person_reads on alerts.prescription_draft for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_adds on alerts.prescription_draft;
create policy person_adds on alerts.prescription_draft for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and made_by = access.current_person() and changed_by = access.current_person()
        and state = 'open');
-- Only `sign_prescription` makes a draft a signed one.
drop policy if exists person_changes on alerts.prescription_draft;
create policy person_changes on alerts.prescription_draft for update to chevet_app
    using (state = 'open'
        and patient_id = any (array(select access.visible_patients('monitoring:write'))))
    with check (state in ('open', 'discarded') and changed_by = access.current_person());
grant select on alerts.prescription_draft to chevet_app;
grant insert (id, patient_id, base_version, content, reason, alert_id, made_by, made_at,
    changed_by, changed_at) on alerts.prescription_draft to chevet_app;
grant update (base_version, content, reason, changed_by, changed_at, revision, state)
    on alerts.prescription_draft to chevet_app;

-- Signs a draft as it was seen, in one transaction: the version before ends, the new one is live
-- and the patient's state is judged by it at once. A word says why not: « newer » when somebody
-- signed since the draft was begun, « changed » when the draft is no longer what was seen.
create or replace function alerts.sign_prescription(
    p_id uuid, p_patient uuid, p_draft uuid, p_revision integer, p_content text, p_digest text,
    p_look_at timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_draft alerts.prescription_draft;
    v_live alerts.prescription;
    v_content jsonb;
    v_at timestamptz;
begin
    if not access.may_open(p_patient, 'monitoring:write') then
        raise insufficient_privilege using message = 'no right to prescribe a follow-up';
    end if;
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = p_patient) p;
    select * into v_draft from alerts.prescription_draft d
    where d.id = p_draft and d.patient_id = p_patient for update;
    if v_draft.id is null then
        return 'gone';
    end if;
    if v_draft.state <> 'open' or v_draft.revision <> p_revision
        or v_draft.content <> p_content then
        return 'changed';
    end if;
    select * into v_live from alerts.prescription r
    where r.patient_id = p_patient and r.ends_at is null for update;
    if v_live.id is null or access.is_dead(p_patient) then
        return 'unwatched';
    end if;
    if v_live.version <> v_draft.base_version then
        return 'newer';
    end if;
    v_content := p_content::jsonb;
    v_at := greatest(v_now, v_live.starts_at + interval '1 microsecond');
    update alerts.prescription r set ends_at = v_at where r.id = v_live.id;
    insert into alerts.prescription
        (id, patient_id, patient_key, profile_id, profile_version, ladder_id, ladder_version,
        spo2_scale, prescribed_by, starts_at, content, digest, ends_on, looked_at, look_at)
    values (p_id, p_patient, v_live.patient_key, v_content -> 'template' ->> 0,
        (v_content -> 'template' ->> 1)::smallint, v_content -> 'ladder' ->> 0,
        (v_content -> 'ladder' ->> 1)::smallint, (v_content ->> 'spo2_scale')::smallint,
        access.current_person(), v_at, p_content, p_digest, (v_content ->> 'ends_on')::date,
        v_at, p_look_at);
    update alerts.prescription_draft d
    set state = 'signed', changed_by = access.current_person(), changed_at = v_now
    where d.id = p_draft;
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    values ('reading', v_live.patient_key, v_now, v_now, v_now);
    perform alerts.hint_queues(p_patient);
    return 'signed';
end;
$$;

-- Names of those who wrote or signed prescriptions, for who may read them.
create or replace function alerts.signers(p_patient uuid) returns table (person uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name from access.party y
    where p_patient = any (array(select access.visible_patients('alerts:read')))
        and y.id in (
            select r.prescribed_by from alerts.prescription r
            where r.patient_id = any (access.record_of(p_patient))
            union
            select d.made_by from alerts.prescription_draft d
            where d.patient_id = any (access.record_of(p_patient))
        );
end;
-- Answers of a patient for the replay of a prescription: no author, and none that was corrected.
create or replace function alerts.answers_to_replay(
    p_patient uuid, p_since timestamptz, p_until timestamptz, p_most integer
) returns table (id uuid, answers jsonb, answered_at timestamptz, edition text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.id, a.answers, a.answered_at, a.edition
    from questionnaires.answer a
    where a.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('answers:read')))
        and a.answered_at between p_since and p_until
        and not exists (select from questionnaires.answer r where r.replaces = a.id)
    order by a.answered_at desc
    limit p_most;
end;
revoke execute on function alerts.answers_to_replay, alerts.signers, alerts.number_prescription, alerts.keep_prescription,
    alerts.name_prescription, alerts.sign_prescription from public;
grant execute on function alerts.sign_prescription, alerts.signers,
    alerts.answers_to_replay to chevet_app;
