-- Who people are: searching, registering, the locks on a validated identity, merging records.

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
    birth_date date, sex text, ins_status text, in_my_circle boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select k.patient_id, k.birth_name, k.birth_first_names, k.used_name, k.used_first_name,
        k.birth_date, k.sex, k.ins_status,
        exists (select from access.held_for(k.patient_id))
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
    birth_date date, sex text, ins_status text, in_my_circle boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select k.patient_id, k.birth_name, k.birth_first_names, k.used_name, k.used_first_name,
        k.birth_date, k.sex, k.ins_status,
        exists (select from access.held_for(k.patient_id))
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
        insert into identity.patient_history (patient_id, version, until_at, traits)
        values (old.patient_id, old.version, v_now,
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
drop policy if exists person_reads on identity.patient_history;
create policy person_reads on identity.patient_history for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('identity:read'))));

revoke execute on all functions in schema identity from public;
grant execute on function identity.fold, identity.luhn_ok to chevet_app, chevet_worker;
grant execute on function access.record_of, access.kept_patient to chevet_app, chevet_worker;
grant execute on function identity.note_search, identity.find_patients,
    identity.find_patients_by_ins to chevet_app;
grant select on identity.patient_history to chevet_app;
grant select, insert, update on identity.professional, identity.organisation,
    identity.directory_post to chevet_worker;
grant select, insert on identity.directory_import to chevet_worker;
grant update (name) on access.party to chevet_worker;
