-- name: become_person
-- Tell the database who acts in this transaction, for which patient and when.
select set_config('chevet.person', %(person)s, true),
    set_config('chevet.post', %(post)s, true),
    set_config('chevet.patient', %(patient)s, true),
    set_config('chevet.now', %(now)s, true);

-- name: become_service
-- Tell the database the time of this transaction; nobody acts.
select set_config('chevet.person', '', true),
    set_config('chevet.post', '', true),
    set_config('chevet.patient', '', true),
    set_config('chevet.now', %(now)s, true);

-- name: note_access
-- One event of a person's access.
insert into audit.event
    (at, person, post, session, purpose, action, permission, patient_id, outcome, role, basis,
    entity_kind, entity_id, detail)
values (%(at)s, %(person)s, %(post)s, %(session)s, %(purpose)s, %(action)s, %(permission)s,
    %(patient)s, %(outcome)s, %(role)s, %(basis)s, %(entity_kind)s, %(entity_id)s, %(detail)s);

-- name: note_run
-- One event of machine work.
insert into audit.event (at, service, purpose, action, permission, outcome, detail)
values (%(at)s, %(service)s, %(purpose)s, 'E', 'service:run', 'success', %(detail)s);

-- name: held_in_hand
-- What the actor holds for one patient now: roles, why, and what the patient agreed to.
select membership_id, role, basis, agreed from access.held_for(%(patient)s);

-- name: is_closed
-- Whether archiving the record closed a permission for everybody.
select access.is_closed(%(patient)s, %(permission)s);

-- name: beat
-- Note that a process is alive.
insert into core.heartbeat (process, instance, at) values (%(process)s, %(instance)s, %(at)s)
on conflict (process, instance) do update set at = excluded.at;

-- name: last_beats
-- When each kind of process was last alive.
select process, max(at) as at from core.heartbeat group by process;

-- name: sealing_bounds
-- What is sealed already of the chain in use, and up to where transactions have ended.
with chain as (
    select coalesce((select max(number) from audit.continuation), 1) as number
), last as (
    select s.before_xid, s.through_id, s.digest
    from audit.seal s join chain c on c.number = s.chain
    order by s.id desc limit 1
)
select c.number as chain, coalesce(l.before_xid, '0'::xid8)::text as from_xid,
    pg_snapshot_xmin(pg_current_snapshot())::text as before_xid,
    coalesce(l.through_id, 0) as through_id,
    coalesce(l.digest, (select n.digest from audit.continuation n where n.number = c.number))
        as last_digest,
    exists (
        select from audit.event e
        where e.id > l.through_id and e.chain = c.number and e.xid < l.before_xid
    ) as strays
from chain c left join last l on true;

-- name: events_to_seal
-- Events of transactions that ended since the last seal, in the order they are chained.
select id, xid::text, at, person, post, session, service, purpose, action, permission,
    patient_id, outcome, role, basis, entity_kind, entity_id, source, detail::text
from audit.event
where chain = %(chain)s and xid >= %(from_xid)s::xid8 and xid < %(before_xid)s::xid8
order by xid, id;

-- name: save_seal
-- Chain the events between two transactions.
insert into audit.seal
    (chain, from_xid, before_xid, through_id, count, content, digest, sealed_at)
values (%(chain)s, %(from_xid)s::xid8, %(before_xid)s::xid8, %(through_id)s, %(count)s,
    %(content)s, %(digest)s, %(now)s);

-- name: sealer_lock
-- One sealer at a time.
select pg_try_advisory_xact_lock(7309453);

-- name: verifier_lock
-- Nothing is removed while somebody verifies.
select pg_advisory_xact_lock_shared(7309454);

-- name: seals
-- Every seal, oldest first, to verify the chain.
select id, chain, from_xid::text, before_xid::text, through_id, count, content, digest, sealed_at,
    removed_at
from audit.seal
order by id;

-- name: seals_after
-- Seals a collector has not been sent, oldest first, with what they cover.
select id, chain, from_xid::text, before_xid::text, through_id, count, content, digest, sealed_at,
    removed_at
from audit.seal
where id > %(after)s and removed_at is null
order by id
limit %(most)s;

-- name: seals_to_verify
-- How many seals there are, to show how far a verification is.
select count(*) as count from audit.seal;

-- name: continuations
-- Where chains ended and others began.
select number, begun_at, reason, signed_by, previous, moved, digest
from audit.continuation
order by number;

-- name: chain_events
-- Every event of a chain in the order it is sealed.
select id, xid::text, at, person, post, session, service, purpose, action, permission,
    patient_id, outcome, role, basis, entity_kind, entity_id, source, detail::text
from audit.event
where chain = %(chain)s
order by xid, id;

-- name: events_of_span
-- Events written between two instants, in the order of their numbers.
select e.id, e.xid::text, e.at, e.person, e.post, e.session, e.service, e.purpose, e.action,
    e.permission, e.patient_id, e.outcome, e.role, e.basis, e.entity_kind, e.entity_id, e.source,
    e.detail::text, p.organisation
from audit.event e
left join access.post p on p.id = e.post
where e.at >= %(since)s and e.at < %(until)s
order by e.id;

-- name: events_leaving
-- Events a seal covers, in its order.
select e.id, e.xid::text, e.at, e.person, e.post, e.session, e.service, e.purpose, e.action,
    e.permission, e.patient_id, e.outcome, e.role, e.basis, e.entity_kind, e.entity_id, e.source,
    e.detail::text, p.organisation
from audit.event e
left join access.post p on p.id = e.post
where e.chain = %(chain)s and e.xid >= %(from_xid)s::xid8 and e.xid < %(before_xid)s::xid8
order by e.xid, e.id;

-- name: snapshot_horizon
-- The first transaction that cannot have begun yet.
select pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
    coalesce((select max(number) from audit.continuation), 1) as chain;

-- name: unsealed_age
-- Seconds since the oldest event that no seal covers yet.
with chain as (
    select coalesce((select max(number) from audit.continuation), 1) as number
)
select coalesce(extract(epoch from %(now)s::timestamptz - min(e.at)), 0)::double precision
    as seconds
from audit.event e, chain c
where e.chain = c.number and e.xid >= coalesce(
    (select s.before_xid from audit.seal s where s.chain = c.number order by s.id desc limit 1),
    '0'::xid8);

-- name: remove_sealed
-- Retention removes the oldest whole sealed ranges; their seals stay.
select seals, events from audit.remove_sealed(%(months)s, %(now)s, %(most)s);

-- name: forwarded
-- Up to which seal a collector has been sent the trail.
select coalesce((select seal_id from audit.forwarded where collector = %(collector)s), 0)
    as seal_id, coalesce((select max(id) from audit.seal), 0) as head;

-- name: save_forwarded
-- Note that a collector has taken the trail up to a seal.
insert into audit.forwarded (collector, seal_id, at) values (%(collector)s, %(seal_id)s, %(now)s)
on conflict (collector) do update set seal_id = excluded.seal_id, at = excluded.at;

-- name: forwarder_lock
-- One process at a time sends the trail to collectors.
select pg_try_advisory_xact_lock(7309455);

-- name: hold_sealer_lock
-- No sealer works until this transaction ends.
select pg_advisory_xact_lock(7309453);

-- name: move_strays
-- Events of a younger server, numbered before what is sealed, are the first of the next chain.
update audit.event set chain = %(number)s
where chain = %(chain)s and id > %(through_id)s and xid < %(from_xid)s::xid8;

-- name: beyond_all
-- The first transaction beyond every event of a chain.
select (coalesce(max(xid), '0'::xid8)::text::numeric + 1)::text::xid8::text
from audit.event
where chain = %(chain)s;

-- name: save_continuation
-- One chain has ended and the next begins.
insert into audit.continuation
    (number, begun_at, reason, signed_by, previous, moved, digest)
values (%(number)s, %(now)s, %(reason)s, %(signed_by)s, %(previous)s, %(moved)s, %(digest)s);

-- name: machine_runs
-- How often each machine worked in a span, on all records together.
select service, runs, last_at from audit.machine_runs(%(since)s, %(until)s);
