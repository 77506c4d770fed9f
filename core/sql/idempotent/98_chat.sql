-- Rooms of a patient and conversations of professionals: who reads one, and since when.

-- Which roles read a room of a patient. Equal to coordination.chat.rooms.READERS; a test holds it so.
create or replace function coordination.chat_roles(p_kind text) returns text[]
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return case when p_kind in ('carers', 'team', 'patient') then
        array['gp', 'coordinating_doctor', 'home_nurse', 'pharmacist', 'physiotherapist',
            'telemonitoring_nurse', 'hospital_doctor']
    else '{}'::text[] end
    || case when p_kind in ('team', 'patient') then
        array['social_worker', 'dac_coordinator', 'home_help'] else '{}'::text[] end
    || case when p_kind = 'patient' then
        array['patient', 'carer', 'trusted_person', 'legal_representative',
            'property_representative'] else '{}'::text[] end;

-- Whether somebody is or ever was of the family: he reads neither of the two stricter rooms.
create or replace function coordination.chat_family(p_patient uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.membership m
        where m.party = p_person and m.patient_id = any (access.record_of(p_patient))
            and m.role in ('patient', 'carer', 'trusted_person', 'legal_representative',
                'property_representative')
    );
end;

-- Whether somebody works, now and in that post if one is named, where whoever opened a conversation
-- about no patient worked as he opened it: it stays in their house.
create or replace function coordination.chat_in_house(
    p_opened_by uuid, p_opened_at timestamptz, p_person uuid, p_post uuid
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.post mine
        join access.post his on his.organisation = mine.organisation
        where mine.person = p_person and (p_post is null or mine.id = p_post)
            and mine.starts_at <= access.current_instant()
            and (mine.ends_at is null or mine.ends_at > access.current_instant())
            and his.person = p_opened_by and his.starts_at <= p_opened_at
            and (his.ends_at is null or his.ends_at > p_opened_at)
    );
end;

-- The rooms the actor may use with a right, and since when each opens to him: those of the patient
-- in hand, and the conversations he is in. Nothing said before he came into the audience is his.
create or replace function coordination.chat_open(p_permission text)
returns table (room_id uuid, since timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient constant uuid := access.patient_in_hand();
    v_me constant uuid := access.current_person();
begin
    if v_me is null then
        return;
    end if;
    if v_patient is not null then
        return query
            with held as materialized (
                select h.role, m.patient_id, coalesce(j.since, m.starts_at) as since
                from access.held_for(v_patient) h
                join access.role_permission g on g.role = h.role and g.permission = p_permission
                    and (not g.needs_agreement or p_permission = any (h.agreed))
                join access.membership m on m.id = h.membership_id
                left join coordination.chat_since j on j.membership_id = m.id
            )
            -- Of a record merged into his, nobody reads what was said before they were one.
            select r.id, min(greatest(h.since, case when h.patient_id <> r.patient_id then (
                select max(l.linked_at) from access.patient_link l
                where l.unlinked_at is null
                    and (l.patient_id in (h.patient_id, r.patient_id)
                        or l.into_patient in (h.patient_id, r.patient_id))
            ) end))
            from coordination.chat_room r
            join held h on h.role = any (coordination.chat_roles(r.kind))
            where r.patient_id = any (access.record_of(v_patient))
                and (r.kind = 'patient' or not coordination.chat_family(v_patient, v_me))
                and not (access.closed_by_archive(p_permission) and access.is_archived(v_patient))
            group by r.id;
    end if;
    return query
        select m.room_id, case when r.patient_id is null then m.joined_at
            -- Whoever left the circle and came back has not read what was said meanwhile.
            else greatest(m.joined_at, (
                select min(coalesce(j.since, k.starts_at))
                from access.held_for(r.patient_id) h
                join access.role_permission g on g.role = h.role and g.permission = p_permission
                    and (not g.needs_agreement or p_permission = any (h.agreed))
                join access.membership k on k.id = h.membership_id
                left join coordination.chat_since j on j.membership_id = k.id
                where h.role = any (coordination.chat_roles('team'))
            )) end
        from coordination.chat_member m
        join coordination.chat_room r on r.id = m.room_id
        where m.person = v_me and m.left_at is null and r.kind in ('direct', 'group')
            and (v_patient is null or r.patient_id = any (access.record_of(v_patient)))
            and (r.patient_id is not null or access.current_post() is not null
                and coordination.chat_in_house(r.opened_by, r.opened_at, v_me, access.current_post()))
            and (r.patient_id is null or not coordination.chat_family(r.patient_id, v_me)
                and not (access.closed_by_archive(p_permission) and access.is_archived(r.patient_id))
                and exists (
                    select from access.held_for(r.patient_id) h
                    join access.role_permission g on g.role = h.role and g.permission = p_permission
                        and (not g.needs_agreement or p_permission = any (h.agreed))
                    where h.role = any (coordination.chat_roles('team'))
                ));
end;
$$;

create or replace function coordination.chat_reads(p_room uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select from coordination.chat_open('chat:read') o where o.room_id = p_room);
end;
$$;

-- Whose room one is, for whoever may talk in that record: a socket names the room alone.
create or replace function coordination.chat_patient(p_room uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.patient_id from coordination.chat_room r
    where r.id = p_room and access.may_open(r.patient_id, 'chat:read');
end;

-- The three rooms of a patient are there as soon as somebody looks for them.
create or replace function coordination.chat_begin(p_patient uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.chat_room (id, kind, patient_id, opened_at)
    select gen_random_uuid(), k.kind, p_patient, access.current_instant()
    from unnest(array['carers', 'team', 'patient']) k(kind)
    where access.may_open(p_patient, 'chat:read') and not exists (
        select from coordination.chat_room r where r.patient_id = p_patient and r.kind = k.kind
    )
    on conflict do nothing;
end;

-- Everybody who reads a room now, for whoever reads it: people of the circle, the staff of its
-- organisations through their posts and who replaces somebody; or the members of a conversation.
create or replace function coordination.chat_people(p_room uuid)
returns table (person uuid, name text, role text, organisation uuid, organisation_name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_room coordination.chat_room;
    v_now constant timestamptz := access.current_instant();
begin
    select r.* into v_room from coordination.chat_room r where r.id = p_room;
    if v_room.id is null or not coordination.chat_reads(p_room) then
        return;
    end if;
    if v_room.kind in ('direct', 'group') then
        return query
            select m.person, y.name, null::text, null::uuid, null::text
            from coordination.chat_member m
            join access.party y on y.id = m.person
            where m.room_id = p_room and m.left_at is null
                and (v_room.patient_id is not null
                    or coordination.chat_in_house(
                        v_room.opened_by, v_room.opened_at, m.person, null))
                and (v_room.patient_id is null
                    or access.party_in_circle(m.person, v_room.patient_id)
                    and not coordination.chat_family(v_room.patient_id, m.person))
            order by y.name, m.person;
        return;
    end if;
    return query
        with tied as (
            select m.party as person, m.role, null::uuid as organisation, m.agreed
            from access.membership m
            where m.patient_id = any (access.record_of(v_room.patient_id))
                and m.starts_at <= v_now and (m.ends_at is null or m.ends_at > v_now)
            union all
            select p.person, p.role, p.organisation, m.agreed
            from access.membership m
            join access.post p on p.organisation = m.party
            where m.patient_id = any (access.record_of(v_room.patient_id))
                and m.starts_at <= v_now and (m.ends_at is null or m.ends_at > v_now)
                and p.starts_at <= v_now and (p.ends_at is null or p.ends_at > v_now)
            union all
            select p.person, m.role, p.organisation, m.agreed
            from access.membership m
            join access.post r on r.person = m.party
            join access.post p on p.replaces = r.id
            where m.patient_id = any (access.record_of(v_room.patient_id))
                and m.basis = 'care_team'
                and m.starts_at <= v_now and (m.ends_at is null or m.ends_at > v_now)
                and p.starts_at <= v_now and (p.ends_at is null or p.ends_at > v_now)
        )
        select distinct on (t.person) t.person, y.name, t.role, t.organisation, o.name
        from tied t
        join access.party y on y.id = t.person and y.kind = 'person'
        join access.role_permission g on g.role = t.role and g.permission = 'chat:read'
            and (not g.needs_agreement or 'chat:read' = any (t.agreed))
        left join access.party o on o.id = t.organisation
        where t.role = any (coordination.chat_roles(v_room.kind))
            and (v_room.kind = 'patient'
                or not coordination.chat_family(v_room.patient_id, t.person))
        order by t.person, t.organisation nulls first, t.role;
end;
$$;

-- How far each of them has read, for whoever reads the room.
create or replace function coordination.chat_receipts(p_room uuid)
returns table (person uuid, name text, through bigint, at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select g.person, y.name, g.through, g.at
        from coordination.chat_reading g
        join access.party y on y.id = g.person
        where g.room_id = p_room and coordination.chat_reads(p_room)
        order by y.name, g.person;
end;
$$;

-- Tells some readers that a message waits, by mail and by notification: never a word of it. In the
-- transaction of the message; what is not urgent is told once a day until they have read on, and
-- what is urgent once a minute.
create or replace function coordination.chat_tell(
    p_room uuid, p_seq bigint, p_people uuid[], p_urgent boolean, p_path text, p_ways text[]
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into messages.outbox (id, key, recipient, channel, address, template, params, locale,
        state, created_at, next_attempt_at, about, weight, expires_at)
    select gen_random_uuid(),
        concat_ws(':', 'chat', p_room, case when p_urgent then 'u' || p_seq
            else 'r' || coalesce(g.through, 0) || '-'
                || to_char(access.current_instant(), 'YYYYMMDD') end, c.id),
        c.party, c.channel, c.address, 'record_notice', jsonb_build_object('path', p_path),
        coalesce(a.locale, 'fr'), 'waiting', access.current_instant(), access.current_instant(),
        r.patient_id, case when p_urgent then 'urgent' else 'notice' end,
        access.current_instant() + interval '1 day'
    from coordination.chat_room r
    cross join (
        select k.id, k.party, k.channel, k.address from messages.contact_point k
        where k.channel = 'email' and k.ended_at is null
        union all
        select n.id, n.party, 'push' as channel, n.id::text as address from messages.subscription n
        where n.ended_at is null
    ) c
    left join coordination.chat_reading g on g.room_id = p_room and g.person = c.party
    left join identity.account a on a.person = c.party
    where r.id = p_room and c.party = any (p_people) and c.channel = any (p_ways)
        and (p_urgent or g.muted_until is null or g.muted_until <= access.current_instant())
        and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
        and not (p_urgent and exists (
            select from messages.outbox o
            where o.key like 'chat:' || p_room || ':u%:' || c.id and o.recipient = c.party
                and o.state <> 'cancelled'
                and o.created_at > access.current_instant() - interval '1 minute'
        ))
    on conflict (key) do nothing;
end;

-- Whom an urgent message tells: everybody of the circle who reads the room; of an organisation those
-- who opened the room within a month, or all of them where nobody has.
create or replace function coordination.chat_urgent_people(p_room uuid) returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with readers as materialized (
        select p.person, p.organisation, exists (
            select from coordination.chat_reading g
            where g.room_id = p_room and g.person = p.person
                and g.at > access.current_instant() - interval '31 days'
        ) as knows
        from coordination.chat_people(p_room) p
    )
    select coalesce(array_agg(r.person), '{}') from readers r
    where r.organisation is null or r.knows or not exists (
        select from readers k where k.organisation = r.organisation and k.knows
    );
end;

-- Says something in a room. The room is locked for the moment, so that its numbers have no gap and
-- whoever has seen one number has seen all before it. What came of it: « said », « again » for the
-- same sent twice, « other » for another text with a key that is taken. Nothing for no such room.
create or replace function coordination.chat_say(
    p_id uuid, p_room uuid, p_key uuid, p_text text, p_urgent boolean, p_mentions uuid[],
    p_item uuid, p_path text, p_ways text[]
) returns table (outcome text, seq bigint, sent timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_now constant timestamptz := access.current_instant();
    v_room coordination.chat_room;
    v_was coordination.chat_message;
    v_sent timestamptz;
    v_told uuid[];
begin
    if not exists (select from coordination.chat_open('chat:write') o where o.room_id = p_room) then
        return;
    end if;
    select r.* into v_room from coordination.chat_room r where r.id = p_room for update;
    select m.* into v_was from coordination.chat_message m where m.author = v_me and m.key = p_key;
    if v_was.id is not null then
        return query select case when v_was.room_id = p_room and v_was.urgent = p_urgent
            and (v_was.text = p_text or v_was.withdrawn_at is not null) then 'again' else 'other'
            end, v_was.seq, v_was.sent;
        return;
    end if;
    v_sent := greatest(v_now, v_room.last_at);
    update coordination.chat_room r set last_seq = r.last_seq + 1, last_at = v_sent
    where r.id = p_room returning r.* into v_room;
    insert into coordination.chat_message (room_id, seq, id, key, patient_id, author, author_name,
        author_role, author_organisation, sent, urgent, text, item_id)
    select p_room, v_room.last_seq, p_id, p_key, v_room.patient_id, v_me, y.name,
        coalesce(
            case when v_room.patient_id is not null then (
                select min(h.role) from access.held_for(v_room.patient_id) h
                where h.role = any (coordination.chat_roles('patient'))
            ) end,
            (select p.role from access.post p where p.id = access.current_post()), 'professional'),
        (select o.name from access.party o where o.id = access.current_organisation()),
        v_sent, p_urgent, p_text, case when access.reads_item(p_item) then p_item end
    from access.party y where y.id = v_me;
    insert into coordination.chat_mention (room_id, seq, person)
    select p_room, v_room.last_seq, p.person from coordination.chat_people(p_room) p
    where cardinality(p_mentions) > 0 and p.person = any (p_mentions) and p.person <> v_me;
    perform coordination.chat_read(p_room, v_room.last_seq);
    if p_urgent then
        v_told := array_remove(coordination.chat_urgent_people(p_room), v_me);
    elsif v_room.kind in ('direct', 'group') then
        v_told := array(select p.person from coordination.chat_people(p_room) p
            where p.person <> v_me);
    else
        v_told := array(select n.person from coordination.chat_mention n
            where n.room_id = p_room and n.seq = v_room.last_seq);
    end if;
    if cardinality(v_told) > 0 then
        perform coordination.chat_tell(p_room, v_room.last_seq, v_told, p_urgent, p_path, p_ways);
    end if;
    perform pg_notify('chevet_chat', p_room || ' ' || v_room.last_seq);
    return query select 'said'::text, v_room.last_seq, v_sent;
end;
$$;

-- The actor has read a room so far; it never goes back.
create or replace function coordination.chat_read(p_room uuid, p_through bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.chat_reading as g (room_id, person, through, at)
    select r.id, access.current_person(), greatest(0, least(p_through, r.last_seq)),
        access.current_instant()
    from coordination.chat_room r
    where r.id = p_room and coordination.chat_reads(p_room)
    on conflict (room_id, person) do update
        set through = greatest(g.through, excluded.through), at = excluded.at
        where excluded.through > g.through
            or excluded.at > g.at + interval '1 hour';
end;
$$;

-- Nothing but what is urgent is told for some hours, a week at most; 0 ends it.
create or replace function coordination.chat_mute(p_room uuid, p_hours integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_hours not between 0 and 168 or not coordination.chat_reads(p_room) then
        return false;
    end if;
    insert into coordination.chat_reading as g (room_id, person, through, at, muted_until)
    values (p_room, access.current_person(), 0, access.current_instant(),
        access.current_instant() + make_interval(hours => p_hours))
    on conflict (room_id, person) do update set muted_until = excluded.muted_until;
    return true;
end;
$$;

-- Whether the actor moderates a room: whoever manages the circle, or opened the group.
create or replace function coordination.chat_moderates(p_room uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return coordination.chat_reads(p_room) and exists (
        select from coordination.chat_room r
        where r.id = p_room and case when r.kind in ('direct', 'group')
            then r.kind = 'group' and r.opened_by = access.current_person()
            else access.may_open(r.patient_id, 'circle:manage') end
    );
end;
$$;

-- Withdraws a message: one's own within a quarter of an hour, any by who moderates, with a reason.
-- The words are kept apart and shown nowhere; what was to be told of it is called off.
create or replace function coordination.chat_withdraw(p_room uuid, p_seq bigint, p_reason text)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_now constant timestamptz := access.current_instant();
    v_was coordination.chat_message;
    v_own boolean;
begin
    select m.* into v_was from coordination.chat_message m
    join coordination.chat_open('chat:write') o on o.room_id = m.room_id and m.sent >= o.since
    where m.room_id = p_room and m.seq = p_seq
    for update of m;
    if v_was.id is null then
        return 'gone';
    end if;
    if v_was.withdrawn_at is not null then
        return 'again';
    end if;
    v_own := v_was.author = v_me and v_now <= v_was.sent + interval '15 minutes';
    if not v_own and not coordination.chat_moderates(p_room) then
        return case when v_was.author = v_me then 'late' else 'not_allowed' end;
    end if;
    if not v_own and coalesce(btrim(p_reason), '') = '' then
        return 'reason';
    end if;
    insert into coordination.chat_withdrawn (room_id, seq, text) values (p_room, p_seq, v_was.text);
    update coordination.chat_message m set text = '', withdrawn_by = v_me,
        withdrawn_at = greatest(v_now, m.sent),
        reason = case when not v_own then p_reason end
    where m.room_id = p_room and m.seq = p_seq;
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.key like 'chat:' || p_room || ':u' || p_seq || ':%' and o.state in ('waiting', 'sending');
    perform pg_notify('chevet_chat', p_room || ' ' || p_seq);
    return 'withdrawn';
end;
$$;

-- With whom a professional may begin a conversation: about a patient, the professionals of the
-- circle; about none, those of his organisation.
create or replace function coordination.chat_colleagues(p_patient uuid)
returns table (person uuid, name text, role text, organisation_name text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_team uuid;
begin
    if p_patient is null then
        return query
            select distinct on (y.name, y.id) y.id, y.name, p.role, o.name
            from access.post p
            join access.party y on y.id = p.person
            join access.party o on o.id = p.organisation
            where p.organisation = access.current_organisation()
                and exists (select from access.post mine
                    where mine.id = access.current_post() and mine.starts_at <= v_now
                        and (mine.ends_at is null or mine.ends_at > v_now))
                and p.starts_at <= v_now and (p.ends_at is null or p.ends_at > v_now)
                and p.person <> access.current_person()
            order by y.name, y.id;
        return;
    end if;
    select r.id into v_team from coordination.chat_room r
    where r.patient_id = p_patient and r.kind = 'team';
    return query
        select p.person, p.name, p.role, p.organisation_name
        from coordination.chat_people(v_team) p
        where p.person <> access.current_person()
        order by p.name, p.person;
end;
$$;

-- Begins a conversation; of two people there is one, which is given again. Null for who may not.
create or replace function coordination.chat_found(
    p_id uuid, p_patient uuid, p_title text, p_people uuid[]
) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_now constant timestamptz := access.current_instant();
    v_people uuid[];
    v_room uuid;
begin
    if p_patient is not null
        and not p_patient = any (array(select access.visible_patients('chat:write'))) then
        return null;
    end if;
    v_people := array(select c.person from coordination.chat_colleagues(p_patient) c
        where c.person = any (p_people));
    if cardinality(v_people) = 0 or cardinality(v_people) <> cardinality(p_people)
        or cardinality(v_people) > 30 then
        return null;
    end if;
    if p_title is null then
        if cardinality(v_people) <> 1 then
            return null;
        end if;
        perform pg_advisory_xact_lock(hashtextextended('chat ' || least(v_me, v_people[1]) || ' '
            || greatest(v_me, v_people[1]), 0));
        select r.id into v_room from coordination.chat_room r
        where r.kind = 'direct' and r.patient_id is not distinct from p_patient
            and coordination.chat_reads(r.id)
            and (select array_agg(m.person order by m.person) from coordination.chat_member m
                where m.room_id = r.id and m.left_at is null)
            = (select array_agg(x.p order by x.p) from unnest(v_people || v_me) x(p))
            and exists (select from coordination.chat_member m
                where m.room_id = r.id and m.person = v_me and m.left_at is null);
        if v_room is not null then
            return v_room;
        end if;
    end if;
    insert into coordination.chat_room (id, kind, patient_id, title, opened_by, opened_at)
    values (p_id, case when p_title is null then 'direct' else 'group' end, p_patient, p_title,
        v_me, v_now);
    insert into coordination.chat_member (room_id, person, joined_at, added_by)
    select p_id, x.p, v_now, v_me from unnest(v_people || v_me) x(p);
    return p_id;
end;
$$;

-- Somebody more in a group: he reads what is said from now on.
create or replace function coordination.chat_add(p_room uuid, p_person uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.chat_member (room_id, person, joined_at, added_by)
    select r.id, c.person, greatest(access.current_instant(), r.last_at + interval '1 microsecond'),
        access.current_person()
    from coordination.chat_room r
    cross join lateral coordination.chat_colleagues(r.patient_id) c
    where r.id = p_room and r.kind = 'group' and c.person = p_person
        and exists (
            select from coordination.chat_open('chat:write') o where o.room_id = p_room
        )
    on conflict do nothing;
    return found;
end;
$$;

-- Leaves a conversation: nothing of it is told any more.
create or replace function coordination.chat_leave(p_room uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.chat_member m
    set left_at = greatest(access.current_instant(), m.joined_at)
    where m.room_id = p_room and m.person = access.current_person() and m.left_at is null;
    if not found then
        return false;
    end if;
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.key like 'chat:' || p_room || ':%' and o.recipient = access.current_person()
        and o.state in ('waiting', 'sending');
    return true;
end;
$$;

-- Which of some open sockets may go on: the session lives and its person reads the room. Asked
-- every few seconds for all sockets of a process at once; numbers of the lists, from one.
create or replace function coordination.chat_listening(
    p_sessions uuid[], p_rooms uuid[]
) returns integer[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_live integer[] := '{}';
    v_one record;
begin
    for v_one in
        select a.n, a.room, s.person, s.post, r.patient_id
        from unnest(p_sessions, p_rooms) with ordinality as a(session, room, n)
        join identity.session s on s.id = a.session
        join identity.account k on k.person = s.person and identity.is_live(k.disabled_at, k.expires_at)
        join coordination.chat_room r on r.id = a.room
        left join access.post p on p.id = s.post
        where s.ended_at is null and s.ends_at > v_now and s.aal = 'two'
            and s.last_seen_at > v_now - make_interval(secs => s.idle_seconds)
            and (s.post is null or (p.starts_at <= v_now and (p.ends_at is null or p.ends_at > v_now)))
    loop
        perform set_config('chevet.person', v_one.person::text, true),
            set_config('chevet.post', coalesce(v_one.post::text, ''), true),
            set_config('chevet.patient', coalesce(v_one.patient_id::text, ''), true);
        if coordination.chat_reads(v_one.room) then
            v_live := v_live || v_one.n::integer;
        end if;
    end loop;
    perform set_config('chevet.person', '', true), set_config('chevet.post', '', true),
        set_config('chevet.patient', '', true);
    return v_live;
end;
$$;

-- Removes what is older than an instant, in whole ranges from the beginning of a room, and notes
-- which; some rooms at once. Returns how many messages.
create or replace function coordination.chat_retire(p_before timestamptz, p_rooms integer)
returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_one record;
    v_count bigint := 0;
begin
    for v_one in
        select r.id, r.removed_through, old.seq
        from coordination.chat_room r
        cross join lateral (
            select max(m.seq) as seq from coordination.chat_message m
            where m.room_id = r.id and m.sent < p_before
        ) old
        where old.seq is not null
        order by r.id limit p_rooms
        for update of r skip locked
    loop
        delete from coordination.chat_message m where m.room_id = v_one.id and m.seq <= v_one.seq;
        insert into coordination.chat_removed (room_id, first, last, removed_at)
        values (v_one.id, v_one.removed_through + 1, v_one.seq, access.current_instant());
        update coordination.chat_room r set removed_through = v_one.seq where r.id = v_one.id;
        v_count := v_count + v_one.seq - v_one.removed_through;
    end loop;
    return v_count;
end;
$$;

-- A member whose role or agreement changes comes into another audience now, not when he joined; so
-- does one whose stay goes on after it had ended, as when a record is shared again.
create or replace function coordination.chat_audience_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if new.role <> old.role
        or (new.agreed @> array['chat:read'] and not old.agreed @> array['chat:read'])
        or (old.ends_at <= coalesce(access.current_instant(), pg_catalog.now())
            and (new.ends_at is null
                or new.ends_at > coalesce(access.current_instant(), pg_catalog.now())))
    then
        insert into coordination.chat_since (membership_id, since)
        values (new.id, coalesce(access.current_instant(), pg_catalog.now()))
        on conflict (membership_id) do update set since = excluded.since;
    end if;
    return null;
end;
$$;
create or replace trigger chat_audience_changes after update of role, agreed, ends_at on access.membership
    for each row execute function coordination.chat_audience_changed();

drop policy if exists person_reads on coordination.chat_room;
create policy person_reads on coordination.chat_room for select to chevet_app
    using (id in (select o.room_id from coordination.chat_open('chat:read') o));
drop policy if exists person_reads on coordination.chat_message;
create policy person_reads on coordination.chat_message for select to chevet_app
    using (exists (
        select from coordination.chat_open('chat:read') o
        where o.room_id = chat_message.room_id and chat_message.sent >= o.since
    ));
drop policy if exists person_reads on coordination.chat_mention;
create policy person_reads on coordination.chat_mention for select to chevet_app
    using (exists (
        select from coordination.chat_message m
        where m.room_id = chat_mention.room_id and m.seq = chat_mention.seq
    ));
drop policy if exists person_reads on coordination.chat_reading;
create policy person_reads on coordination.chat_reading for select to chevet_app
    using (person = access.current_person());
grant select on coordination.chat_room, coordination.chat_message, coordination.chat_mention,
    coordination.chat_reading to chevet_app;

revoke execute on function coordination.chat_roles, coordination.chat_family, coordination.chat_in_house,
    coordination.chat_open,
    coordination.chat_reads, coordination.chat_patient, coordination.chat_begin, coordination.chat_people,
    coordination.chat_receipts, coordination.chat_tell, coordination.chat_urgent_people,
    coordination.chat_say, coordination.chat_read, coordination.chat_mute,
    coordination.chat_moderates, coordination.chat_withdraw, coordination.chat_colleagues,
    coordination.chat_found, coordination.chat_add, coordination.chat_leave,
    coordination.chat_listening, coordination.chat_retire, coordination.chat_audience_changed
    from public;
grant execute on function coordination.chat_open, coordination.chat_patient, coordination.chat_begin,
    coordination.chat_people, coordination.chat_receipts, coordination.chat_say,
    coordination.chat_read, coordination.chat_mute, coordination.chat_moderates,
    coordination.chat_withdraw, coordination.chat_colleagues, coordination.chat_found,
    coordination.chat_add, coordination.chat_leave to chevet_app;
grant execute on function coordination.chat_retire to chevet_worker;
grant usage on schema coordination to chevet_gate;
grant execute on function coordination.chat_listening to chevet_gate;
