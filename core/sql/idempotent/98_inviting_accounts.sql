-- Accounts that somebody invited into a circle asked for: who he is is confirmed by an administrator for
-- a professional, by whoever manages the circle for somebody close to the patient.

-- Whether the actor may confirm who it is.
create or replace function coordination.confirms(p_waiting uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.invitation i
        where i.id = p_waiting and i.asked_at is not null
            and case when access.is_family_role(i.role)
                then i.patient_id = any (array(select access.visible_patients('circle:manage')))
                else i.organisation = access.acting_organisation('accounts:manage')
                    and i.invited_by <> access.current_person() end
    );
end;

-- Professionals who wait for an administrator; `directory_name`: whose number it is in the directory.
create or replace function coordination.accounts_asked()
returns table (id uuid, family text, given text, rpps text, address text, role text,
    asked_at timestamptz, invited_by_name text, directory_name text, same_name boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.id, i.asked_family, i.asked_given, i.asked_rpps, i.address, i.role, i.asked_at,
        y.name, case when q.directory_id is not null then d.name end,
        coalesce(q.directory_id is not null and q.active
            and identity.fold(q.family_name) = identity.fold(i.asked_family), false)
    from coordination.invitation i
    join access.party y on y.id = i.invited_by
    left join identity.professional q on q.rpps = i.asked_rpps
    left join access.party d on d.id = q.person
    where i.organisation = access.acting_organisation('accounts:manage')
        and not access.is_family_role(i.role) and i.asked_at is not null
        and i.confirmed_at is null and i.person is null and coordination.invitation_stands(i.id)
    order by i.asked_at, i.id;
end;

-- Who it is is confirmed, and an account waits for him; or the request is sent back. An account that
-- others rely on is handed to nobody: `known` says that he signs in with the one he has. What he
-- asked for since the page was read is not what was confirmed.
create or replace function coordination.confirm_account(
    p_waiting uuid, p_person uuid, p_contact uuid, p_is_he boolean, p_asked_at timestamptz
) returns table (outcome text, person uuid, address text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_i coordination.invitation;
    v_person uuid;
    v_by_mail uuid;
begin
    select i.* into v_i from coordination.invitation i where i.id = p_waiting for update;
    if v_i.id is null or not coordination.confirms(p_waiting) or v_i.person is not null
        or v_i.asked_at is distinct from p_asked_at
        or not coordination.invitation_stands(p_waiting) then
        return;  -- nobody: it is answered, over, or not his to confirm
    end if;
    if not p_is_he then
        update coordination.invitation i
        set asked_at = null, asked_family = null, asked_given = null, asked_rpps = null
        where i.id = p_waiting;
        return query select 'sent_back', null::uuid, null::text;
        return;
    end if;
    if not access.is_family_role(v_i.role) then
        select q.person into v_person from identity.professional q where q.rpps = v_i.asked_rpps;
    end if;
    select a.person into v_by_mail from identity.account a where a.login = v_i.address;
    if v_by_mail is not null and v_by_mail is distinct from v_person then
        return query select 'mail_taken', null::uuid, null::text;
        return;
    end if;
    if v_person is not null and identity.account_state(v_person) not in ('none', 'invited') then
        update coordination.invitation i
        set person = v_person, confirmed_by = access.current_person(), confirmed_at = v_now
        where i.id = p_waiting;
        return query select 'known', v_person, v_i.address;
        return;
    end if;
    if v_person is not null and (v_by_mail is not null
        or identity.account_state(v_person) = 'invited'
        or exists (select from access.membership m where m.party = v_person
            and (m.ends_at is null or m.ends_at > v_now))
        or exists (select from access.post p
            where p.person = v_person and (p.ends_at is null or p.ends_at > v_now)
                and (not exists (select from identity.directory_post x where x.post = p.id)
                    or exists (select from access.membership m where m.party = p.organisation
                        and (m.ends_at is null or m.ends_at > v_now))))
        or not exists (select from identity.professional q where q.person = v_person and q.active
            and identity.fold(q.family_name) = identity.fold(v_i.asked_family))
    ) then
        return query select 'elsewhere', null::uuid, null::text;
        return;
    end if;
    if v_person is null then
        v_person := p_person;
        insert into access.party (id, kind, name, created_at)
        values (v_person, 'person', btrim(v_i.asked_given || ' ' || v_i.asked_family), v_now);
        if not access.is_family_role(v_i.role) then
            insert into identity.professional
                (person, rpps, family_name, given_names, changed_at)
            values (v_person, v_i.asked_rpps, v_i.asked_family, v_i.asked_given, v_now);
        end if;
    end if;
    insert into identity.account (person, login, password_hash, created_at)
    values (v_person, v_i.address, '', v_now);
    insert into messages.contact_point (id, party, channel, address, created_at)
    values (p_contact, v_person, 'email', v_i.address, v_now)
    on conflict do nothing;
    update coordination.invitation i
    set person = v_person, confirmed_by = access.current_person(), confirmed_at = v_now
    where i.id = p_waiting;
    return query select 'opened', v_person, v_i.address;
end;
$$;

revoke execute on function coordination.confirms, coordination.accounts_asked,
    coordination.confirm_account from public;
grant execute on function coordination.accounts_asked, coordination.confirm_account to chevet_app;
