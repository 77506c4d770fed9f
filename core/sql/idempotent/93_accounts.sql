-- Signing in by another provider, one's own sessions, and the life of accounts and posts.

-- A sign-in at a provider begins; those nobody finished are forgotten.
create or replace function identity.gate_begin_federation(
    p_state_hash bytea, p_browser_hash bytea, p_provider text, p_nonce text, p_verifier text,
    p_next text, p_expires_at timestamptz
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from identity.federation_attempt where expires_at < access.current_instant();
    insert into identity.federation_attempt
        (state_hash, browser_hash, provider, nonce, verifier, next, begun_at, expires_at)
    values (p_state_hash, p_browser_hash, p_provider, p_nonce, p_verifier, p_next,
        access.current_instant(), p_expires_at);
end;

-- Its answer, accepted once and from the browser that began it.
create or replace function identity.gate_answer_federation(
    p_state_hash bytea, p_browser_hash bytea, p_provider text
) returns table (nonce text, verifier text, next text)
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.federation_attempt a set answered_at = access.current_instant()
    where a.state_hash = p_state_hash and a.browser_hash = p_browser_hash
        and a.provider = p_provider and a.answered_at is null
        and a.expires_at > access.current_instant()
    returning a.nonce, a.verifier, a.next;
end;

-- Which person a provider speaks of, by the link kept or by the RPPS number: one row, or none. An
-- account without a password is opened for a professional of a live post who never had one: his
-- identity is proved.
create or replace function identity.gate_recognise_professional(
    p_issuer text, p_subject text, p_rpps text
) returns table (person uuid, is_live boolean, is_other boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_person uuid;
    v_linked uuid;
begin
    select f.person into v_linked from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
    select p.person into v_person from identity.professional p where p.rpps = p_rpps;
    if v_person is null then
        return;
    end if;
    insert into identity.account (person, login, password_hash, created_at)
    select v_person, p_rpps, '', v_now
    where exists (
        select from access.post t where t.person = v_person and t.starts_at <= v_now
            and (t.ends_at is null or t.ends_at > v_now)
    )
    on conflict do nothing;
    return query
        select a.person, identity.is_live(a.disabled_at, a.expires_at),
            v_linked is distinct from a.person and (v_linked is not null or exists (
                select from identity.federated_identity f
                where f.issuer = p_issuer and f.person = a.person))
        from identity.account a where a.person = v_person;
end;
$$;

-- The one patient with an account who has these strict traits; nobody where two would do, with an
-- account or without. A link kept from before must still be to somebody with these traits.
create or replace function identity.gate_recognise_patient(
    p_issuer text, p_subject text, p_birth_name text, p_first_names text, p_birth date,
    p_sex text, p_place text
) returns table (person uuid, is_live boolean, is_other boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_linked uuid;
    v_found uuid[];
    v_namesakes bigint;
begin
    select f.person into v_linked from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
    select array_agg(t.patient_id) filter (where a.person is not null),
        count(distinct access.kept_patient(t.patient_id))
    into v_found, v_namesakes
    from identity.patient t
    left join identity.account a on a.person = t.patient_id
    where t.birth_date = p_birth and t.sex = p_sex
        and identity.fold(t.birth_name) = identity.fold(p_birth_name)
        and identity.fold(t.birth_first_names) = identity.fold(p_first_names)
        and (t.birth_place is null or p_place is null or t.birth_place = p_place);
    if v_linked is null and (array_length(v_found, 1) is distinct from 1 or v_namesakes > 1) then
        return;
    end if;
    return query
        select a.person, identity.is_live(a.disabled_at, a.expires_at),
            v_linked <> all (coalesce(v_found, '{}')) or v_linked is null and exists (
                select from identity.federated_identity f
                where f.issuer = p_issuer and f.person = a.person)
        from identity.account a where a.person = coalesce(v_linked, v_found[1]);
end;
$$;

-- A session just opened came from a provider: the link is kept, and what sign-out has to show.
create or replace function identity.gate_note_federated(
    p_token_hash bytea, p_provider text, p_issuer text, p_subject text, p_id_token text
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    insert into identity.federated_identity (issuer, subject, person, linked_at, last_used_at)
    select p_issuer, p_subject, s.person, v_now, v_now
    from identity.session s where s.token_hash = p_token_hash
    on conflict (issuer, subject) do update set last_used_at = v_now;
    insert into identity.federated_session (session, provider, id_token)
    select s.id, p_provider, p_id_token from identity.session s where s.token_hash = p_token_hash;
end;
$$;

-- A session replaces another of the same person: what sign-out has to show goes with it.
create or replace function identity.gate_carry_federated(p_from_hash bytea, p_to_hash bytea)
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update identity.federated_session f set session = later.id
    from identity.session earlier, identity.session later
    where earlier.token_hash = p_from_hash and later.token_hash = p_to_hash
        and earlier.person = later.person and f.session = earlier.id;
end;

-- The provider of a live session, asked just before it ends.
create or replace function identity.gate_federated_session(p_token_hash bytea)
returns table (provider text, id_token text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select f.provider, f.id_token
    from identity.session s
    join identity.federated_session f on f.session = s.id
    where s.token_hash = p_token_hash and s.ended_at is null;
end;

-- My own sessions that are live, the latest first.
create or replace function identity.my_sessions()
returns table (
    session uuid, begun_at timestamptz, last_seen_at timestamptz, role text,
    organisation_name text, device text, provider text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.id, s.created_at, s.last_seen_at, p.role, o.name, s.device,
        coalesce(f.provider, '')
    from identity.session s
    left join access.post p on p.id = s.post
    left join access.party o on o.id = p.organisation
    left join identity.federated_session f on f.session = s.id
    where s.person = access.current_person() and s.ended_at is null
        and s.ends_at > access.current_instant()
        and s.last_seen_at > access.current_instant() - make_interval(secs => s.idle_seconds)
        and (s.post is null or (p.starts_at <= access.current_instant()
            and (p.ends_at is null or p.ends_at > access.current_instant())))
    order by s.last_seen_at desc, s.id;
end;

-- End one of my sessions, or all of them when none is named; says how many ended.
create or replace function identity.end_my_sessions(p_session uuid) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with ended as (
        update identity.session s set ended_at = access.current_instant()
        where s.person = access.current_person() and s.ended_at is null
            and (p_session is null or s.id = p_session)
        returning s.id
    )
    select count(*) from ended;
end;

-- Nobody but the owner of these functions touches these tables.
alter table identity.federated_identity enable row level security;
alter table identity.federation_attempt enable row level security;
alter table identity.federated_session enable row level security;

revoke execute on all functions in schema identity from public;
grant execute on function identity.gate_begin_federation, identity.gate_answer_federation,
    identity.gate_recognise_professional, identity.gate_recognise_patient,
    identity.gate_note_federated, identity.gate_carry_federated, identity.gate_federated_session
    to chevet_gate;
grant execute on function identity.my_sessions, identity.end_my_sessions to chevet_app;
