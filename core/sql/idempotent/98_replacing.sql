-- Replacements: a member of the care team, in a circle in person, names who takes his place for some days.

-- A replacement never outlasts the stay it replaces, however that one ends.
create or replace function access.end_replacements() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update access.membership m
    set ends_at = greatest(m.starts_at, new.ends_at), ended_by = new.ended_by
    where m.replaces = new.id and (m.ends_at is null or m.ends_at > new.ends_at);
    return null;
end;
$$;
drop trigger if exists replacements_end_too on access.membership;
create trigger replacements_end_too after update of ends_at on access.membership
    for each row when (new.ends_at is not null) execute function access.end_replacements();

-- The stay in which the actor may be replaced: his own, as a professional of the care team. What the
-- patient agreed to for him is not lent, and whoever replaces has no replacement.
create or replace function access.stay_to_replace(p_patient uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id from access.membership m
    where m.patient_id = any (access.record_of(p_patient)) and m.party = access.current_person()
        and m.basis = 'care_team' and m.replaces is null
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    order by m.starts_at, m.id
    limit 1;
end;

create or replace function access.name_replacement(
    p_membership uuid, p_patient uuid, p_login text, p_starts_at timestamptz,
    p_ends_at timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_own access.membership;
    v_person uuid;
begin
    select m.* into v_own from access.membership m
    where m.id = access.stay_to_replace(p_patient) for update;
    if v_own.id is null then
        return 'gone';
    end if;
    if p_ends_at <= v_now or p_ends_at <= p_starts_at or p_starts_at < v_now - interval '1 hour'
        or p_ends_at > p_starts_at + interval '93 days' or v_own.ends_at <= p_starts_at then
        return 'dates';
    end if;
    select q.person into v_person
    from identity.professional q
    join identity.account a on a.person = q.person
    where q.active and (q.rpps = p_login or a.login = lower(p_login)) and q.rpps is not null
        and identity.is_live(a.disabled_at, a.expires_at)
        and identity.account_state(q.person) = 'active';
    if v_person is null or v_person = v_own.party
        or v_person = any (access.record_of(p_patient)) then
        return 'nobody';
    end if;
    if exists (
        select from access.membership m
        where m.patient_id = any (access.record_of(p_patient)) and m.party = v_person
            and m.role = v_own.role and m.starts_at < p_ends_at
            and (m.ends_at is null or m.ends_at > p_starts_at)
    ) then
        return 'already';
    end if;
    insert into access.membership (id, patient_id, party, role, basis, starts_at, ends_at,
        granted_by, replaces)
    values (p_membership, v_own.patient_id, v_person, v_own.role, 'care_team',
        greatest(p_starts_at, v_now),
        least(p_ends_at, v_own.ends_at), v_own.party, v_own.id);
    return 'replaced';
end;
$$;

-- Whoever is replaced needs it no longer.
create or replace function access.end_replacement(p_patient uuid, p_stay uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update access.membership m
    set ends_at = greatest(m.starts_at, access.current_instant()),
        ended_by = access.current_person()
    where m.id = p_stay and m.replaces = access.stay_to_replace(p_patient)
        and (m.ends_at is null or m.ends_at > access.current_instant());
    return found;
end;
$$;

-- Who replaces the actor in a circle, now or later.
create or replace function access.my_replacements(p_patient uuid)
returns table (membership_id uuid, name text, starts_at timestamptz, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, y.name, m.starts_at, m.ends_at
    from access.membership m
    join access.party y on y.id = m.party
    where m.replaces = access.stay_to_replace(p_patient)
        and (m.ends_at is null or m.ends_at > access.current_instant())
    order by m.starts_at, m.id;
end;

revoke execute on function access.end_replacements, access.stay_to_replace,
    access.name_replacement, access.end_replacement, access.my_replacements from public;
grant execute on function access.stay_to_replace, access.name_replacement,
    access.end_replacement, access.my_replacements to chevet_app;
