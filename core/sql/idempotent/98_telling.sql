-- How a professional is told of alerts: what he chose besides the mail, and in which hours not.
create or replace function messages.my_ways()
returns table (sms boolean, push boolean, quiet_from time, quiet_until time, mails text[],
    number text, browsers integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(f.alert_sms, false), coalesce(f.alert_push, true), f.quiet_from, f.quiet_until,
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
    p_quiet_until time
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
        (party, alert_sms, alert_push, quiet_from, quiet_until, changed_at)
    values (v_me, p_sms, p_push, p_quiet_from, p_quiet_until, v_now)
    on conflict (party) do update
        set alert_sms = excluded.alert_sms, alert_push = excluded.alert_push,
            quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
            changed_at = excluded.changed_at;
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
    where e.at > p_since and e.what = any (p_kinds) and not access.is_training(e.patient_id)
        and not exists (select from messages.outbox o where o.key = 'webhook:' || e.id)
    order by e.id
    limit p_limit;
end;
revoke execute on function alerts.events_to_hand_on from public;
grant execute on function alerts.events_to_hand_on to chevet_worker;
