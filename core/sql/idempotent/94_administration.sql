-- The life of accounts and posts: by the administrator of an organisation, who opens no record, by
-- whoever lets a substitute act for him, and by the operator of the service.

-- A substitute's post never outlasts the one replaced, however that one ends. A post that ends before
-- it began never begins.
create or replace function access.end_substitutes() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update access.post p
    set starts_at = least(p.starts_at, new.ends_at - interval '1 microsecond'),
        ends_at = new.ends_at
    where p.replaces = new.id and (p.ends_at is null or p.ends_at > new.ends_at);
    return null;
end;
$$;
drop trigger if exists substitutes_end_too on access.post;
create trigger substitutes_end_too after update of ends_at on access.post
    for each row when (new.ends_at is not null) execute function access.end_substitutes();

-- End a post at an instant, or keep it open when that is null.
create or replace function identity.end_post(p_post uuid, p_ends_at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_person uuid;
begin
    update access.post p
    set starts_at = least(p.starts_at, p_ends_at - interval '1 microsecond'),
        ends_at = p_ends_at
    where p.id = p_post and (p.ends_at is null or p.ends_at > v_now)
    returning p.person into v_person;
    if v_person is null then
        return false;
    end if;
    if p_ends_at <= v_now then
        update identity.session s set ended_at = v_now
        where s.ended_at is null
            and (s.post = p_post
                or s.post in (select r.id from access.post r where r.replaces = p_post));
    end if;
    return true;
end;
$$;

-- Suspend an account, or let it sign in again. Who is suspended leaves what he had taken in charge to
-- others at once, and what waits to be sent to him is called off.
create or replace function identity.suspend(p_person uuid, p_suspended boolean) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.account a
    set disabled_at = case when p_suspended then access.current_instant() end
    where a.person = p_person and (a.disabled_at is not null) <> p_suspended;
    if not found then
        return false;
    end if;
    if p_suspended then
        update identity.session s set ended_at = access.current_instant()
        where s.person = p_person and s.ended_at is null;
        perform access.leave(told.patient)
        from (
            select o.about as patient from messages.outbox o
            where o.recipient = p_person and o.about is not null
                and o.state in ('waiting', 'sending', 'gathered')
            union
            select a.patient_id from alerts.alert a
            join access.membership m on m.patient_id = any (access.record_of(a.patient_id))
            where a.state <> 'closed' and (m.party = p_person or m.party in (
                select p.organisation from access.post p where p.person = p_person
                union all
                select r.person from access.post p
                join access.post r on r.id = p.replaces
                where p.person = p_person))
        ) told;
    end if;
    return true;
end;
$$;

create or replace function identity.account_state(p_person uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce((
        select case
            when a.disabled_at is not null then 'suspended'
            when a.expires_at <= access.current_instant() then 'expired'
            when a.password_hash <> '' or exists (
                select from identity.federated_identity f where f.person = a.person) then 'active'
            else 'invited'
        end
        from identity.account a where a.person = p_person), 'none');
end;

-- Whether a person is of one organisation only: its administrator may then decide on his account. Who
-- is in a circle in person is not: a post can be given to anybody, who need not even have asked.
create or replace function identity.is_of_this_alone(p_person uuid, p_organisation uuid)
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.post p where p.person = p_person and p.organisation = p_organisation
    ) and not exists (
        select from access.post p where p.person = p_person and p.organisation <> p_organisation
            and (p.ends_at is null or p.ends_at > access.current_instant())
    ) and not exists (
        select from access.membership m where m.party = p_person
            and (m.ends_at is null or m.ends_at > access.current_instant())
    ) and not exists (
        select from access.patient t where t.id = p_person
    );
end;

-- The posts of the organisation whose accounts the actor administers, ended ones for 90 days.
create or replace function identity.admin_posts()
returns table (
    post uuid, person uuid, name text, rpps text, role text, starts_at timestamptz,
    ends_at timestamptz, replaces_name text, state text, expires_at timestamptz, is_ours boolean,
    is_me boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.id, y.id, y.name, q.rpps, p.role, p.starts_at, p.ends_at, z.name,
        identity.account_state(y.id), a.expires_at,
        identity.is_of_this_alone(y.id, p.organisation), y.id = access.current_person()
    from access.post p
    join access.party y on y.id = p.person
    left join identity.account a on a.person = p.person
    left join identity.professional q on q.person = p.person
    left join access.post r on r.id = p.replaces
    left join access.party z on z.id = r.person
    where p.organisation = access.acting_organisation('accounts:manage')
        and (p.ends_at is null or p.ends_at > access.current_instant() - interval '90 days')
    order by (p.ends_at is null or p.ends_at > access.current_instant()) desc, y.name, p.starts_at
    limit 500;
end;

-- Invite a professional into the actor's organisation: a post, and an account where he has none.
-- Somebody known in other places is not handed an account here: whoever takes up the invitation
-- would be in all his circles.
create or replace function identity.admin_invite(
    p_person uuid, p_post uuid, p_contact uuid, p_family text, p_given text, p_rpps text,
    p_mail text, p_role text, p_starts_at timestamptz, p_ends_at timestamptz
) returns table (outcome text, person uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_organisation constant uuid := access.acting_organisation('accounts:manage');
    v_person uuid;
    v_by_mail uuid;
    v_state text;
begin
    if v_organisation is null then
        raise insufficient_privilege using message = 'no right to manage accounts';
    end if;
    select q.person into v_person from identity.professional q where q.rpps = p_rpps;
    select a.person into v_by_mail from identity.account a where a.login = lower(p_mail);
    if v_by_mail is not null and (p_rpps is null or v_person is null) and not exists (
        select from identity.professional q where q.person = v_by_mail and p_rpps is not null
            and q.rpps <> p_rpps) then
        v_person := v_by_mail;
    end if;
    if v_by_mail is distinct from v_person and v_by_mail is not null
        or exists (select from access.patient t where t.id = v_person) then
        return query select 'mail_taken', null::uuid;
        return;
    end if;
    v_state := identity.account_state(v_person);
    if exists (select from access.post p where p.person = v_person
        and p.organisation = v_organisation and p.role = p_role and p.replaces is null
        and (p.ends_at is null or p.ends_at > p_starts_at)) then
        return query select 'held', v_person;
        return;
    end if;
    if v_person is not null and v_state in ('none', 'invited') and (
        exists (select from access.membership m where m.party = v_person
            and (m.ends_at is null or m.ends_at > v_now))
        or exists (select from access.post p where p.person = v_person
            and p.organisation <> v_organisation and (p.ends_at is null or p.ends_at > v_now))
    ) then
        return query select 'elsewhere', v_person;
        return;
    end if;
    if v_person is null then
        v_person := p_person;
        insert into access.party (id, kind, name, created_at)
        values (v_person, 'person', trim(p_given || ' ' || p_family), v_now);
        if p_rpps is not null then
            insert into identity.professional (person, rpps, family_name, given_names, changed_at)
            values (v_person, p_rpps, p_family, p_given, v_now);
        end if;
    end if;
    if v_state = 'none' then
        insert into identity.account (person, login, password_hash, created_at)
        values (v_person, lower(p_mail), '', v_now);
    end if;
    insert into access.post (id, person, organisation, role, starts_at, ends_at)
    values (p_post, v_person, v_organisation, p_role, p_starts_at, p_ends_at);
    if v_state in ('none', 'invited') then
        insert into messages.contact_point (id, party, channel, address, created_at)
        values (p_contact, v_person, 'email', p_mail, v_now)
        on conflict do nothing;
    end if;
    return query
        select case when v_state in ('none', 'invited') then 'invited' else 'given' end, v_person;
end;
$$;

-- Where the invitation of somebody who has not taken his up yet goes again.
create or replace function identity.admin_waiting(p_person uuid)
returns table (mail text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.address, a.locale
    from identity.account a
    join messages.contact_point c
        on c.party = a.person and c.channel = 'email' and c.ended_at is null
    where a.person = p_person and identity.account_state(p_person) = 'invited'
        and identity.is_of_this_alone(p_person, access.acting_organisation('accounts:manage'))
        and not exists (select from access.membership m where m.party = p_person)
    order by c.created_at
    limit 1;
end;

-- What the administrator decides on a post of his organisation; says what came of it.
create or replace function identity.admin_end_post(p_post uuid, p_ends_at timestamptz)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_person uuid;
begin
    select p.person into v_person from access.post p
    where p.id = p_post and p.organisation = access.acting_organisation('accounts:manage');
    return case
        when v_person is null then 'gone'
        when p_post = access.current_post() then 'self'
        when identity.end_post(p_post, p_ends_at) then 'done'
        else 'gone'
    end;
end;
$$;

-- What the administrator decides on an account: only on one that is of his organisation alone.
create or replace function identity.admin_account(
    p_person uuid, p_act text, p_expires_at timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_organisation constant uuid := access.acting_organisation('accounts:manage');
begin
    if v_organisation is null or not exists (select from access.post p
        where p.person = p_person and p.organisation = v_organisation) then
        return 'gone';
    elsif p_person = access.current_person() then
        return 'self';
    elsif not identity.is_of_this_alone(p_person, v_organisation) then
        return 'elsewhere';
    elsif p_act in ('suspend', 'resume') then
        return case when identity.suspend(p_person, p_act = 'suspend') then 'done' else 'gone' end;
    elsif p_act = 'expire' then
        update identity.account a set expires_at = p_expires_at where a.person = p_person;
        return case when found then 'done' else 'gone' end;
    end if;
    raise invalid_parameter_value using message = 'no such act';
end;
$$;

-- Let somebody with an account replace a post for some time: decided by the administrator of its
-- organisation, or by the person himself in that post. A substitute has no substitute.
create or replace function identity.substitute(
    p_id uuid, p_post uuid, p_login text, p_starts_at timestamptz, p_ends_at timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_replaced access.post;
    v_substitute uuid;
begin
    select * into v_replaced from access.post p
    where p.id = p_post and p.replaces is null and (p.ends_at is null or p.ends_at > p_starts_at)
        and (p.organisation = access.acting_organisation('accounts:manage')
            or p.id = access.current_post() and p.person = access.current_person())
    for update;
    if v_replaced.id is null then
        return 'gone';
    end if;
    select a.person into v_substitute
    from identity.account a
    left join identity.professional q on q.person = a.person
    where (a.login = lower(p_login) or q.rpps = p_login)
        and identity.is_live(a.disabled_at, a.expires_at)
        and not exists (select from access.patient t where t.id = a.person);
    if v_substitute is null then
        return 'nobody';
    elsif v_substitute = v_replaced.person then
        return 'self';
    elsif p_ends_at <= greatest(p_starts_at, v_now)
        or p_ends_at > p_starts_at + interval '1 year' then
        return 'dates';
    elsif exists (select from access.post s where s.replaces = p_post
        and s.person = v_substitute and s.starts_at < p_ends_at
        and (s.ends_at is null or s.ends_at > p_starts_at)) then
        return 'already';
    end if;
    insert into access.post (id, person, organisation, role, starts_at, ends_at, replaces)
    values (p_id, v_substitute, v_replaced.organisation, v_replaced.role, p_starts_at,
        least(p_ends_at, v_replaced.ends_at), p_post);
    return 'done';
end;
$$;

-- Who replaces the actor in his post, now or later.
create or replace function identity.my_substitutes()
returns table (post uuid, name text, starts_at timestamptz, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.id, y.name, s.starts_at, s.ends_at
    from access.post s
    join access.party y on y.id = s.person
    join access.post p on p.id = s.replaces and p.id = access.current_post()
        and p.person = access.current_person()
    where s.ends_at is null or s.ends_at > access.current_instant()
    order by s.starts_at;
end;

-- The actor needs no substitute any longer.
create or replace function identity.end_my_substitute(p_post uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    select identity.end_post(s.id, access.current_instant())
    from identity.my_substitutes() m
    join access.post s on s.id = m.post
    where s.id = p_post;
end;

-- Whether a patient has an account, for those who may change his identity or include him.
create or replace function identity.patient_account(p_patient uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select identity.account_state(t.id) from access.patient t
    where t.id = p_patient
        and (t.id = any (array(select access.visible_patients('identity:write')))
            or t.id = any (array(select access.visible_patients('monitoring:write'))));
end;

-- The telephone of the record, for whoever may invite the patient: the code goes there.
create or replace function identity.invitation_phone(p_patient uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.phone from identity.patient t
    where t.patient_id = p_patient and identity.patient_account(p_patient) is not null;
end;

-- Whether somebody else than the actor knew this telephone, or it has stood for a day: by then a
-- code sent there is not in the hands of whoever chose where the link goes.
create or replace function identity.phone_stands(p_patient uuid, p_by uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from identity.patient t
        where t.patient_id = p_patient and t.phone is not null
            and (t.changed_by is distinct from p_by
            or t.changed_at < access.current_instant() - interval '1 day')
        union all
        select from identity.patient t
        join identity.patient_history h on h.patient_id = t.patient_id
            and h.traits ->> 'phone' = t.phone
        where t.patient_id = p_patient and ((h.traits ->> 'changed_by')::uuid is distinct from p_by
            or h.until_at < access.current_instant() - interval '1 day')
    );
end;

-- An account for a patient, to be opened by invitation, and where that goes: never to a mailbox of
-- somebody who works here. Where whoever invites has link and code in hand on a record that others
-- know, these others are told.
drop function if exists identity.invite_patient(uuid, uuid, text);
create or replace function identity.invite_patient(
    p_patient uuid, p_contact uuid, p_mail text, p_code_by text, p_invitation uuid
)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_state constant text := identity.patient_account(p_patient);
    v_by constant uuid := access.current_person();
begin
    if v_state is null then
        raise insufficient_privilege using message = 'no right to invite this patient';
    elsif access.is_dead(p_patient) then
        return 'dead';
    elsif v_state not in ('none', 'invited') then
        return v_state;
    elsif exists (select from identity.account a
        where a.login = lower(p_mail) and a.person <> p_patient)
        or exists (select from messages.contact_point c
            join access.post p on p.person = c.party
            where c.channel = 'email' and c.ended_at is null and c.party <> p_patient
                and lower(c.address) = lower(p_mail)
                and (p.ends_at is null or p.ends_at > v_now)) then
        return 'mail_taken';
    end if;
    insert into identity.account (person, login, password_hash, created_at)
    values (p_patient, lower(p_mail), '', v_now)
    on conflict (person) do update set login = excluded.login;
    update messages.contact_point c set ended_at = v_now
    where c.party = p_patient and c.channel = 'email' and c.ended_at is null
        and c.address <> p_mail;
    insert into messages.contact_point (id, party, channel, address, created_at)
    values (p_contact, p_patient, 'email', p_mail, v_now)
    on conflict do nothing;
    insert into identity.patient_invitation
        (id, patient_id, mail, code_by, invited_by, invited_at)
    values (p_invitation, p_patient, p_mail, p_code_by, v_by, v_now);
    if not (p_code_by = 'sms' and identity.phone_stands(p_patient, v_by)) and exists (
        select from identity.patient t join access.patient r on r.id = t.patient_id
        where t.patient_id = p_patient and (t.registered_by is distinct from v_by
            or r.created_at < v_now - interval '1 day')) then
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        values (p_invitation, 'account_invited', p_invitation, p_patient, v_now);
    end if;
    return 'invited';
end;
$$;

alter table identity.patient_invitation enable row level security;

-- Who invited a patient, where to and how the code went, for those who may know who he is.
create or replace function identity.patient_invitations(p_patient uuid)
returns table (mail text, code_by text, invited_at timestamptz, by_name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.mail, i.code_by, i.invited_at, y.name
    from identity.patient_invitation i
    join access.party y on y.id = i.invited_by
    where i.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('identity:read')))
    order by i.invited_at desc
    limit 5;
end;

revoke execute on all functions in schema identity, access from public;
grant execute on function identity.admin_posts, identity.admin_invite, identity.admin_waiting,
    identity.admin_end_post, identity.admin_account, identity.substitute,
    identity.my_substitutes, identity.end_my_substitute, identity.patient_account,
    identity.invite_patient, identity.invitation_phone,
    identity.patient_invitations to chevet_app;
grant execute on function identity.end_post, identity.suspend, identity.account_state,
    identity.is_live to chevet_worker;
