-- What documents, actions and the tchat tell the timeline and the first page. What is hidden is asked
-- of one line after the other until the page is full, not of all there are.

-- Versions of the documents of a record that the actor reads, latest first from a place in it.
create or replace function coordination.documents_back(
    p_patient uuid, p_since timestamptz, p_before_at timestamptz, p_before_key text, p_most integer
) returns table (at timestamptz, key text, thing text, what text, name text, more text, author text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version coordination.document_version;
    v_found integer := 0;
begin
    if access.may_open(p_patient, 'documents:read') is not true then
        return;
    end if;
    for v_version in
        select v.* from coordination.document_version v
        where v.patient_id = any (access.record_of(p_patient)) and v.at >= p_since
            and v.at <= p_before_at
            and (v.at, ('documents:' || v.id) collate "C") < (p_before_at, p_before_key)
        order by v.at desc, v.id desc
    loop
        continue when access.hidden_from_me(v_version.item_id);
        return query
            select v_version.at, 'documents:' || v_version.id, v_version.item_id::text,
                case v_version.number when 1 then 'added' else 'revised' end, v_version.title, '',
                y.name
            from coordination.document_version v
            join access.party y on y.id = v.by
            where v.id = v_version.id;
        v_found := v_found + 1;
        exit when v_found >= p_most;
    end loop;
end;
$$;

-- What was said of the actions of a record that the actor sees, latest first from a place in it. Of
-- one that came from a note that he does not read, nothing.
create or replace function coordination.actions_back(
    p_patient uuid, p_since timestamptz, p_before_at timestamptz, p_before_key text, p_most integer
) returns table (at timestamptz, key text, thing text, what text, name text, more text, author text,
    withheld boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_event coordination.action_event;
    v_action coordination.action;
    v_found integer := 0;
begin
    if access.may_open(p_patient, 'actions:read') is not true then
        return;
    end if;
    for v_event in
        select e.* from coordination.action_event e
        where e.patient_id = any (access.record_of(p_patient)) and e.at >= p_since
            and e.at <= p_before_at
            and (e.at, ('actions:' || e.id) collate "C") < (p_before_at, p_before_key)
            and e.what in ('give', 'done', 'refuse', 'reopen', 'abandon', 'return')
        order by e.at desc, e.id desc
    loop
        select a.* into v_action from coordination.action a where a.item_id = v_event.item_id;
        continue when coordination.sees_action(v_action.item_id, v_action.patient_id,
            v_action.author, v_action.owner, v_action.owner_role, v_action.note_item) is not true;
        return query
            select v_event.at, 'actions:' || v_event.id, v_event.item_id::text, v_event.what,
                v_action.wording, v_event.words,
                (select y.name from access.party y where y.id = v_event.by_person),
                access.is_withheld(v_event.item_id)
                    or v_action.note_item is not null and access.is_withheld(v_action.note_item);
        v_found := v_found + 1;
        exit when v_found >= p_most;
    end loop;
end;
$$;

-- Rooms in which something waits for the actor: unread messages for his attention, and urgent ones
-- of the records he follows; one line for each room, its latest. Who reads a room, and since when, is
-- asked of one after the other until there are enough.
create or replace function coordination.chat_waiting(p_since timestamptz, p_most integer)
returns table (room_id uuid, kind text, patient_id uuid, patient_name text, sent timestamptz,
    author_name text, urgent boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_one record;
    v_found integer := 0;
begin
    for v_one in
        with mine as (
            select m.room_id, m.seq, m.patient_id, m.sent, m.author, m.author_name, m.urgent
            from coordination.chat_mention n
            join coordination.chat_message m on m.room_id = n.room_id and m.seq = n.seq
            where n.person = v_me and m.sent > p_since and m.withdrawn_at is null
            union all
            select m.room_id, m.seq, m.patient_id, m.sent, m.author, m.author_name, m.urgent
            from coordination.followed_since(p_since) f
            cross join lateral (
                select c.room_id, c.seq, c.patient_id, c.sent, c.author, c.author_name, c.urgent
                from coordination.chat_message c
                where c.patient_id = f.patient_id and c.urgent and c.withdrawn_at is null
                    and c.sent > p_since
                order by c.sent desc
                limit 10
            ) m
        ), unread as (
            select distinct on (m.room_id) m.room_id, m.patient_id, m.sent, m.author_name, m.urgent
            from mine m
            left join coordination.chat_reading g on g.room_id = m.room_id and g.person = v_me
            where m.author <> v_me and m.seq > coalesce(g.through, 0)
            order by m.room_id, m.urgent desc, m.sent desc
        )
        select u.room_id, r.kind, u.patient_id, y.name, u.sent, u.author_name, u.urgent
        from unread u
        join coordination.chat_room r on r.id = u.room_id
        left join access.party y on y.id = u.patient_id
        order by u.urgent desc, u.sent desc, u.room_id
    loop
        continue when not exists (
            select from coordination.chat_open_of('chat:read', v_one.patient_id) o
            where o.room_id = v_one.room_id and v_one.sent >= o.since
        );
        return query
            select v_one.room_id, v_one.kind, v_one.patient_id, v_one.name, v_one.sent,
                v_one.author_name, v_one.urgent;
        v_found := v_found + 1;
        exit when v_found >= p_most;
    end loop;
end;
$$;

revoke execute on function coordination.documents_back, coordination.actions_back,
    coordination.chat_waiting from public;
grant execute on function coordination.documents_back, coordination.actions_back,
    coordination.chat_waiting to chevet_app;
