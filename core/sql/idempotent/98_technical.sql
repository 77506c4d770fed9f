-- Technical troubles: what is found in the tables of all rooms, and who may see and take it.

-- Every trouble there is at p_now. Limits are proposed; they come from alerts/technical.py.
create or replace function alerts.technical_found(
    p_now timestamptz, p_offline interval, p_silent interval, p_battery integer, p_dead interval,
    p_late interval, p_unsent interval, p_failures integer
)
returns table (kind text, subject text, organisation uuid, patient_id uuid, detail jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select 'gateway_offline' as kind, g.id, g.organisation, null::uuid as patient_id,
        jsonb_build_object('since', coalesce(s.at, g.created_at))
    from devices.gateway g
    left join ingest.gateway_seen s on s.gateway = g.id
    where g.ended_at is null
        and not coalesce(s.online, false) and coalesce(s.at, g.created_at) < p_now - p_offline
    union all
    select 'device_silent' as kind, d.id, d.organisation, a.patient_id,
        jsonb_build_object('since', coalesce(greatest(u.last_measured_at, lower(a.valid)),
            lower(a.valid)), 'model', d.model)
    from devices.assignment a
    join devices.device d on d.id = a.device
    join alerts.prescription p on p.patient_id = a.patient_id and p.ends_at is null
    left join alerts.patient_summary u on u.patient_id = a.patient_id
    where a.valid @> p_now and lower(a.valid) < p_now - p_silent
        and coalesce(u.last_measured_at, lower(a.valid)) < p_now - p_silent
        and not access.is_dead(a.patient_id)
    union all
    select 'battery_low' as kind, d.id, d.organisation, a.patient_id,
        jsonb_build_object('percent', e.detail::numeric, 'model', d.model)
    from devices.assignment a
    join devices.device d on d.id = a.device
    join lateral (
        select v.detail from ingest.device_event v
        where v.device = d.id and v.event = 'battery' and v.at <@ a.valid
        order by v.at desc limit 1
    ) e on e.detail ~ '^[0-9]{1,3}(\.[0-9]+)?$' and e.detail::numeric <= p_battery
    where a.valid @> p_now
    union all
    select 'device_clock' as kind, d.id, d.organisation, a.patient_id,
        jsonb_build_object('since', e.at, 'model', d.model)
    from devices.assignment a
    join devices.device d on d.id = a.device
    join lateral (
        select max(v.at) as at from ingest.device_event v
        where v.device = d.id and v.event = 'time_fault' and v.at > p_now - p_silent
    ) e on e.at is not null
    where a.valid @> p_now
    union all
    select 'way_faulty' as kind, f.id::text as subject, null::uuid as organisation, p.id,
        jsonb_build_object('way', f.channel, 'reason', f.reason, 'since', f.found_at,
            'name', case when p.id is null then y.name end)
    from messages.contact_fault f
    join access.party y on y.id = f.party
    left join access.patient p on p.id = f.party
    where f.cleared_at is null and not access.is_dead(f.party)
    union all
    select 'process_silent' as kind, h.process, null::uuid as organisation,
        null::uuid as patient_id, jsonb_build_object('since', max(h.at))
    from core.heartbeat h
    group by h.process
    having max(h.at) between p_now - interval '7 days' and p_now - p_dead
    union all
    select 'pipeline_late' as kind, 'review' as subject, null::uuid as organisation,
        null::uuid as patient_id, jsonb_build_object('since', min(d.received_at))
    from core.due d
    where not exists (
        select from alerts.setback b where b.work = 'review' and b.subject = d.patient_key::text)
    having min(d.received_at) < p_now - p_late
    union all
    select 'work_failing' as kind, b.work || ':' || b.subject, null::uuid as organisation, p.id,
        jsonb_build_object('work', b.work, 'failures', b.failures, 'since', b.first_at)
    from alerts.setback b
    left join access.patient p on b.work = 'review' and p.key::text = b.subject
    where b.failures >= p_failures
    union all
    select 'sending_late' as kind, o.channel, null::uuid as organisation, null::uuid as patient_id,
        jsonb_build_object('since', min(o.created_at), 'count', count(*))
    from messages.outbox o
    where o.state in ('waiting', 'sending') and o.weight <> 'reminder'
        and o.created_at < p_now - p_unsent
    group by o.channel;
end;

-- Whether the acting organisation is concerned: its own, one of its patients, or the whole site.
create or replace function alerts.concerns_technical(
    p_organisation uuid, p_patient uuid, p_mine uuid
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p_mine is not null and (p_organisation = p_mine
        or p_organisation is null and p_patient is null
        or exists (
            select from access.membership m
            where m.patient_id = p_patient and m.party = p_mine
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())));
end;

create or replace function alerts.technical_queue(p_cleared_since timestamptz)
returns table (id uuid, kind text, subject text, patient_id uuid, patient_name text, detail jsonb,
    found_at timestamptz, taken_by uuid, taker text, taken_at timestamptz, note text,
    cleared_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.id, t.kind, t.subject, t.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        t.detail, t.found_at, t.taken_by, k.name,
        t.taken_at, t.note, t.cleared_at
    from alerts.technical t
    left join identity.patient i on i.patient_id = t.patient_id
    left join access.party k on k.id = t.taken_by
    where (t.cleared_at is null or t.cleared_at >= p_cleared_since)
        and alerts.concerns_technical(t.organisation, t.patient_id,
            access.acting_organisation('queue:read'))
    order by t.cleared_at desc nulls first, t.found_at, t.id
    limit 500;
end;

-- Says who deals with it; an empty name of nobody gives it back. False: it is gone, or not his.
create or replace function alerts.take_technical(p_id uuid, p_note text, p_give_back boolean)
returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update alerts.technical t
    set taken_by = case when p_give_back then null else access.current_person() end,
        taken_at = case when p_give_back then null else access.current_instant() end,
        note = p_note
    where t.id = p_id and t.cleared_at is null
        and (t.taken_by is null or t.taken_by = access.current_person())
        and alerts.concerns_technical(t.organisation, t.patient_id,
            access.acting_organisation('quarantine:resolve'))
    returning true;
end;

revoke execute on function alerts.technical_found, alerts.concerns_technical,
    alerts.technical_queue, alerts.take_technical from public;
grant execute on function alerts.technical_found to chevet_worker;
grant execute on function alerts.technical_queue, alerts.take_technical to chevet_app;
drop policy if exists worker_all on alerts.technical;
create policy worker_all on alerts.technical to chevet_worker using (true) with check (true);
grant select, insert, update on alerts.technical to chevet_worker;
