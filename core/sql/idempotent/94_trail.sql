-- The audit trail: who may add, who may read, and the one way an event ever leaves.
-- Nobody but the owner has UPDATE or DELETE here, and no process runs as the owner.
revoke all on audit.event, audit.seal, audit.continuation, audit.forwarded
    from chevet_app, chevet_worker, chevet_ingest, chevet_gate;
grant insert (at, person, post, session, purpose, action, permission, patient_id, outcome, detail,
    role, basis, entity_kind, entity_id)
    on audit.event to chevet_app;
grant select on audit.event, audit.seal, audit.continuation, audit.forwarded to chevet_worker;
grant insert (at, person, post, session, service, purpose, action, permission, patient_id, outcome,
    detail, role, basis, entity_kind, entity_id)
    on audit.event to chevet_worker;
grant insert (chain, from_xid, before_xid, through_id, count, content, digest, sealed_at)
    on audit.seal to chevet_worker;
grant insert (collector, seal_id, at), update (seal_id, at) on audit.forwarded to chevet_worker;

drop policy if exists person_adds on audit.event;
create policy person_adds on audit.event for insert to chevet_app
    with check (person = access.current_person());
drop policy if exists worker_all on audit.event;
drop policy if exists worker_reads on audit.event;
create policy worker_reads on audit.event for select to chevet_worker using (true);
drop policy if exists worker_adds on audit.event;
create policy worker_adds on audit.event for insert to chevet_worker with check (true);

-- Removes whole sealed ranges older than the months asked for, oldest first, at most p_most seals
-- a call. The seals stay, with count and digests. Source of the bounds: CNIL 2021-122, 6 to 12
-- months, up to 3 years when justified. A range that does not hold its count is evidence: it
-- stays, and the call fails. Nobody's clock makes an event older than the server says it is.
create or replace function audit.remove_sealed(p_months integer, p_now timestamptz, p_most integer)
returns table (seals bigint, events bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_before constant timestamptz := least(p_now, clock_timestamp()) - make_interval(months => p_months);
    v_seal record;
    v_removed bigint;
begin
    if p_months not between 6 and 36 then
        raise exception 'audit events are kept 6 to 36 months, not %', p_months;
    end if;
    seals := 0;
    events := 0;
    -- Verifying holds this lock too: it must not see half a removal.
    perform pg_advisory_xact_lock(7309454);
    for v_seal in
        select s.id, s.chain, s.from_xid, s.before_xid, s.through_id, s.count
        from audit.seal s
        where s.removed_at is null and s.sealed_at < v_before
            and not exists (
                select from audit.seal earlier
                where earlier.id < s.id and earlier.removed_at is null
                    and earlier.sealed_at >= v_before
            )
        order by s.id
        limit p_most
    loop
        delete from audit.event e
        where e.chain = v_seal.chain and e.xid >= v_seal.from_xid and e.xid < v_seal.before_xid
            and e.id <= v_seal.through_id;
        get diagnostics v_removed = row_count;
        if v_removed <> v_seal.count then
            raise exception 'audit seal % covers % events but % are there: nothing was removed',
                v_seal.id, v_seal.count, v_removed;
        end if;
        update audit.seal set removed_at = least(p_now, clock_timestamp()) where id = v_seal.id;
        seals := seals + 1;
        events := events + v_removed;
    end loop;
    return next;
end;
$$;
revoke execute on function audit.remove_sealed from public;
grant execute on function audit.remove_sealed to chevet_worker;

-- Who opened the record, for the patient and those who answer for it. What was done to an item that
-- is withheld from the reader stands there as a look at the record: who came is told, not why.
create or replace view doorway.access_journal with (security_barrier) as
select e.patient_id, e.id, e.at, y.name as person_name, o.name as organisation_name,
    e.role, case when e.entity_kind = 'item' and access.betrays(e.entity_id) then 'R' else e.action end as action,
    case when e.entity_kind = 'item' and access.betrays(e.entity_id) then 'circle:read' else e.permission end
        as permission,
    e.outcome, e.purpose, e.service,
    e.person, e.basis, case when e.entity_kind = 'item' and access.betrays(e.entity_id) then 'circle'
        else e.entity_kind end as entity_kind
from audit.event e
left join access.party y on y.id = e.person
left join access.post p on p.id = e.post
left join access.party o on o.id = p.organisation
where e.patient_id = any (array(select access.visible_patients('audit:read')));
comment on view doorway.access_journal is
    'Accesses to the records whose journal the actor may read.';
grant select on doorway.access_journal to chevet_app;

-- What machines did in a span, for all patients together: they are audited per run. Shown to
-- whoever may read a journal, so that nobody believes the list of people is all there is.
create or replace function audit.machine_runs(p_from timestamptz, p_until timestamptz)
returns table (service text, runs bigint, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.service, count(*), max(e.at)
    from audit.event e
    where e.service is not null and e.at >= p_from and e.at < p_until
        and access.current_person() is not null
    group by e.service
    order by e.service;
end;
revoke execute on function audit.machine_runs from public;
grant execute on function audit.machine_runs to chevet_app;
