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
    detail)
values (%(at)s, %(person)s, %(post)s, %(session)s, %(purpose)s, %(action)s, %(permission)s,
    %(patient)s, %(outcome)s, %(role)s, %(basis)s, %(detail)s);

-- name: note_run
-- One event of machine work.
insert into audit.event (at, service, purpose, action, permission, outcome, detail)
values (%(at)s, %(service)s, %(purpose)s, 'E', 'service:run', 'success', %(detail)s);

-- name: held_in_hand
-- What the actor holds for one patient now: roles, why, and what the patient agreed to.
select membership_id, role, basis, agreed from access.held_for(%(patient)s);

-- name: beat
-- Note that a process is alive.
insert into core.heartbeat (process, instance, at) values (%(process)s, %(instance)s, %(at)s)
on conflict (process, instance) do update set at = excluded.at;

-- name: last_beats
-- When each kind of process was last alive.
select process, max(at) as at from core.heartbeat group by process;

-- name: sealing_bounds
-- What is sealed already and up to where transactions have ended.
select coalesce((select max(before_xid) from audit.seal), '0'::xid8)::text as from_xid,
    pg_snapshot_xmin(pg_current_snapshot())::text as before_xid,
    (select digest from audit.seal order by id desc limit 1) as last_digest;

-- name: events_to_seal
-- Events of transactions that ended since the last seal, in the order they are chained.
select id, xid::text, at, person, post, session, service, purpose, action, permission,
    patient_id, outcome, role, basis, detail::text
from audit.event
where xid >= %(from_xid)s::xid8 and xid < %(before_xid)s::xid8
order by xid, id;

-- name: save_seal
-- Chain the events between two transactions.
insert into audit.seal (from_xid, before_xid, count, digest, sealed_at)
values (%(from_xid)s::xid8, %(before_xid)s::xid8, %(count)s, %(digest)s, %(now)s);

-- name: sealer_lock
-- One sealer at a time.
select pg_try_advisory_xact_lock(7309453);

-- name: seals
-- Every seal, oldest first, to verify the chain.
select id, from_xid::text, before_xid::text, count, digest, sealed_at
from audit.seal
order by id;

-- name: unsealed_age
-- Seconds since the oldest event that no seal covers yet.
select coalesce(extract(epoch from %(now)s::timestamptz - min(at)), 0)::double precision
    as seconds
from audit.event
where xid >= coalesce((select max(before_xid) from audit.seal), '0'::xid8);
