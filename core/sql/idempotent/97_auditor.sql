-- What the auditor finds amiss, read from the rows alone and not by the code that ought to have
-- acted on them. One row a kind, with how many and since when; no row means that all is well.
create or replace function core.auditor_findings(p_now timestamptz)
returns table (kind text, count bigint, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select found.kind, count(*), min(found.since)
    from (
        -- A step is called at T and half a minute at most; the margin is as much again.
        select 'alert_overdue' as kind, a.next_step_at as since
        from alerts.alert a
        where a.state <> 'closed' and a.next_step_at < p_now - interval '60 seconds'
        union all
        select 'alert_without_step' as kind, a.raised_at
        from alerts.alert a
        where a.state <> 'closed' and a.next_step_at is null
        union all
        -- Nobody was ever called, and it is not known to wait for the morning.
        select 'alert_without_recipient' as kind, a.raised_at
        from alerts.alert a
        where a.state in ('raised', 'seen') and a.raised_at < p_now - interval '60 seconds'
            and (a.night_at is null or a.night_at < p_now - interval '16 hours')
            and not exists (
                select from alerts.alert_event e where e.alert_id = a.id and e.what = 'called'
            )
        union all
        -- An orange value waited for a measure that did not come, and nobody raised it.
        select 'repeat_overdue' as kind, r.due_at
        from alerts.repeat r
        where r.state = 'asked' and r.due_at < p_now - interval '60 seconds'
        union all
        select 'message_stuck' as kind, o.created_at
        from messages.outbox o
        where o.state in ('waiting', 'sending') and o.created_at < p_now - interval '5 minutes'
            and o.template in ('message_waiting', 'alerts_waiting', 'operator_notice')
        union all
        select 'review_behind' as kind, min(d.received_at)
        from core.due d
        having min(d.received_at) < p_now - interval '2 minutes'
        union all
        select 'sentinel_silent' as kind, coalesce(max(h.at), p_now)
        from core.heartbeat h where h.process = 'sentinel'
        having coalesce(max(h.at), '-infinity') < p_now - interval '60 seconds'
    ) found
    group by found.kind
    order by found.kind;
end;
revoke execute on function core.auditor_findings from public;
grant execute on function core.auditor_findings to chevet_worker;
