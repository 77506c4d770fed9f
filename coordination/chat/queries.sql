-- name: begin
-- The three rooms of a patient are there.
select coordination.chat_begin(%(patient)s);

-- name: rooms
-- The rooms the actor reads, with what waits for him in each; strictest first, then the latest.
select r.id, r.kind, r.patient_id, r.title, r.last_seq, r.last_at, r.removed_through,
    (select o.since from coordination.chat_open('chat:read') o where o.room_id = r.id) as since,
    coalesce(g.through, 0) as through, g.muted_until,
    coalesce(w.unread, 0)::integer as unread, coalesce(w.for_me, 0)::integer as for_me
from coordination.chat_room r
left join coordination.chat_reading g on g.room_id = r.id
cross join lateral (
    select count(*) as unread, count(*) filter (where u.urgent or u.mine) as for_me
    from (
        select m.urgent, exists (
            select from coordination.chat_mention n
            where n.room_id = m.room_id and n.seq = m.seq and n.person = access.current_person()
        ) as mine
        from coordination.chat_message m
        where m.room_id = r.id and m.seq > coalesce(g.through, 0)
            and m.author <> access.current_person() and m.withdrawn_at is null
        order by m.seq desc
        limit 200
    ) u
) w
where %(room)s::uuid is null or r.id = %(room)s
order by array_position(array['carers', 'team', 'patient'], r.kind) nulls last,
    r.last_at desc nulls last, r.id
limit 200;

-- name: patient_of
-- The patient a room is of, for whoever may talk in that record.
select coordination.chat_patient(%(room)s) as room;

-- name: messages
-- Messages of a room between two numbers, the last ones first.
select m.seq, m.author, m.author_name, m.author_role, m.author_organisation, m.sent, m.urgent,
    m.text, case when m.item_id is not null and access.reads_item(m.item_id) then m.item_id end
        as item_id, m.withdrawn_at, coalesce(m.withdrawn_by = m.author, false) as withdrawn_by_author,
    m.reason, array(
        select n.person from coordination.chat_mention n
        where n.room_id = m.room_id and n.seq = m.seq order by n.person
    ) as mentions
from coordination.chat_message m
where m.room_id = %(room)s and m.seq > %(after)s and m.seq < %(before)s
order by m.seq desc
limit %(most)s;

-- name: next_messages
-- The next messages of a room after a number, in their order.
select m.seq, m.author, m.author_name, m.author_role, m.author_organisation, m.sent, m.urgent,
    m.text, case when m.item_id is not null and access.reads_item(m.item_id) then m.item_id end
        as item_id, m.withdrawn_at, coalesce(m.withdrawn_by = m.author, false) as withdrawn_by_author,
    m.reason, array(
        select n.person from coordination.chat_mention n
        where n.room_id = m.room_id and n.seq = m.seq order by n.person
    ) as mentions
from coordination.chat_message m
where m.room_id = %(room)s and m.seq > %(after)s
order by m.seq
limit %(most)s;

-- name: withdrawn
-- Messages of a room withdrawn lately, as they stand now: a browser may still show their words.
select m.seq, m.author, m.author_name, m.author_role, m.author_organisation, m.sent, m.urgent,
    m.text, case when m.item_id is not null and access.reads_item(m.item_id) then m.item_id end
        as item_id, m.withdrawn_at, coalesce(m.withdrawn_by = m.author, false) as withdrawn_by_author,
    m.reason, '{}'::uuid[] as mentions
from coordination.chat_message m
where m.room_id = %(room)s and m.seq <= %(after)s and m.withdrawn_at is not null
    and m.withdrawn_at > access.current_instant() - interval '1 day'
order by m.seq desc
limit 100;

-- name: found
-- Messages of a room that hold every word, or part of a word, that is looked for; latest first.
select m.seq, m.author, m.author_name, m.author_role, m.author_organisation, m.sent, m.urgent,
    m.text, case when m.item_id is not null and access.reads_item(m.item_id) then m.item_id end
        as item_id, m.withdrawn_at, false as withdrawn_by_author, m.reason,
    '{}'::uuid[] as mentions
from coordination.chat_message m
where m.room_id = %(room)s and m.withdrawn_at is null
    and coordination.holds(m.text || ' ' || m.author_name, %(words)s)
order by m.seq desc
limit %(most)s;

-- name: people
-- Everybody who reads a room.
select person, name, role, organisation, organisation_name from coordination.chat_people(%(room)s);

-- name: receipts
-- How far everybody has read a room.
select person, name, through, at from coordination.chat_receipts(%(room)s);

-- name: say
-- Something is said in a room; sent twice it is there once.
select outcome, seq, sent from coordination.chat_say(%(id)s, %(room)s, %(key)s, %(text)s,
    %(urgent)s, %(mentions)s, %(item)s, %(path)s, %(ways)s);

-- name: read
-- The actor has read a room so far.
select coordination.chat_read(%(room)s, %(through)s);

-- name: mute
-- The actor is told of nothing but what is urgent for some hours.
select coordination.chat_mute(%(room)s, %(hours)s) as done;

-- name: moderates
-- Whether the actor moderates a room.
select coordination.chat_moderates(%(room)s) as done;

-- name: withdraw
-- A message is withdrawn.
select coordination.chat_withdraw(%(room)s, %(seq)s, %(reason)s) as outcome;

-- name: colleagues
-- With whom the actor may begin a conversation.
select person, name, role, null::uuid as organisation, organisation_name
from coordination.chat_colleagues(%(patient)s);

-- name: found_conversation
-- A conversation begins, or the one there is already is given again.
select coordination.chat_found(%(id)s, %(patient)s, %(title)s, %(people)s) as room;

-- name: add
-- Somebody more is in a group.
select coordination.chat_add(%(room)s, %(person)s) as done;

-- name: leave
-- The actor leaves a conversation.
select coordination.chat_leave(%(room)s) as done;

-- name: listening
-- Which of some open sockets may go on, by their places from one.
select coordination.chat_listening(%(sessions)s, %(rooms)s) as live;

-- name: retire
-- Messages older than an instant go, in whole ranges.
select coordination.chat_retire(%(before)s, %(rooms)s) as count;

-- name: waiting
-- Rooms in which something urgent, or for his attention, waits for the actor.
select room_id, kind, patient_id, patient_name, sent, author_name, urgent
from coordination.chat_waiting(%(since)s, %(most)s);
