-- What alerts were worth: every alert of a period and the days patients were followed in it, for
-- the organisation that followed them then. No value of health is read, only codes and times.

-- Alerts raised in [p_from, p_to) for patients whom the acting organisation followed at that moment,
-- but for exercises and fictitious records: neither is care given.
create or replace function alerts.alerts_between(p_from timestamptz, p_to timestamptz)
returns table (alert_id uuid, patient_id uuid, item text, programme text, level text,
    raised_at timestamptz, answered_at timestamptz, closed_at timestamptz, outcome text,
    closed_by uuid, closer text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.id, a.patient_id, a.item, p.profile_id, a.level, a.raised_at, e.at, a.closed_at,
        a.outcome, a.closed_by, y.name
    from alerts.alert a
    left join alerts.prescription p on p.patient_id = a.patient_id
        and p.starts_at <= a.raised_at and (p.ends_at is null or p.ends_at > a.raised_at)
    left join access.party y on y.id = a.closed_by
    left join lateral (
        select min(v.at) as at from alerts.alert_event v
        where v.alert_id = a.id and v.by_person is not null and v.what <> 'raised'
    ) e on true
    where a.raised_at >= p_from and a.raised_at < p_to and a.drill is null
        and not exists (
            select from identity.patient i where i.patient_id = a.patient_id and i.is_fictitious
        )
        and exists (
            select from access.membership m
            where m.patient_id = a.patient_id
                and m.party = access.acting_organisation('queue:read')
                and m.starts_at <= a.raised_at and (m.ends_at is null or m.ends_at > a.raised_at)
        );
end;

-- Days, in parts, that each patient was followed by the acting organisation under each programme;
-- a fictitious record is no patient.
create or replace function alerts.followed_between(p_from timestamptz, p_to timestamptz)
returns table (patient_id uuid, name text, programme text, days double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select w.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        w.programme,
        (select sum(extract(epoch from upper(s.span) - lower(s.span)))::double precision / 86400
        from unnest(w.spans) as s (span))
    from (
        select m.patient_id, p.profile_id as programme,
            range_agg(tstzrange(m.starts_at, m.ends_at) * tstzrange(p.starts_at, p.ends_at)
                * tstzrange(p_from, least(p_to, access.current_instant()))) as spans
        from access.membership m
        join alerts.prescription p on p.patient_id = m.patient_id
        where m.party = access.acting_organisation('queue:read')
            and m.starts_at < p_to and (m.ends_at is null or m.ends_at > p_from)
            and p.starts_at < p_to and (p.ends_at is null or p.ends_at > p_from)
            and p_from < least(p_to, access.current_instant())
        group by m.patient_id, p.profile_id
    ) w
    join identity.patient i on i.patient_id = w.patient_id
    where not isempty(w.spans) and not i.is_fictitious;
end;

revoke execute on function alerts.alerts_between, alerts.followed_between from public;
grant execute on function alerts.alerts_between, alerts.followed_between to chevet_app;
