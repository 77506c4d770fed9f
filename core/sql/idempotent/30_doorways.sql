-- The only way a person reads vitals: hypertables carry no row security, these views filter.
-- Withdrawn values are left out and corrected ones replaced.
create or replace view doorway.reading with (security_barrier) as
select p.id as patient_id, r.reading_id, r.measured_at, r.received_at, r.vital,
    coalesce(a.replacement, r.value) as value, r.quality, a.id as amendment
from access.patient p
join vitals.reading r on r.patient_key = p.key
left join lateral (
    select a.id, a.kind, a.replacement from vitals.amendment a
    where a.reading_id = r.reading_id order by a.at desc limit 1
) a on true
where p.id = any (array(select access.visible_patients('vitals:read')))
    and r.value is not null
    and a.kind is distinct from 'withdrawn';
comment on view doorway.reading is 'Spot readings the actor may see.';

create or replace view doorway.sampled with (security_barrier) as
select p.id as patient_id, s.reading_id, s.start_at, s.received_at, s.period_ms, s.vital,
    s.quality, s.samples
from access.patient p
join vitals.sampled s on s.patient_key = p.key
where p.id = any (array(select access.visible_patients('vitals:read')));
comment on view doorway.sampled is 'Sampled stretches the actor may see.';

create or replace view doorway.minute with (security_barrier) as
select p.id as patient_id, m.minute_at, m.vital, m.low, m.median, m.high, m.count, m.quality
from access.patient p
join vitals.minute m on m.patient_key = p.key
where p.id = any (array(select access.visible_patients('vitals:read')));
comment on view doorway.minute is 'Minute summaries the actor may see.';

-- Narrow doorways of the reviewer: by key, no identity. They hide no row from anybody, so they are
-- no barrier: the planner may walk an index in order and stop at the newest value. With
-- `kind is distinct from` it would expect no row to pass, and sort them all.
create or replace view doorway.review_reading as
select r.patient_key, r.reading_id, r.measured_at, r.received_at, r.vital,
    coalesce(a.replacement, r.value) as value, r.quality
from vitals.reading r
left join lateral (
    select a.kind = 'withdrawn' as withdrawn, a.replacement from vitals.amendment a
    where a.reading_id = r.reading_id order by a.at desc limit 1
) a on true
where r.value is not null and not coalesce(a.withdrawn, false);
comment on view doorway.review_reading is 'Spot readings, for the review of a patient.';

-- What a reading said before each amendment by hand. `due_from` says whether it was judged.
create or replace view doorway.review_replaced as
select r.patient_key, r.reading_id, r.measured_at, r.received_at, r.vital,
    case when b.id is null then r.value else b.replacement end as value, r.quality, a.due_from
from vitals.amendment a
join vitals.reading r on r.reading_id = a.reading_id and r.measured_at = a.measured_at
    and r.patient_key = a.patient_key
left join lateral (
    select b.id, b.replacement from vitals.amendment b
    where b.reading_id = a.reading_id and (b.at, b.id) < (a.at, a.id)
    order by b.at desc, b.id desc limit 1
) b on true
where a.due_from is not null and r.value is not null;
comment on view doorway.review_replaced is 'Values that were amended, for the review of a patient.';

create or replace view doorway.review_sampled as
select s.patient_key, s.reading_id, s.start_at, s.received_at, s.period_ms, s.vital, s.quality,
    s.samples
from vitals.sampled s;
comment on view doorway.review_sampled is 'Sampled stretches, for the review of a patient.';

-- Who is in a circle, for those who may see it.
create or replace view doorway.circle with (security_barrier) as
select m.id as membership_id, m.patient_id, m.party, y.kind, y.name, m.role, m.starts_at, m.ends_at,
    m.reason, m.basis, m.agreed, m.measure_scope, m.end_reason
from access.membership m
join access.party y on y.id = m.party
where m.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.circle is 'Members of the circles the actor may see.';

-- Whose device this was, for a whole batch, with the lender of each device, cut to the time asked:
-- one row per assignment, and one without a patient for a device that had none. A device without a
-- row is unknown.
create or replace function devices.assignments_between(
    p_devices text[], p_from timestamptz, p_until timestamptz
) returns table (
    device text, organisation uuid, patient_key integer, starts_at timestamptz,
    ends_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select d.id, d.organisation, p.key, greatest(lower(a.valid), p_from),
        case when upper(a.valid) <= p_until then upper(a.valid) end
    from devices.device d
    left join devices.assignment a
        on a.device = d.id and a.valid && tstzrange(p_from, p_until, '[]')
    left join access.patient p on p.id = a.patient_id
    where d.id = any (p_devices);
end;

-- Which of these names are gateways in service, and whose.
create or replace function devices.gateways_in_service(p_gateways text[])
returns table (gateway text, organisation uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select g.id, g.organisation
    from devices.gateway g
    where g.id = any (p_gateways) and g.ended_at is null;
end;
