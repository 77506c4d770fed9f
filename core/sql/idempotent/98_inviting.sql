-- Invitations into a circle: by whoever manages it, to somebody who may not be on the platform yet.

-- Whether one more may go out: 30 a day from one person and 3 a day to one address (proposed).
create or replace function coordination.may_invite(p_patient uuid, p_address text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case
        when not p_patient = any (array(select access.visible_patients('circle:manage')))
            or access.is_dead(p_patient) then 'not_allowed'
        when exists (
            select from coordination.invitation i
            where i.patient_id = any (access.record_of(p_patient)) and i.address = lower(p_address)
                and i.answer is null
        ) then 'waiting'
        when (
            select coalesce(sum(i.sends), 0) from coordination.invitation i
            where i.invited_by = access.current_person()
                and i.invited_at > access.current_instant() - interval '1 day'
        ) >= 30 or (
            select coalesce(sum(i.sends), 0) from coordination.invitation i
            where i.address = lower(p_address)
                and i.invited_at > access.current_instant() - interval '1 day'
        ) >= 3 then 'too_many'
        else 'yes'
    end;
end;

-- Who has an RPPS number, for an invitation from the directory: where his mail goes.
create or replace function coordination.find_by_rpps(p_patient uuid, p_rpps text)
returns table (party uuid, name text, address text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select q.person, y.name, lower(coalesce((
        select c.address from messages.contact_point c
        where c.party = q.person and c.channel = 'email' and c.ended_at is null
        order by c.created_at, c.address limit 1
    ), q.mssante, ''))
    from identity.professional q
    join access.party y on y.id = q.person
    where q.rpps = p_rpps and q.active
        and p_patient = any (array(select access.visible_patients('circle:manage')));
end;

-- Mails that wait to be sent for an invitation are called off: another one follows, or none.
create or replace function coordination.call_off_invitation(p_invitation uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.key like 'invitation:' || p_invitation || ':%' and o.state in ('waiting', 'sending');
end;

-- The mail of an invitation goes out, with a link of its own: the one before serves no more.
create or replace function coordination.mail_invitation(
    p_patient uuid, p_waiting uuid, p_message uuid, p_token_hash bytea, p_sealed text,
    p_locale text, p_ends_at timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_address text;
    v_sends smallint;
    v_by text;
begin
    update coordination.invitation i
    set token_hash = p_token_hash, sends = i.sends + 1, expires_at = p_ends_at
    where i.id = p_waiting and i.answer is null and i.sends < 5
        and i.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('circle:manage')))
    returning i.address, i.sends,
        (select y.name from access.party y where y.id = access.current_person())
    into v_address, v_sends, v_by;
    if v_address is null then
        return false;
    end if;
    perform coordination.call_off_invitation(p_waiting);
    insert into messages.outbox (id, key, recipient, channel, address, template, params, locale,
        state, created_at, next_attempt_at, weight, expires_at)
    values (p_message, concat_ws(':', 'invitation', p_waiting, v_sends), null, 'email', v_address,
        'circle_invitation', jsonb_build_object('token', p_sealed, 'by', v_by), p_locale,
        'waiting', access.current_instant(), access.current_instant(), 'notice', p_ends_at);
    return true;
end;
$$;

-- Whoever manages the circle takes an invitation back.
create or replace function coordination.withdraw_invitation(p_patient uuid, p_waiting uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.invitation i
    set answer = 'withdrawn', answered_at = access.current_instant(),
        answered_by = access.current_person()
    where i.id = p_waiting and i.answer is null
        and i.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('circle:manage')));
    if not found then
        return false;
    end if;
    perform coordination.call_off_invitation(p_waiting);
    return true;
end;
$$;

-- Whether an invitation can still be answered: whoever invited has to be in the circle himself.
create or replace function coordination.invitation_stands(p_invitation uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.invitation i
        where i.id = p_invitation and i.answer is null
            and i.expires_at > access.current_instant() and not access.is_dead(i.patient_id)
            and access.party_in_circle(i.invited_by, i.patient_id)
    );
end;

-- What the page behind a link says before anybody signed in: who invites, and nothing of the patient.
create or replace function coordination.gate_invitation(p_token_hash bytea)
returns table (id uuid, invited_by_name text, role text, family boolean, expires_at timestamptz,
    asked boolean, confirmed boolean, has_office boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.id, y.name, i.role, access.is_family_role(i.role), i.expires_at,
        i.asked_at is not null, i.person is not null, i.organisation is not null
    from coordination.invitation i
    join access.party y on y.id = i.invited_by
    where i.token_hash = p_token_hash and coordination.invitation_stands(i.id);
end;

-- Somebody without an account asks for one, by the link: whoever confirms it decides who he is.
create or replace function coordination.gate_ask_account(
    p_token_hash bytea, p_family text, p_given text, p_rpps text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.invitation i
    set asked_family = p_family, asked_given = p_given, asked_rpps = p_rpps, asks = i.asks + 1,
        asked_at = access.current_instant()
    where i.token_hash = p_token_hash and i.person is null and i.asks < 5
        and coordination.invitation_stands(i.id)
        and (access.is_family_role(i.role) or p_rpps is not null)
        and (i.rpps is null or i.rpps = p_rpps);
    return found;
end;
$$;

-- Whether the actor is whom an invitation was written to: by the account that was opened for it, by the
-- mail address his account opened with, or by the RPPS number that it names.
create or replace function coordination.is_for_me(p_invitation uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.invitation i
        where i.id = p_invitation and case when i.person is not null
            then i.person = access.current_person()
            when i.rpps is not null then exists (
                select from identity.professional q
                where q.person = access.current_person() and q.rpps = i.rpps and q.active
            )
            else exists (
                select from identity.account a
                where a.person = access.current_person() and a.login = i.address
            ) end
    );
end;

-- Invitations that wait for the actor. The patient is named to whoever proved to be whom it is for: a
-- professional by his RPPS number, somebody close by the account that was opened for him.
create or replace function coordination.my_invitations()
returns table (id uuid, invited_by_name text, organisation_name text, patient_name text, role text,
    family boolean, proved boolean, invited_at timestamptz, expires_at timestamptz,
    stay_ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.id, y.name, o.name, case when f.proved then p.name else '' end, i.role, f.family,
        f.proved, i.invited_at, i.expires_at, i.stay_ends_at
    from coordination.invitation i
    join access.party y on y.id = i.invited_by
    join access.party p on p.id = access.kept_patient(i.patient_id)
    left join access.party o on o.id = i.organisation
    cross join lateral (
        select access.is_family_role(i.role) as family, access.is_family_role(i.role) or exists (
            select from identity.professional q
            where q.person = access.current_person() and q.active and q.rpps is not null
        ) as proved
    ) f
    where i.id in (
            select w.id from coordination.invitation w
            where w.answer is null and w.person = access.current_person()
            union all
            select w.id from coordination.invitation w
            where w.answer is null and w.rpps = any (array(
                select q.rpps from identity.professional q
                where q.person = access.current_person() and q.active
            ))
            union all
            select w.id from coordination.invitation w
            where w.answer is null and w.address = any (array(
                select a.login from identity.account a where a.person = access.current_person()
            ))
        )
        and i.answer is null and i.expires_at > access.current_instant()
        and coordination.is_for_me(i.id) and coordination.invitation_stands(i.id)
    order by i.invited_at desc, i.id;
end;

-- The invited accepts, and is in the circle from now on with what the invitation says; or refuses.
create or replace function coordination.answer_invitation(
    p_waiting uuid, p_membership uuid, p_id uuid, p_accepts boolean
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
    v_i coordination.invitation;
begin
    select i.* into v_i from coordination.invitation i where i.id = p_waiting for update;
    if v_me is null or v_i.id is null or not coordination.is_for_me(p_waiting)
        or not coordination.invitation_stands(p_waiting) then
        return 'gone';
    end if;
    if not p_accepts then
        update coordination.invitation i
        set answer = 'refused', answered_at = v_now, answered_by = v_me, person = v_me
        where i.id = p_waiting;
        return 'refused';
    end if;
    if not access.is_family_role(v_i.role) and not exists (
        select from identity.professional q
        where q.person = v_me and q.active and q.rpps is not null
            and (v_i.rpps is null or q.rpps = v_i.rpps)
    ) then
        return 'unproved';
    end if;
    if v_me = any (access.record_of(v_i.patient_id)) or v_i.stay_ends_at <= v_now or exists (
        select from access.membership m
        where m.patient_id = any (access.record_of(v_i.patient_id)) and m.party = v_me
            and m.role = v_i.role and m.starts_at <= v_now
            and (m.ends_at is null or m.ends_at > v_now)
    ) then
        return 'already';
    end if;
    insert into access.membership (id, patient_id, party, role, basis, agreed, starts_at, ends_at,
        granted_by)
    values (p_membership, v_i.patient_id, v_me, v_i.role, v_i.basis, v_i.agreed, v_now,
        v_i.stay_ends_at, v_i.invited_by);
    if v_i.text_id is not null then
        insert into coordination.consent (id, patient_id, membership_id, text_id, text_version,
            wording, permissions, given_on, given_by, means, recorded_by, recorded_at)
        values (p_id, v_i.patient_id, p_membership, v_i.text_id, v_i.text_version, v_i.wording,
            v_i.agreed, v_i.given_on, v_i.patient_id, v_i.means, v_i.invited_by, v_now);
    end if;
    update coordination.invitation i
    set answer = 'accepted', answered_at = v_now, answered_by = v_me, person = v_me,
        membership_id = p_membership
    where i.id = p_waiting;
    return 'accepted';
end;
$$;

-- Where an answered invitation leads, for whoever answered it.
create or replace function coordination.patient_of_invitation(p_waiting uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.patient_id from coordination.invitation i
    where i.id = p_waiting and i.answered_by = access.current_person()
        and i.answer = 'accepted';
end;

revoke execute on function coordination.may_invite, coordination.find_by_rpps,
    coordination.call_off_invitation, coordination.mail_invitation,
    coordination.withdraw_invitation, coordination.invitation_stands,
    coordination.gate_invitation, coordination.gate_ask_account, coordination.is_for_me,
    coordination.my_invitations, coordination.answer_invitation,
    coordination.patient_of_invitation from public;
grant usage on schema coordination to chevet_gate;
grant execute on function coordination.gate_invitation, coordination.gate_ask_account
    to chevet_gate;
grant execute on function coordination.may_invite, coordination.find_by_rpps,
    coordination.mail_invitation, coordination.withdraw_invitation, coordination.my_invitations,
    coordination.answer_invitation, coordination.patient_of_invitation to chevet_app;

alter table coordination.invitation enable row level security;
drop policy if exists person_reads on coordination.invitation;
create policy person_reads on coordination.invitation for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('circle:manage'))));
drop policy if exists person_invites on coordination.invitation;
create policy person_invites on coordination.invitation for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('circle:manage')))
        and invited_by = access.current_person());
grant insert (id, patient_id, invited_by, organisation, name, address, role, basis, agreed, rpps,
    stay_ends_at, text_id, text_version, wording, means, given_on, person, token_hash, invited_at,
    expires_at) on coordination.invitation to chevet_app;
grant select (id, patient_id) on coordination.invitation to chevet_app;

-- The invitations of a circle for whoever manages it, with what came of the last mail.
create or replace view doorway.invitation with (security_barrier) as
-- Where a professional signs in is not shown to whoever knew his number alone.
select i.id, i.patient_id, i.name,
    case when i.rpps is not null and exists (
        select from identity.professional q
        join messages.contact_point c on c.party = q.person and c.channel = 'email'
            and c.ended_at is null
        where q.rpps = i.rpps and lower(c.address) = i.address
    ) then '' else i.address end as address,
    i.role, i.role in ('carer', 'trusted_person') as family,
    y.name as invited_by_name, i.invited_at, i.expires_at, i.sends, i.answer, i.answered_at,
    coalesce(i.asked_family, '') as asked_family, coalesce(i.asked_given, '') as asked_given,
    i.asked_at, i.confirmed_at, i.person is not null as known,
    exists (
        select from messages.outbox o
        where o.key = concat_ws(':', 'invitation', i.id, i.sends) and o.state = 'dead'
    ) as undeliverable
from coordination.invitation i
join access.party y on y.id = i.invited_by
where i.patient_id = any (array(select access.visible_patients('circle:manage')));
comment on view doorway.invitation is
    'The invitations into the circles that the actor manages.';
grant select on doorway.invitation to chevet_app;
