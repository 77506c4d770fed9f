-- Sessions, slowing down, second factors: what chevet_gate may do with them, and nothing else can.
-- Tables without a policy: nobody but the owner of these functions reads them.
alter table identity.known_browser enable row level security;
alter table identity.totp enable row level security;
alter table identity.passkey enable row level security;
alter table identity.sms_phone enable row level security;
alter table identity.recovery_code enable row level security;
alter table identity.ticket enable row level security;

-- Sessions.
drop function if exists identity.gate_open_session;
create function identity.gate_open_session(
    p_id uuid, p_token_hash bytea, p_person uuid, p_post uuid, p_aal text,
    p_idle_seconds integer, p_ends_at timestamptz, p_address text, p_device text,
    p_only_alert uuid
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into identity.session
        (id, token_hash, person, post, aal, created_at, last_seen_at, idle_seconds, ends_at,
        address, device, only_alert)
    values (p_id, p_token_hash, p_person, p_post, p_aal, access.current_instant(),
        access.current_instant(), p_idle_seconds, p_ends_at, p_address, p_device, p_only_alert);
end;

-- Resolves a session and notes that it is in use, at most once in 20 s.
drop function if exists identity.gate_session;
create function identity.gate_session(p_token_hash bytea)
returns table (
    session uuid, person uuid, post uuid, role text, organisation uuid, organisation_name text,
    name text, locale text, time_zone text, patient_id uuid, aal text, proved_at timestamptz,
    training boolean, only_alert uuid
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
            patient.id, s.aal, s.created_at, y.training, s.only_alert
        from identity.session s
        join identity.account a on a.person = s.person and identity.is_live(a.disabled_at, a.expires_at)
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

create or replace function identity.gate_phones(p_person uuid)
returns table (id uuid, device text, created_at timestamptz, last_seen_at timestamptz,
    ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.id, s.device, s.created_at, s.last_seen_at, s.ends_at
    from identity.session s
    where s.person = p_person and s.aal = 'remembered' and s.ended_at is null
        and s.ends_at > access.current_instant()
    order by s.created_at desc;
end;

create or replace function identity.gate_forget_phone(p_person uuid, p_id uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.session set ended_at = access.current_instant()
    where id = p_id and person = p_person and aal = 'remembered' and ended_at is null;
end;

-- Ends every session and remembered phone of a person, except one.
create or replace function identity.gate_end_other_sessions(p_person uuid, p_keep uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.session set ended_at = access.current_instant()
    where person = p_person and ended_at is null and id is distinct from p_keep;
end;

-- Slowing down. An attempt is counted before it is judged, one at a time for a place, so that
-- guesses made at once are counted too; what was right is forgiven. Counted for every name, taken
-- or not: a name that is slowed down must not tell that it exists. A browser known to the account
-- has a count of its own: whoever guesses elsewhere cannot shut the owner out.
create or replace function identity.gate_try(
    p_kind text, p_subject text, p_address text, p_browser bytea, p_known boolean
) returns table (attempt bigint, here bigint, anywhere bigint, known boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_known constant boolean := p_known or exists (
        select from identity.known_browser k
        join identity.account a on a.person = k.person
        where k.browser = p_browser and (a.login = p_subject or a.person::text = p_subject)
            and k.last_used_at > v_now - interval '90 days');
    v_where constant text := case
        when v_known and not p_known then 'browser:' || encode(p_browser, 'hex')
        else p_address end;
    v_attempt bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended(p_kind || ' ' || p_subject, 4712));
    delete from identity.sign_in_failure f where f.at < v_now - interval '1 day';
    insert into identity.sign_in_failure (kind, login, address, at)
    values (p_kind, p_subject, v_where, v_now) returning id into v_attempt;
    return query
        select v_attempt,
            count(*) filter (where f.address = v_where and f.at > v_now - interval '15 minutes'),
            count(*) filter (where f.address not like 'browser:%' and f.address not like 'session:%'),
            v_known
        from identity.sign_in_failure f
        where f.kind = p_kind and f.login = p_subject and f.at > v_now - interval '1 day';
end;
$$;

create or replace function identity.gate_forgive(p_attempt bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.sign_in_failure where id = p_attempt;
end;

-- Says whether its owner should be told: he never signed in from there, though he has elsewhere.
drop function if exists identity.gate_know_browser;
create function identity.gate_know_browser(p_person uuid, p_browser bytea)
returns table (is_new boolean, locale text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_new constant boolean :=
        exists (select from identity.known_browser k where k.person = p_person)
        and not exists (select from identity.known_browser k
            where k.person = p_person and k.browser = p_browser);
begin
    insert into identity.known_browser (person, browser, last_used_at)
    values (p_person, p_browser, access.current_instant())
    on conflict (person, browser) do update set last_used_at = excluded.last_used_at;
    return query select v_is_new, a.locale from identity.account a where a.person = p_person;
end;
$$;

-- Accounts and passwords.
create or replace function identity.gate_account_of(p_person uuid)
returns table (person uuid, login text, name text, password_hash text, is_patient boolean,
    locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.person, a.login, y.name, a.password_hash,
        exists (select from access.patient p where p.id = a.person), a.locale
    from identity.account a
    join access.party y on y.id = a.person
    where a.person = p_person and identity.is_live(a.disabled_at, a.expires_at);
end;

create or replace function identity.gate_set_password(p_person uuid, p_hash text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.account set password_hash = p_hash where person = p_person;
end;

-- Second factors.
create or replace function identity.gate_factors(p_person uuid)
returns table (totp boolean, passkeys bigint, sms text, recovery_left bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select
        exists (select from identity.totp t where t.person = p_person and t.confirmed_at is not null),
        (select count(*) from identity.passkey k where k.person = p_person),
        (select s.number from identity.sms_phone s where s.person = p_person),
        (select count(*) from identity.recovery_code r
            where r.person = p_person and r.used_at is null);
end;

create or replace function identity.gate_totp(p_person uuid, p_confirmed boolean)
returns table (id uuid, secret bytea, last_step bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.id, t.secret, t.last_step from identity.totp t
    where t.person = p_person and (t.confirmed_at is not null) = p_confirmed
    order by t.created_at desc
    limit 1;
end;

create or replace function identity.gate_begin_totp(p_id uuid, p_person uuid, p_secret bytea)
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.totp where person = p_person and confirmed_at is null;
    insert into identity.totp (id, person, secret, created_at)
    values (p_id, p_person, p_secret, access.current_instant());
end;

-- False when that step, or a later one, was used already.
create or replace function identity.gate_use_totp(p_id uuid, p_step bigint) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with used as (
        update identity.totp set last_step = p_step
        where id = p_id and last_step < p_step
        returning 1
    )
    select exists (select from used);
end;

create or replace function identity.gate_confirm_totp(p_id uuid, p_step bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.totp t using identity.totp new
    where new.id = p_id and t.person = new.person and t.id <> p_id;
    update identity.totp set confirmed_at = access.current_instant(), last_step = p_step
    where id = p_id;
end;
$$;

create or replace function identity.gate_remove_totp(p_person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.totp where person = p_person;
end;

create or replace function identity.gate_passkeys(p_person uuid)
returns table (id uuid, person uuid, credential_id bytea, public_key bytea, sign_count bigint,
    name text, created_at timestamptz, last_used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.person, k.credential_id, k.public_key, k.sign_count, k.name, k.created_at,
        k.last_used_at
    from identity.passkey k where k.person = p_person order by k.created_at;
end;

create or replace function identity.gate_passkey(p_credential_id bytea)
returns table (id uuid, person uuid, credential_id bytea, public_key bytea, sign_count bigint,
    name text, created_at timestamptz, last_used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.person, k.credential_id, k.public_key, k.sign_count, k.name, k.created_at,
        k.last_used_at
    from identity.passkey k
    join identity.account a on a.person = k.person and identity.is_live(a.disabled_at, a.expires_at)
    where k.credential_id = p_credential_id;
end;

create or replace function identity.gate_save_passkey(
    p_id uuid, p_person uuid, p_credential_id bytea, p_public_key bytea, p_sign_count bigint,
    p_name text
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into identity.passkey
        (id, person, credential_id, public_key, sign_count, name, created_at)
    values (p_id, p_person, p_credential_id, p_public_key, p_sign_count, p_name,
        access.current_instant());
end;

create or replace function identity.gate_use_passkey(p_id uuid, p_sign_count bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.passkey
    set sign_count = p_sign_count, last_used_at = access.current_instant()
    where id = p_id;
end;

create or replace function identity.gate_remove_passkey(p_person uuid, p_id uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.passkey where id = p_id and person = p_person;
end;

create or replace function identity.gate_save_sms_phone(p_person uuid, p_number text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into identity.sms_phone (person, number, confirmed_at)
    values (p_person, p_number, access.current_instant())
    on conflict (person) do update
        set number = excluded.number, confirmed_at = excluded.confirmed_at;
end;

create or replace function identity.gate_remove_sms_phone(p_person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.sms_phone where person = p_person;
end;

create or replace function identity.gate_save_recovery_codes(p_person uuid, p_hashes bytea[])
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.recovery_code where person = p_person;
    insert into identity.recovery_code (person, code_hash, made_at)
    select p_person, h, access.current_instant() from unnest(p_hashes) as h;
end;

-- False when there is no such code, or it was used.
create or replace function identity.gate_use_recovery_code(p_person uuid, p_hash bytea)
returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with used as (
        update identity.recovery_code set used_at = access.current_instant()
        where person = p_person and code_hash = p_hash and used_at is null
        returning 1
    )
    select exists (select from used);
end;

-- Links, codes by SMS, challenges: each serves once. A new one of a kind ends the older ones of
-- the same person, challenges excepted (several pages may be open).
create or replace function identity.gate_save_ticket(
    p_id uuid, p_kind text, p_person uuid, p_token_hash bytea, p_code_hash bytea,
    p_challenge bytea, p_phone text, p_ends_at timestamptz
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.ticket where ends_at < access.current_instant() - interval '1 day';
    delete from identity.ticket where person = p_person and kind = p_kind and kind <> 'challenge';
    insert into identity.ticket
        (id, kind, person, token_hash, code_hash, challenge, phone, created_at, ends_at)
    values (p_id, p_kind, p_person, p_token_hash, p_code_hash, p_challenge, p_phone,
        access.current_instant(), p_ends_at);
end;

create or replace function identity.gate_ticket_by_token(p_kind text, p_token_hash bytea)
returns table (id uuid, person uuid, code_hash bytea, phone text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.id, t.person, t.code_hash, t.phone
    from identity.ticket t
    join identity.account a on a.person = t.person and identity.is_live(a.disabled_at, a.expires_at)
    where t.kind = p_kind and t.token_hash = p_token_hash and t.used_at is null
        and t.ends_at > access.current_instant();
end;

create or replace function identity.gate_ticket_of(p_kind text, p_person uuid)
returns table (id uuid, person uuid, code_hash bytea, phone text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.id, t.person, t.code_hash, t.phone from identity.ticket t
    where t.kind = p_kind and t.person = p_person and t.used_at is null
        and t.ends_at > access.current_instant();
end;

-- False when it was used already or has expired.
create or replace function identity.gate_use_ticket(p_id uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with used as (
        update identity.ticket set used_at = access.current_instant()
        where id = p_id and used_at is null and ends_at > access.current_instant()
        returning 1
    )
    select exists (select from used);
end;

-- The challenge of a ticket, once; for nobody in particular, or for that person.
create or replace function identity.gate_take_challenge(p_id uuid, p_person uuid)
returns setof bytea
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.ticket set used_at = access.current_instant()
    where id = p_id and kind = 'challenge' and used_at is null
        and ends_at > access.current_instant() and person is not distinct from p_person
    returning challenge;
end;

-- Messages about signing in.
create or replace function messages.gate_put_out(
    p_id uuid, p_key text, p_recipient uuid, p_channel text, p_address text, p_template text,
    p_params jsonb, p_locale text
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into messages.outbox
        (id, key, recipient, channel, address, template, params, locale, state, created_at,
        next_attempt_at, weight)
    values (p_id, p_key, p_recipient, p_channel, p_address, p_template, p_params, p_locale,
        'waiting', access.current_instant(), access.current_instant(), 'own')
    on conflict (key) do nothing;
end;

create or replace function messages.gate_mail_of(p_party uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.address from messages.contact_point c
    where c.party = p_party and c.channel = 'email' and c.ended_at is null
    order by c.created_at desc
    limit 1;
end;

revoke execute on all functions in schema identity, messages from public;
grant usage on schema messages to chevet_gate;
grant execute on function messages.gate_put_out, messages.gate_mail_of to chevet_gate;
grant execute on function identity.gate_open_session, identity.gate_session,
    identity.gate_phones, identity.gate_forget_phone, identity.gate_end_other_sessions,
    identity.gate_try, identity.gate_forgive, identity.gate_know_browser,
    identity.gate_account_of, identity.gate_set_password, identity.gate_factors,
    identity.gate_totp, identity.gate_begin_totp, identity.gate_use_totp,
    identity.gate_confirm_totp, identity.gate_remove_totp, identity.gate_passkeys,
    identity.gate_passkey, identity.gate_save_passkey, identity.gate_use_passkey,
    identity.gate_remove_passkey, identity.gate_save_sms_phone, identity.gate_remove_sms_phone,
    identity.gate_save_recovery_codes, identity.gate_use_recovery_code,
    identity.gate_save_ticket, identity.gate_ticket_by_token, identity.gate_ticket_of,
    identity.gate_use_ticket, identity.gate_take_challenge to chevet_gate;
