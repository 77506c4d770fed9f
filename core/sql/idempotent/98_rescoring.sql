-- Asking a model again about a past period: done by the worker, started and looked at by the operator
-- and, for his own organisation, by its administrator, who sees counts and never a patient.
drop policy if exists worker_all on alerts.risk_run;
create policy worker_all on alerts.risk_run to chevet_worker using (true) with check (true);
drop policy if exists worker_all on alerts.risk_share;
create policy worker_all on alerts.risk_share to chevet_worker using (true) with check (true);
drop policy if exists worker_all on alerts.risk_truth;
create policy worker_all on alerts.risk_truth to chevet_worker using (true) with check (true);
grant select, insert, update (state, ended_at) on alerts.risk_run to chevet_worker;
grant select, insert, update (state, put_out_at, taken_at, done_at, lines, failed, attempts)
    on alerts.risk_share to chevet_worker;
grant select, insert on alerts.risk_truth to chevet_worker;

-- When each patient was followed within a period, by an organisation (any, if none is named) and
-- under a programme (any, if none is named). Neither a training territory nor
-- a fictitious record counts.
create or replace function alerts.followed_spans(
    p_organisation uuid, p_programme text, p_from timestamptz, p_until timestamptz
) returns table (patient_id uuid, spans tstzmultirange)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select w.patient_id, w.spans
    from (
        select p.patient_id,
            range_agg(tstzrange(p.starts_at, p.ends_at) * tstzrange(p_from, p_until, '[]')
                * case when p_organisation is null then '(,)'::tstzrange
                    else tstzrange(m.starts_at, m.ends_at) end) as spans
        from alerts.prescription p
        left join access.membership m on m.patient_id = p.patient_id and m.party = p_organisation
        where p.starts_at <= p_until and (p.ends_at is null or p.ends_at > p_from)
            and (p_programme is null or p.profile_id = p_programme)
            and (p_organisation is null or m.id is not null)
        group by p.patient_id
    ) w
    where not isempty(w.spans) and not access.is_training(w.patient_id)
        and not exists (
            select from identity.patient i where i.patient_id = w.patient_id and i.is_fictitious
        );
end;

-- The patients of a share, as a worker needs them: no name.
create or replace function alerts.share_patients(p_run uuid, p_number integer)
returns table (patient_id uuid, patient_key integer, birth_date date, sex text,
    since timestamptz[], until timestamptz[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.id, p.key, i.birth_date, i.sex,
        array(select lower(s.span) from unnest(f.spans) s (span)),
        array(select upper(s.span) from unnest(f.spans) s (span))
    from alerts.risk_share h
    join alerts.risk_run r on r.id = h.run_id
    join access.patient p on p.id = any (h.patients)
    left join identity.patient i on i.patient_id = p.id
    join alerts.followed_spans(r.organisation, r.programme, r.asked_from, r.asked_until) f
        on f.patient_id = p.id
    where h.run_id = p_run and h.number = p_number
    order by p.key;
end;

-- Begin a run: its shares of 50 patients. Returns how many patients there are; of none, no run.
create or replace function alerts.open_run(
    p_id uuid, p_version text, p_from timestamptz, p_until timestamptz, p_every interval,
    p_organisation uuid, p_programme text, p_reason text, p_by uuid
) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patients constant uuid[] := array(
        select f.patient_id
        from alerts.followed_spans(p_organisation, p_programme, p_from, p_until) f
        join access.patient p on p.id = f.patient_id
        order by p.key);
begin
    if cardinality(v_patients) = 0 then
        return 0;
    end if;
    insert into alerts.risk_run (id, version, asked_from, asked_until, every, organisation,
        programme, reason, by_person, at)
    values (p_id, p_version, p_from, p_until, p_every, p_organisation, p_programme, p_reason, p_by,
        access.current_instant());
    insert into alerts.risk_share (run_id, number, patients)
    select p_id, n, v_patients[n * 50 - 49 : n * 50]
    from generate_series(1, (cardinality(v_patients) + 49) / 50) n;
    return cardinality(v_patients);
end;
$$;

-- Stop a run, or let it go on: shares that failed are tried again. False where that changes nothing.
create or replace function alerts.turn_run(p_run uuid, p_act text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_act = 'cancel' then
        update alerts.risk_run r set state = 'cancelled', ended_at = access.current_instant()
        where r.id = p_run and r.state = 'running';
        return found;
    end if;
    update alerts.risk_run r set state = 'running', ended_at = null
    where r.id = p_run and (r.state = 'cancelled' or r.state = 'running' and exists (
        select from alerts.risk_share h where h.run_id = r.id and h.state = 'failed'));
    if not found then
        return false;
    end if;
    -- A share that somebody works at is his: nobody waits for it here.
    update alerts.risk_share h set state = 'waiting', failed = null, put_out_at = null,
        attempts = 0
    from (
        select s.number from alerts.risk_share s
        where s.run_id = p_run and s.state = 'failed'
        for update skip locked
    ) w
    where h.run_id = p_run and h.number = w.number;
    return true;
end;
$$;

-- Runs with how far they are, the newest first.
create or replace view alerts.run_progress as
select r.id, r.version, r.asked_from, r.asked_until, r.every, r.organisation, o.name as
    organisation_name, r.programme, r.reason, y.name as by_name, r.at, r.state, r.ended_at,
    h.shares, h.done, h.failed, h.patients, h.lines, h.fault
from alerts.risk_run r
left join access.party o on o.id = r.organisation
left join access.party y on y.id = r.by_person
cross join lateral (
    select count(*)::integer as shares,
        (count(*) filter (where h.state = 'done'))::integer as done,
        (count(*) filter (where h.state = 'failed'))::integer as failed,
        coalesce(sum(cardinality(h.patients)), 0)::integer as patients,
        coalesce(sum(h.lines), 0)::bigint as lines, max(h.failed) as fault
    from alerts.risk_share h where h.run_id = r.id
) h;
comment on view alerts.run_progress is 'Runs of a model over a past period, and how far they are.';

-- A run beside another, or beside the live lines (p_other NULL): `cells` says how many lines lie in which
-- pair of bands, with the sums of their risks, by whether it came true (null: not known); `patients` of
-- how many patients both say something, `differ` of how many not always the same band. A line without a
-- risk is 'silent', a line the other has not is 'none'. Of the live lines the newest within the span
-- before the instant asked about is taken, as it was computed last.
create or replace function alerts.run_beside(p_run uuid, p_other uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with pair as (
        select coalesce(a.patient_id, b.patient_id) as patient_id,
            coalesce(a.band, case when a.id is null then 'none' else 'silent' end) as band, a.risk,
            coalesce(b.band, case when b.id is null then 'none' else 'silent' end) as other_band,
            b.risk as other_risk, coalesce(t.came_true, u.came_true) as came_true
        from (select k.* from alerts.risk k where k.run_id = p_run) a
        full join (select k.* from alerts.risk k where k.run_id = p_other) b
            on b.patient_id = a.patient_id and b.asked_at = a.asked_at
        left join alerts.risk_truth t on t.run_id = a.run_id and t.patient_id = a.patient_id
            and t.asked_at = a.asked_at
        left join alerts.risk_truth u on u.run_id = b.run_id and u.patient_id = b.patient_id
            and u.asked_at = b.asked_at
        where p_other is not null
        union all
        select a.patient_id, coalesce(a.band, 'silent'), a.risk,
            coalesce(b.band, case when b.id is null then 'none' else 'silent' end), b.risk,
            t.came_true
        from alerts.risk a
        join alerts.risk_run r on r.id = a.run_id
        left join lateral (
            select k.id, k.band, k.risk from alerts.risk k
            where k.run_id is null and k.patient_id = a.patient_id
                and k.asked_at > a.asked_at - r.every and k.asked_at <= a.asked_at
            order by k.asked_at desc, k.noted_at desc
            limit 1
        ) b on true
        left join alerts.risk_truth t on t.run_id = a.run_id and t.patient_id = a.patient_id
            and t.asked_at = a.asked_at
        where p_other is null and a.run_id = p_run
    ), cell as (
        select p.band, p.other_band, p.came_true, count(*) as lines, sum(p.risk) as risk,
            sum(p.other_risk) as other_risk
        from pair p group by p.band, p.other_band, p.came_true
    )
    select jsonb_build_object(
        'cells', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from cell c),
        'patients', count(distinct p.patient_id),
        'differ', count(distinct p.patient_id) filter (where p.band <> p.other_band))
    from pair p
    where p.risk is not null and p.other_risk is not null;
end;

-- The same for an administrator: runs of his own organisation, counts alone.
create or replace function alerts.my_runs() returns setof alerts.run_progress
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select g.* from alerts.run_progress g
    where g.organisation = access.acting_organisation('accounts:manage');
end;

create or replace function alerts.my_run_choices()
returns table (versions text[], programmes text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select array(select m.version from alerts.model m order by m.added_at desc),
        array(
            select distinct p.profile_id from alerts.prescription p
            join access.membership m on m.patient_id = p.patient_id
            where m.party = access.acting_organisation('accounts:manage')
            order by 1)
    where access.acting_organisation('accounts:manage') is not null;
end;

create or replace function alerts.begin_my_run(
    p_id uuid, p_version text, p_from timestamptz, p_until timestamptz, p_every interval,
    p_programme text, p_reason text
) returns integer
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    select alerts.open_run(p_id, p_version, p_from, p_until, p_every, o.id, p_programme, p_reason,
        access.current_person())
    from (select access.acting_organisation('accounts:manage') as id) o
    where o.id is not null;
end;

create or replace function alerts.turn_my_run(p_run uuid, p_act text) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    select alerts.turn_run(r.id, p_act) from alerts.risk_run r
    where r.id = p_run and r.organisation = access.acting_organisation('accounts:manage');
end;

create or replace function alerts.my_run_beside(p_run uuid, p_other uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select alerts.run_beside(p_run, p_other)
    where (select count(*) from alerts.risk_run r
            where r.id in (p_run, p_other)
                and r.organisation = access.acting_organisation('accounts:manage'))
        = case when p_other is null or p_other = p_run then 1 else 2 end;
end;

revoke execute on function alerts.followed_spans, alerts.share_patients, alerts.open_run,
    alerts.turn_run, alerts.run_beside, alerts.my_runs, alerts.my_run_choices, alerts.begin_my_run,
    alerts.turn_my_run, alerts.my_run_beside from public;
grant execute on function alerts.followed_spans, alerts.share_patients, alerts.open_run,
    alerts.turn_run, alerts.run_beside to chevet_worker;
grant select on alerts.run_progress to chevet_worker;
grant execute on function alerts.my_runs, alerts.my_run_choices, alerts.begin_my_run,
    alerts.turn_my_run, alerts.my_run_beside to chevet_app;
