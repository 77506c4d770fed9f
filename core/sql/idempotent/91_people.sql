-- Who people are: searching, registering, the locks on a validated identity, merging records.

drop function if exists access.merged_patients;

-- Bounds how often a person searches: nobody walks through 100,000 people name by name. False when
-- the bound is reached; the search must then not be made.
create or replace function identity.note_search(p_most integer, p_minutes integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_person constant uuid := access.current_person();
    v_now constant timestamptz := access.current_instant();
begin
    perform pg_advisory_xact_lock(hashtextextended('search ' || v_person::text, 0));
    delete from identity.search_made s where s.person = v_person and s.at < v_now - interval '1 day';
    if (select count(*) from identity.search_made s
        where s.person = v_person and s.at > v_now - make_interval(mins => p_minutes)) >= p_most then
        return false;
    end if;
    insert into identity.search_made (person, at) values (v_person, v_now);
    return true;
end;
$$;

-- People with that birth date whose names begin so (Terr-eSanté: two letters of the name, the first
-- name and the birth date, in fields of their own). One step into patient_by_birth; whoever was
-- merged is shown as the record he was merged into.
drop function if exists identity.find_patients;
create function identity.find_patients(
    p_name text, p_first_name text, p_birth_date date, p_most integer
) returns table (
    patient_id uuid, birth_name text, birth_first_names text, used_name text, used_first_name text,
    birth_date date, sex text, ins_status text, in_my_circle boolean, is_archived boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select k.patient_id, k.birth_name, k.birth_first_names, k.used_name, k.used_first_name,
        k.birth_date, k.sex, k.ins_status,
        exists (select from access.held_for(k.patient_id)), access.is_archived(k.patient_id)
    from (
        select distinct access.kept_patient(i.patient_id) as id
        from identity.patient i
        where i.birth_date = p_birth_date
            and length(identity.fold(p_name)) >= 2
            and length(identity.fold(p_first_name)) >= 2
            and i.search_names like '%=' || identity.fold(p_name) || '%/%'
            and i.search_names like '%/%=' || identity.fold(p_first_name) || '%'
    ) found
    join identity.patient k on k.patient_id = found.id
    where (select access.acting_organisation('patients:search')) is not null
    order by k.birth_name, k.birth_first_names, k.patient_id
    limit p_most;
$$;

drop function if exists identity.find_patients_by_ins;
create function identity.find_patients_by_ins(p_ins text, p_most integer) returns table (
    patient_id uuid, birth_name text, birth_first_names text, used_name text, used_first_name text,
    birth_date date, sex text, ins_status text, in_my_circle boolean, is_archived boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select k.patient_id, k.birth_name, k.birth_first_names, k.used_name, k.used_first_name,
        k.birth_date, k.sex, k.ins_status,
        exists (select from access.held_for(k.patient_id)), access.is_archived(k.patient_id)
    from (
        select distinct access.kept_patient(i.patient_id) as id
        from identity.patient i where i.ins = p_ins
    ) found
    join identity.patient k on k.patient_id = found.id
    where (select access.acting_organisation('patients:search')) is not null
    order by k.birth_name, k.birth_first_names, k.patient_id
    limit p_most;
$$;

-- A validated identity: traits are read-only while the installation is a slave of the identities
-- it is given, for every login role, the owner included. Every earlier row is kept.
create or replace function identity.guard_traits() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := coalesce(access.current_instant(), now());
    v_was_sure constant boolean := tg_op = 'UPDATE' and old.validated_at is not null;
    v_slave constant boolean := (select identity_mode = 'slave' from identity.installation);
begin
    new.birth_first_name := coalesce(new.birth_first_name, split_part(new.birth_first_names, ' ', 1));
    if tg_op = 'UPDATE' and v_was_sure and v_slave then
        if (new.birth_name, new.birth_first_names, new.birth_date, new.sex)
                is distinct from (old.birth_name, old.birth_first_names, old.birth_date, old.sex)
            or new.birth_first_name is distinct from old.birth_first_name
            or (old.birth_place is not null and new.birth_place is distinct from old.birth_place)
            or ((new.ins, new.ins_oid) is distinct from (old.ins, old.ins_oid)
                and not (old.ins is null and new.ins_status = 'qualified')
                and not (new.ins is null and (new.is_doubtful or new.is_fictitious)))
        then
            raise exception 'a validated identity is read-only here' using errcode = 'CHV01';
        end if;
        if old.ins_status in ('validated', 'qualified')
            and new.ins_status in ('provisional', 'recovered')
            and not (new.is_doubtful or new.is_fictitious)
        then
            raise exception 'a validated identity is only doubted with a reason'
                using errcode = 'CHV01';
        end if;
    end if;
    if tg_op = 'UPDATE' then
        new.version := old.version + 1;
        new.changed_at := v_now;
        new.changed_by := access.current_person();
        new.registered_by := old.registered_by;
        new.validated_at := old.validated_at;
        insert into identity.patient_history
            (patient_id, version, until_at, ended_by, reason, traits)
        values (old.patient_id, old.version, v_now, new.changed_by, new.change_reason,
            to_jsonb(old) - array['search_names', 'patient_id', 'version']);
        update access.party y
        set name = coalesce(new.used_first_name, new.birth_first_name) || ' '
            || coalesce(new.used_name, new.birth_name)
        where y.id = new.patient_id
            and (new.used_first_name, new.birth_first_name, new.used_name, new.birth_name)
                is distinct from
                (old.used_first_name, old.birth_first_name, old.used_name, old.birth_name);
    else
        new.validated_at := null;
        new.changed_at := coalesce(new.changed_at, v_now);
    end if;
    if new.ins_status in ('validated', 'qualified') then
        new.validated_at := coalesce(new.validated_at, v_now);
    end if;
    return new;
end;
$$;
drop trigger if exists traits_are_guarded on identity.patient;
create trigger traits_are_guarded before insert or update on identity.patient
    for each row execute function identity.guard_traits();

-- Who may be the person that somebody is about to register: the same birth date or the same INS.
drop function if exists identity.alike_patients;
create function identity.alike_patients(p_birth_date date, p_ins text, p_most integer)
returns table (
    patient_id uuid, birth_name text, birth_first_names text, birth_first_name text,
    used_name text, used_first_name text, birth_date date, sex text, ins text, ins_status text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.patient_id, i.birth_name, i.birth_first_names, i.birth_first_name, i.used_name,
        i.used_first_name, i.birth_date, i.sex, i.ins, i.ins_status
    from identity.patient i
    where (i.birth_date = p_birth_date or i.ins = p_ins)
        and (access.acting_organisation('patients:include') is not null
            -- Machines have no person; nobody else reaches this without one.
            or (access.current_person() is null and session_user = 'chevet_worker'))
    order by i.ins is not distinct from p_ins and p_ins is not null desc, i.patient_id
    limit p_most;
end;

-- A professional registers a patient and enters his circle with him: in person, or as the
-- organisation whose staff shares the work.
create or replace function identity.include_patient(
    p_patient uuid, p_memberships uuid[], p_name text, p_traits jsonb
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_person constant uuid := access.current_person();
    v_organisation constant uuid := access.acting_organisation('patients:include');
    v_role text;
    v_mission text;
begin
    if v_organisation is null then
        return false;
    end if;
    insert into access.party (id, kind, name, created_at) values (p_patient, 'person', p_name, v_now);
    insert into access.patient (id, created_at) values (p_patient, v_now);
    insert into identity.patient
        (patient_id, birth_name, birth_first_names, birth_first_name, used_name, used_first_name,
        birth_date, sex, birth_place, ins, ins_oid, ins_status, is_homonym, is_doubtful,
        is_fictitious, source, document, phone, registered_by, changed_by)
    select p_patient, t.birth_name, t.birth_first_names, t.birth_first_name, t.used_name,
        t.used_first_name, t.birth_date, t.sex, t.birth_place, t.ins, t.ins_oid, t.ins_status,
        t.is_homonym, t.is_doubtful, t.is_fictitious, t.source, t.document, t.phone, v_person,
        v_person
    from jsonb_populate_record(null::identity.patient, p_traits) t;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, granted_by)
    values (p_memberships[1], p_patient, p_patient, 'patient', 'self', v_now, v_person);
    select p.role into v_role from access.post p where p.id = access.current_post();
    v_mission := case v_role when 'telemonitoring_nurse' then 'telemonitoring_centre'
        when 'dac_coordinator' then 'dac' when 'hospital_doctor' then 'ward' end;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, granted_by)
    values (p_memberships[2], p_patient, case when v_mission is null then v_person
        else v_organisation end, coalesce(v_mission, v_role), 'care_team', v_now, v_person);
    return true;
end;
$$;

-- Two records that may be of one person wait for somebody who watches over identities: only records
-- that are alike, for merging them opens each to the circle of the other.
create or replace function identity.note_suspect(
    p_id uuid, p_patient uuid, p_other uuid, p_cause text
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into identity.suspected_duplicate (id, patient_id, other_id, cause, found_at)
    select p_id, p_patient, p_other, p_cause, access.current_instant()
    where (access.acting_organisation('patients:include') is not null
            or (access.current_person() is null and session_user = 'chevet_worker'))
        and exists (
            select from identity.patient i
            join identity.patient j on j.birth_date = i.birth_date or j.ins = i.ins
            where i.patient_id = p_patient and j.patient_id = p_other
        )
    on conflict do nothing;
end;

-- Pairs to judge, and what was merged, for those who watch over identities.
drop function if exists identity.suspects;
create function identity.suspects(p_pair uuid, p_most integer) returns table (
    pair_id uuid, cause text, found_at timestamptz, patient_id uuid, birth_name text,
    birth_first_names text, used_name text, used_first_name text, birth_date date, sex text,
    birth_place text, ins text, ins_status text, is_homonym boolean, registered_at timestamptz,
    own boolean, members bigint, answers bigint, open_alerts bigint
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select d.id, d.cause, d.found_at, i.patient_id, i.birth_name, i.birth_first_names,
        i.used_name, i.used_first_name, i.birth_date, i.sex, i.birth_place, i.ins, i.ins_status,
        i.is_homonym, p.created_at, i.registered_by is not distinct from access.current_person(),
        (select count(*) from access.membership m where m.patient_id = i.patient_id
            and (m.ends_at is null or m.ends_at > access.current_instant())),
        (select count(*) from questionnaires.answer a where a.patient_id = i.patient_id),
        (select count(*) from alerts.alert a
            where a.patient_id = i.patient_id and a.state <> 'closed')
    from (
        select * from identity.suspected_duplicate
        where judged_at is null and (p_pair is null or id = p_pair)
        order by found_at, id limit p_most
    ) d
    join identity.patient i on i.patient_id in (d.patient_id, d.other_id)
    join access.patient p on p.id = i.patient_id
    where (select access.acting_organisation('patients:merge')) is not null
    order by d.found_at, d.id, p.created_at, i.patient_id;
end;

drop function if exists identity.merges;
create function identity.merges(p_link uuid, p_most integer) returns table (
    link_id uuid, kept_id uuid, kept_name text, merged_id uuid, merged_name text,
    birth_date date, linked_at timestamptz, linked_by text, reason text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.id, l.into_patient, k.name, l.patient_id, m.name, i.birth_date, l.linked_at, y.name,
        l.reason
    from access.patient_link l
    join access.party k on k.id = l.into_patient
    join access.party m on m.id = l.patient_id
    join access.party y on y.id = l.linked_by
    join identity.patient i on i.patient_id = l.into_patient
    where l.unlinked_at is null and (p_link is null or l.id = p_link)
        and (select access.acting_organisation('patients:merge')) is not null
    order by l.linked_at desc, l.id
    limit p_most;
end;

-- Merging opens the record of one circle to another: only a pair the system itself found alike,
-- never by who registered one of the two, never two different matricules, never in chains.
create or replace function identity.merge_pair(
    p_id uuid, p_pair uuid, p_keep uuid, p_reason text
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_person constant uuid := access.current_person();
    v_pair identity.suspected_duplicate;
    v_gone uuid;
begin
    if access.acting_organisation('patients:merge') is null then
        return 'not_allowed';
    end if;
    perform pg_advisory_xact_lock(7309454);
    select * into v_pair from identity.suspected_duplicate
    where id = p_pair and judged_at is null for update;
    if v_pair.id is null or p_keep not in (v_pair.patient_id, v_pair.other_id) then
        return 'gone';
    end if;
    v_gone := case when p_keep = v_pair.patient_id then v_pair.other_id else v_pair.patient_id end;
    if exists (select from identity.patient
        where patient_id in (p_keep, v_gone) and registered_by = v_person) then
        return 'own';
    end if;
    if (select count(distinct (ins, ins_oid)) from identity.patient
        where patient_id in (p_keep, v_gone) and ins is not null) > 1 then
        return 'two_ins';
    end if;
    if exists (select from access.patient_link l where l.unlinked_at is null
        and (l.patient_id in (p_keep, v_gone) or l.into_patient = v_gone)) then
        return 'chain';
    end if;
    -- Read as one they are as strict as the stricter: the ladder of a follow-up would fall asleep.
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id in (p_keep, v_gone) order by key) p;
    if (access.is_awaited(p_keep) or access.is_awaited(v_gone)) and exists (
        select from access.record r where r.patient_id in (p_keep, v_gone)
            and (not r.shared or r.patient_id = p_keep and r.archived_at is not null)
    ) then
        return 'watched';
    end if;
    insert into access.patient_link (id, patient_id, into_patient, linked_at, linked_by, reason)
    values (p_id, v_gone, p_keep, access.current_instant(), v_person, p_reason);
    update identity.suspected_duplicate
    set judged_at = access.current_instant(), judged_by = v_person, verdict = 'merged',
        reason = p_reason
    where id = p_pair;
    return 'merged';
end;
$$;

create or replace function identity.part_pair(p_pair uuid, p_reason text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.suspected_duplicate
    set judged_at = access.current_instant(), judged_by = access.current_person(),
        verdict = 'distinct', reason = p_reason
    where id = p_pair and judged_at is null
        and access.acting_organisation('patients:merge') is not null;
    return found;
end;
$$;

create or replace function identity.unlink_pair(p_link uuid, p_reason text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update access.patient_link
    set unlinked_at = access.current_instant(), unlinked_by = access.current_person(),
        unlink_reason = p_reason
    where id = p_link and unlinked_at is null
        and access.acting_organisation('patients:merge') is not null;
    return found;
end;
$$;

do $$
declare
    v_table text;
begin
    foreach v_table in array array['identity.patient_history', 'identity.installation',
        'identity.search_made', 'identity.suspected_duplicate', 'access.patient_link',
        'identity.professional', 'identity.organisation', 'identity.directory_post',
        'identity.directory_import']
    loop
        execute format('alter table %s enable row level security', v_table);
    end loop;
    foreach v_table in array array['identity.professional', 'identity.organisation',
        'identity.directory_post', 'identity.directory_import']
    loop
        execute format('drop policy if exists worker_all on %s', v_table);
        execute format('create policy worker_all on %s to chevet_worker '
            'using (true) with check (true)', v_table);
    end loop;
end;
$$;
drop policy if exists person_changes on identity.patient;
create policy person_changes on identity.patient for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('identity:write'))));
-- Earlier versions of the identities the actor may see, and who ended each.
create or replace view doorway.identity_history with (security_barrier) as
select h.patient_id, h.version, h.until_at, y.name as by_name, h.reason, h.traits
from identity.patient_history h
left join access.party y on y.id = h.ended_by
where h.patient_id = any (array(select access.visible_patients('identity:read')));
comment on view doorway.identity_history is 'Earlier identities the actor may see.';

revoke execute on all functions in schema identity, access from public;
grant execute on function identity.fold, identity.luhn_ok to chevet_app, chevet_worker;
grant execute on function access.record_of, access.kept_patient to chevet_app, chevet_worker;
grant execute on function identity.note_search, identity.find_patients,
    identity.find_patients_by_ins, identity.alike_patients, identity.include_patient,
    identity.note_suspect, identity.suspects, identity.merges, identity.merge_pair,
    identity.part_pair, identity.unlink_pair to chevet_app;
grant execute on function identity.alike_patients, identity.note_suspect to chevet_worker;
grant update (birth_name, birth_first_names, birth_first_name, used_name, used_first_name,
    birth_date, sex, birth_place, ins, ins_oid, ins_status, is_homonym, is_doubtful, is_fictitious,
    source, document, phone, change_reason) on identity.patient to chevet_app;
grant select on doorway.identity_history to chevet_app;
grant select, insert, update on identity.professional, identity.organisation,
    identity.directory_post to chevet_worker;
grant select, insert on identity.directory_import to chevet_worker;
grant update (name) on access.party to chevet_worker;
