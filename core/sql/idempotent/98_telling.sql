-- How a professional is told of alerts: what he chose besides the mail, and in which hours not.
create or replace function messages.my_ways()
returns table (sms boolean, push boolean, quiet_from time, quiet_until time, digest_at time,
    mails text[], number text, browsers integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(f.alert_sms, false), coalesce(f.alert_push, true), f.quiet_from, f.quiet_until,
        f.digest_at,
        array(
            select c.address from messages.contact_point c
            where c.party = y.id and c.channel = 'email' and c.ended_at is null
            order by c.created_at, c.address
        ),
        (select c.address from messages.contact_point c
            where c.party = y.id and c.channel = 'sms' and c.ended_at is null
            order by c.created_at desc limit 1),
        (select count(*)::integer from messages.subscription s
            where s.party = y.id and s.ended_at is null)
    from access.party y
    left join messages.preference f on f.party = y.id
    where y.id = access.current_person();
end;

-- Notes what a professional chose for himself; a number replaces the one before, none changes none.
-- False for whoever has no post: patients and their people choose on the page of notifications.
create or replace function messages.choose_ways(
    p_contact uuid, p_sms boolean, p_push boolean, p_number text, p_quiet_from time,
    p_quiet_until time, p_digest_at time
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
begin
    if not exists (
        select from access.post p where p.person = v_me and p.starts_at <= v_now
            and (p.ends_at is null or p.ends_at > v_now)
    ) then
        return false;
    end if;
    insert into messages.preference as f
        (party, alert_sms, alert_push, quiet_from, quiet_until, digest_at, changed_at)
    values (v_me, p_sms, p_push, p_quiet_from, p_quiet_until, p_digest_at, v_now)
    on conflict (party) do update
        set alert_sms = excluded.alert_sms, alert_push = excluded.alert_push,
            quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
            digest_at = excluded.digest_at, changed_at = excluded.changed_at;
    if p_number <> '' then
        update messages.contact_point c set ended_at = v_now
        where c.party = v_me and c.channel = 'sms' and c.ended_at is null
            and c.address <> p_number;
        insert into messages.contact_point (id, party, channel, address, created_at)
        values (p_contact, v_me, 'sms', p_number, v_now)
        on conflict (party, channel, address) where ended_at is null do nothing;
    end if;
    return true;
end;
$$;

revoke execute on function messages.my_ways, messages.choose_ways from public;
grant execute on function messages.my_ways, messages.choose_ways to chevet_app;

-- Steps in the life of alerts that another system is still to be told of, oldest first.
create or replace function alerts.events_to_hand_on(
    p_since timestamptz, p_kinds text[], p_limit integer
) returns table (id bigint, alert_id uuid, what text, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.id, e.alert_id, e.what, e.at
    from alerts.alert_event e
    join alerts.alert a on a.id = e.alert_id
    where e.at > p_since and e.what = any (p_kinds) and not access.is_training(e.patient_id)
        -- Nothing of an exercise; all from when it became real.
        and (a.drill is null or exists (select from alerts.alert_event x
            where x.alert_id = e.alert_id and x.what = 'drill_ended' and x.id <= e.id))
        and not exists (select from messages.outbox o where o.key = 'webhook:' || e.id)
    order by e.id
    limit p_limit;
end;
-- Who is to be mailed his summary of a day: whose hour has come within the last six, who was not mailed
-- it yet, and in whose own circles an alert was raised or closed within the day before.
create or replace function alerts.digests_due(p_now timestamptz, p_zone text)
returns table (person uuid, address text, locale text, day date)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select d.party, d.address, d.locale, d.day
    from (
        select f.party, l.day, coalesce(a.locale, 'fr') as locale,
            (l.day + f.digest_at) at time zone z.zone as due_at,
            (select c.address from messages.contact_point c
                where c.party = f.party and c.channel = 'email' and c.ended_at is null
                order by c.created_at, c.address limit 1) as address
        from messages.preference f
        left join identity.account a on a.person = f.party
        cross join lateral (select coalesce(a.time_zone, p_zone) as zone) z
        cross join generate_series(0, 1) as back (days)
        cross join lateral (
            select (p_now at time zone z.zone)::date - back.days as day
        ) l
        where f.digest_at is not null
            and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
    ) d
    where d.due_at <= p_now and d.due_at > p_now - interval '6 hours' and d.address is not null
        and not exists (
            select from messages.outbox o where o.key = concat_ws(':', 'digest', d.party, d.day)
        )
        and exists (
            select from access.membership m
            join access.role_permission g on g.role = m.role and g.permission = 'alerts:read'
            join access.record_member r on r.member = m.patient_id
            join alerts.alert t on t.patient_id = r.patient_id
            where m.party = d.party and m.starts_at <= p_now
                and (m.ends_at is null or m.ends_at > p_now)
                and (t.raised_at > d.due_at - interval '24 hours'
                    or t.closed_at > d.due_at - interval '24 hours')
        )
    order by d.party;
end;

revoke execute on function alerts.events_to_hand_on, alerts.digests_due from public;
grant execute on function alerts.events_to_hand_on, alerts.digests_due to chevet_worker;
