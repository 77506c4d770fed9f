-- What may happen before sign-in: chevet_gate executes these and can touch no table.
drop function if exists identity.gate_account;
create function identity.gate_account(p_login text)
returns table (person uuid, password_hash text, is_patient boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.person, a.password_hash,
        exists (select from access.patient p where p.id = a.person)
    from identity.account a
    where a.login = p_login and a.disabled_at is null;
end;

-- Counted for every name, taken or not: a name that is slowed down must not tell that it exists.
-- By address too: whoever guesses elsewhere must not shut the owner out.
create or replace function identity.gate_failures(p_login text, p_address text) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) from identity.sign_in_failure f
    where f.login = p_login and f.address = p_address
        and f.at > access.current_instant() - interval '15 minutes';
end;

create or replace function identity.gate_note_failure(p_login text, p_address text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.sign_in_failure
    where at < access.current_instant() - interval '1 day';
    insert into identity.sign_in_failure (login, address, at)
    values (p_login, p_address, access.current_instant());
end;

create or replace function identity.gate_posts(p_person uuid)
returns table (post uuid, role text, organisation uuid, organisation_name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.id, p.role, o.id, o.name
    from access.post p
    join access.party o on o.id = p.organisation
    where p.person = p_person
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
    order by p.starts_at, p.id;
end;

create or replace function identity.gate_open_session(
    p_id uuid, p_token_hash bytea, p_person uuid, p_post uuid,
    p_idle_seconds integer, p_ends_at timestamptz
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into identity.session
        (id, token_hash, person, post, created_at, last_seen_at, idle_seconds, ends_at)
    values (p_id, p_token_hash, p_person, p_post,
        access.current_instant(), access.current_instant(), p_idle_seconds, p_ends_at);
end;

-- Resolves a session and notes that it is in use, at most once in 20 s.
create or replace function identity.gate_session(p_token_hash bytea)
returns table (
    session uuid, person uuid, post uuid, role text, organisation uuid, organisation_name text,
    name text, locale text, time_zone text, patient_id uuid
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    update identity.session s set last_seen_at = v_now
    where s.token_hash = p_token_hash and s.ended_at is null and s.ends_at > v_now
        and s.last_seen_at between v_now - make_interval(secs => s.idle_seconds)
            and v_now - interval '20 seconds';
    return query
        select s.id, s.person, s.post, p.role, o.id, o.name, y.name, a.locale, a.time_zone,
            patient.id
        from identity.session s
        join identity.account a on a.person = s.person and a.disabled_at is null
        join access.party y on y.id = s.person
        left join access.post p on p.id = s.post
        left join access.party o on o.id = p.organisation
        left join access.patient patient on patient.id = s.person
        where s.token_hash = p_token_hash and s.ended_at is null and s.ends_at > v_now
            and s.last_seen_at > v_now - make_interval(secs => s.idle_seconds)
            and (s.post is null
                or (p.starts_at <= v_now and (p.ends_at is null or p.ends_at > v_now)));
end;
$$;

create or replace function identity.gate_end_session(p_token_hash bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.session set ended_at = access.current_instant()
    where token_hash = p_token_hash and ended_at is null;
end;

create or replace function identity.gate_choose_language(p_token_hash bytea, p_locale text)
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.account a set locale = p_locale
    from identity.session s
    where s.token_hash = p_token_hash and s.person = a.person and s.ended_at is null
        and s.ends_at > access.current_instant();
end;
