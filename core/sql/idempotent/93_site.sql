-- Training territories never mix with real ones: no circle and no post joins the two.
create or replace function access.is_training(p_party uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce((select y.training from access.party y where y.id = p_party), false);
end;

create or replace function access.refuse_mixed_circle() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.is_training(new.patient_id) <> access.is_training(new.party) then
        raise check_violation using
            message = 'a training territory and real people never share a circle',
            constraint = 'membership_of_one_world';
    end if;
    return new;
end;
$$;
drop trigger if exists membership_of_one_world on access.membership;
create trigger membership_of_one_world before insert or update of patient_id, party
    on access.membership for each row execute function access.refuse_mixed_circle();

create or replace function access.refuse_mixed_post() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.is_training(new.person) <> access.is_training(new.organisation) then
        raise check_violation using
            message = 'a training territory and real people never share an organisation',
            constraint = 'post_of_one_world';
    end if;
    return new;
end;
$$;
drop trigger if exists post_of_one_world on access.post;
create trigger post_of_one_world before insert or update of person, organisation
    on access.post for each row execute function access.refuse_mixed_post();

-- A party enters training while it is still alone, and never leaves it; whom somebody in training
-- registers is in training too.
create or replace function access.keep_world() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.training := new.training or access.is_training(access.current_person());
        return new;
    end if;
    if new.training is distinct from old.training and (old.training
        or exists (select from access.membership m
            where (m.patient_id = old.id or m.party = old.id) and m.patient_id <> m.party)
        or exists (select from access.post p where p.person = old.id or p.organisation = old.id))
    then
        raise check_violation using
            message = 'only a party without a circle or a post enters training, and none leaves it',
            constraint = 'party_keeps_its_world';
    end if;
    return new;
end;
$$;
drop trigger if exists party_keeps_its_world on access.party;
create trigger party_keeps_its_world before insert or update of training
    on access.party for each row execute function access.keep_world();

-- Deletes rows and, before them, every row that points at them, wherever it is. The catalogue knows
-- the way, so that a room added later is emptied too.
create or replace function access.forget_rows(p_table regclass, p_where text, p_path regclass[])
returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_points record;
    v_count bigint;
    v_sum bigint := 0;
begin
    for v_points in
        select c.conrelid::regclass as child,
            (select string_agg(quote_ident(a.attname), ', ' order by k.place)
                from unnest(c.conkey) with ordinality k (number, place)
                join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
            (select string_agg(quote_ident(a.attname), ', ' order by k.place)
                from unnest(c.confkey) with ordinality k (number, place)
                join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as keys
        from pg_constraint c
        join pg_class r on r.oid = c.conrelid
        join pg_namespace n on n.oid = r.relnamespace
        where c.contype = 'f' and c.confrelid = p_table and c.conrelid <> p_table
            and c.conrelid <> all (p_path) and n.nspname <> '_timescaledb_internal'
    loop
        v_sum := v_sum + access.forget_rows(v_points.child,
            format('(%s) in (select %s from %s where %s)',
                v_points.columns, v_points.keys, p_table, p_where),
            p_path || p_table);
    end loop;
    execute format('delete from %s where %s', p_table, p_where);
    get diagnostics v_count = row_count;
    return v_sum + v_count;
end;
$$;

-- Empties the training territory. The audit trail keeps what was done in it: it is append-only.
create or replace function access.forget_training() returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys constant integer[] := array(
        select p.key from access.patient p join access.party y on y.id = p.id where y.training);
begin
    delete from vitals.amendment where patient_key = any (v_keys);
    delete from vitals.minute where patient_key = any (v_keys);
    delete from vitals.sampled where patient_key = any (v_keys);
    delete from vitals.reading where patient_key = any (v_keys);
    delete from core.due where patient_key = any (v_keys);
    delete from ingest.device_event where patient_key = any (v_keys);
    delete from ingest.quarantine where patient_key = any (v_keys);
    return access.forget_rows('access.party', 'training', '{}');
end;
$$;

-- Terms of use. A session may ask whether its person accepted one of the texts in force.
create or replace function identity.gate_terms(p_token_hash bytea, p_digests bytea[])
returns table (accepted boolean, is_patient boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
            select from identity.terms_acceptance t
            where t.person = s.person and t.digest = any (p_digests)
        ),
        s.post is null and exists (select from access.patient p where p.id = s.person)
    from identity.session s
    where s.token_hash = p_token_hash and s.ended_at is null;
end;

alter table identity.terms_acceptance enable row level security;
drop policy if exists own_reads on identity.terms_acceptance;
create policy own_reads on identity.terms_acceptance for select to chevet_app
    using (person = access.current_person());
drop policy if exists own_accepts on identity.terms_acceptance;
create policy own_accepts on identity.terms_acceptance for insert to chevet_app
    with check (person = access.current_person());

revoke execute on function access.is_training, access.refuse_mixed_circle,
    access.refuse_mixed_post, access.keep_world, access.forget_rows, access.forget_training,
    identity.gate_terms from public;
grant execute on function access.is_training, access.forget_training to chevet_worker;
grant execute on function identity.gate_terms to chevet_gate;
grant update (training) on access.party to chevet_worker;
grant select on identity.terms_acceptance to chevet_app;
grant insert (person, digest, version, locale, session, accepted_at)
    on identity.terms_acceptance to chevet_app;
