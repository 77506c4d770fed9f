-- What may happen before sign-in: chevet_gate executes these and can touch no table.
-- Sessions, second factors and slowing down are in 92_sign_in.sql.
-- Whether an account may sign in now.
create or replace function identity.is_live(p_disabled timestamptz, p_expires timestamptz)
returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return (p_disabled is null or p_disabled > access.current_instant())
    and (p_expires is null or p_expires > access.current_instant());

drop function if exists identity.gate_account;
create function identity.gate_account(p_login text)
returns table (person uuid, password_hash text, is_patient boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.person, a.password_hash,
        exists (select from access.patient p where p.id = a.person)
    from identity.account a
    where a.login = p_login and identity.is_live(a.disabled_at, a.expires_at);
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
