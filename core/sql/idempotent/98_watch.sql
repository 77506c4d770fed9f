-- Looks at the model in use: put in by the worker, read by whoever reads a queue; nobody changes or
-- removes a line.
drop policy if exists worker_all on alerts.model_look;
create policy worker_all on alerts.model_look to chevet_worker using (true) with check (true);
grant select, insert on alerts.model_look to chevet_worker;

-- The first live line of each patient in each half day, of a version, in [p_from, p_until). Of an
-- instant that was asked again only what was noted last counts, and when that is silent, nothing.
-- Neither a training territory nor a fictitious record counts.
create or replace function alerts.watched_lines(
    p_version text, p_from timestamptz, p_until timestamptz
) returns table (patient_key integer, asked_at timestamptz, risk double precision, band text,
    inputs jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct on (n.key, date_bin(interval '12 hours', n.asked_at, timestamptz 'epoch'))
        n.key, n.asked_at, n.risk, n.band, n.inputs
    from (
        select distinct on (p.key, r.asked_at) p.key, r.asked_at, r.risk, r.band, r.inputs
        from alerts.risk r
        join access.patient p on p.id = r.patient_id
        where r.run_id is null and r.version = p_version
            and r.asked_at >= p_from and r.asked_at < p_until
            and not access.is_training(r.patient_id)
            and not exists (
                select from identity.patient i where i.patient_id = r.patient_id and i.is_fictitious
            )
        order by p.key, r.asked_at, r.noted_at desc, r.id desc
    ) n
    where n.risk is not null
    order by n.key, date_bin(interval '12 hours', n.asked_at, timestamptz 'epoch'), n.asked_at;
end;

-- What was measured of some patients: single values, and of sampled stretches the newest minute of
-- each hour, as a chart would hold it; without values that count for nothing (bits of p_not).
create or replace function alerts.watched_values(
    p_keys integer[], p_vitals smallint[], p_from timestamptz, p_until timestamptz, p_not integer
) returns table (patient_key integer, vital smallint, at timestamptz, value double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.patient_key, r.vital, r.measured_at, r.value
    from doorway.review_reading r
    where r.patient_key = any (p_keys) and r.vital = any (p_vitals)
        and r.measured_at >= p_from and r.measured_at <= p_until and r.quality & p_not = 0
    union all
    select m.patient_key, m.vital, m.minute_at, m.median
    from (
        select distinct on (n.patient_key, n.vital, date_trunc('hour', n.minute_at))
            n.patient_key, n.vital, n.minute_at, n.median
        from vitals.minute n
        where n.patient_key = any (p_keys) and n.vital = any (p_vitals)
            and n.minute_at >= p_from and n.minute_at <= p_until and n.quality & p_not = 0
        order by n.patient_key, n.vital, date_trunc('hour', n.minute_at), n.minute_at desc
    ) m;
end;

-- How alerts that were raised in [p_from, p_until) ended, by the band of the patient's newest line
-- within a day before; without a line the band is « none ». What was asked at the alert's own instant
-- knows the value that raised it, and what was noted later nobody had read. Exercises are no alerts.
create or replace function alerts.closed_by_band(
    p_version text, p_from timestamptz, p_until timestamptz
) returns table (band text, outcome text, alerts bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(l.band, 'none'), a.outcome, count(*)
    from alerts.alert a
    left join lateral (
        select r.band from alerts.risk r
        where r.patient_id = a.patient_id and r.run_id is null and r.version = p_version
            and r.asked_at < a.raised_at and r.asked_at > a.raised_at - interval '24 hours'
            and r.noted_at <= a.raised_at
        order by r.asked_at desc, r.noted_at desc
        limit 1
    ) l on true
    where a.raised_at >= p_from and a.raised_at < p_until and a.closed_at is not null
        and a.drill is null and not access.is_training(a.patient_id)
        and not exists (
            select from identity.patient i where i.patient_id = a.patient_id and i.is_fictitious
        )
    group by 1, 2;
end;
revoke execute on function alerts.watched_lines, alerts.watched_values, alerts.closed_by_band
from public;
grant execute on function alerts.watched_lines, alerts.watched_values, alerts.closed_by_band
to chevet_worker;

-- The turns of the model in use, the newest first; no value of health, and of no patient.
create or replace function alerts.model_turns_shown(p_most integer)
returns table (version text, kind text, at timestamptz, reason text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.version, t.kind, t.at, t.reason from alerts.model_turn t
    where access.acting_organisation('queue:read') is not null
    order by t.at desc, t.id desc
    limit p_most;
end;

-- The card of the model in use; no row when the rules speak alone.
create or replace function alerts.model_card_shown() returns table (version text, card jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.version, m.card
    from (select t.version from alerts.model_turn t order by t.at desc, t.id desc limit 1) newest
    join alerts.model m on m.version = newest.version
    where access.acting_organisation('queue:read') is not null;
end;

-- The newest look at a model, of any version: counts over the whole service.
create or replace function alerts.model_look_shown()
returns table (at timestamptz, version text, lines_from timestamptz, lines_until timestamptz,
    lines integer, patients integer, verdict text, findings jsonb, reason text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.at, l.version, l.lines_from, l.lines_until, l.lines, l.patients, l.verdict,
        l.findings, l.reason
    from alerts.model_look l
    where access.acting_organisation('queue:read') is not null
    order by l.at desc, l.id desc
    limit 1;
end;
revoke execute on function alerts.model_turns_shown, alerts.model_card_shown,
    alerts.model_look_shown
from public;
grant execute on function alerts.model_turns_shown, alerts.model_card_shown,
    alerts.model_look_shown
to chevet_app;
