-- Web push and its receipts, what may still be sent, reminders, calls to the silent.

-- The browsers of the person who acts, and what he chose.
create or replace function messages.subscribe(
    p_id uuid, p_digest bytea, p_sealed text, p_browser text
) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
    v_id uuid;
begin
    if v_me is null or v_now is null then
        return null;
    end if;
    update messages.subscription s set ended_at = greatest(v_now, s.created_at),
        end_reason = 'replaced'
    where s.endpoint_digest = p_digest and s.ended_at is null and s.party <> v_me;
    update messages.subscription s set sealed = p_sealed, browser = p_browser
    where s.endpoint_digest = p_digest and s.ended_at is null
    returning s.id into v_id;
    if v_id is null then
        insert into messages.subscription (id, party, endpoint_digest, sealed, browser, created_at)
        values (p_id, v_me, p_digest, p_sealed, p_browser, v_now)
        returning id into v_id;
    end if;
    update messages.contact_fault f set cleared_at = greatest(v_now, f.found_at)
    where f.party = v_me and f.channel = 'push' and f.cleared_at is null;
    return v_id;
end;
$$;

create or replace function messages.my_subscriptions()
returns table (id uuid, browser text, created_at timestamptz, last_received_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.id, s.browser, s.created_at, (
        select max(o.received_at) from messages.outbox o
        where o.recipient = s.party and o.channel = 'push' and o.address = s.id::text
    )
    from messages.subscription s
    where s.party = access.current_person() and s.ended_at is null
    order by s.created_at;
end;

create or replace function messages.end_my_subscription(p_subscription uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with ended as (
        update messages.subscription s
        set ended_at = greatest(access.current_instant(), s.created_at), end_reason = 'off'
        where s.id = p_subscription and s.party = access.current_person()
            and s.ended_at is null
        returning 1
    )
    select exists (select from ended);
end;

create or replace function messages.my_fallback() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.fallback from messages.preference p where p.party = access.current_person();
end;

create or replace function messages.choose_fallback(p_fallback text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into messages.preference (party, fallback, changed_at)
    select y.id, p_fallback, access.current_instant()
    from access.party y where y.id = access.current_person()
    on conflict (party) do update
        set fallback = excluded.fallback, changed_at = excluded.changed_at;
end;

-- A trial notification to one of his own browsers.
create or replace function messages.try_my_subscription(
    p_id uuid, p_key text, p_subscription uuid, p_locale text
) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with put as (
        insert into messages.outbox (id, key, recipient, channel, address, template, params,
            locale, state, created_at, next_attempt_at, weight, expires_at)
        select p_id, p_key, s.party, 'push', s.id::text, 'reminder', '{}'::jsonb, p_locale,
            'waiting', access.current_instant(), access.current_instant(), 'own',
            access.current_instant() + interval '5 minutes'
        from messages.subscription s
        where s.id = p_subscription and s.party = access.current_person() and s.ended_at is null
        on conflict (key) do nothing
        returning 1
    )
    select exists (select from put);
end;

-- A browser says that it has a message, or that it was opened; the first time counts.
create or replace function messages.gate_receipt(p_id uuid, p_opened boolean) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with noted as (
        update messages.outbox o
        set received_at = coalesce(o.received_at, access.current_instant()),
            opened_at = case when p_opened
                then coalesce(o.opened_at, access.current_instant()) else o.opened_at end
        where o.id = p_id and o.channel = 'push'
        returning 1
    )
    select exists (select from noted);
end;

drop policy if exists worker_all on messages.subscription;
create policy worker_all on messages.subscription to chevet_worker using (true) with check (true);
drop policy if exists worker_reads on messages.preference;
create policy worker_reads on messages.preference for select to chevet_worker using (true);
drop policy if exists worker_all on messages.contact_fault;
create policy worker_all on messages.contact_fault to chevet_worker using (true) with check (true);
drop policy if exists worker_all on questionnaires.reminder;
create policy worker_all on questionnaires.reminder to chevet_worker using (true) with check (true);

revoke execute on all functions in schema messages from public;
grant usage on schema messages to chevet_app;
grant execute on function messages.subscribe, messages.my_subscriptions,
    messages.end_my_subscription, messages.my_fallback, messages.choose_fallback,
    messages.try_my_subscription to chevet_app;
grant execute on function messages.gate_receipt to chevet_gate;
grant select, update (ended_at, end_reason) on messages.subscription to chevet_worker;
grant select on messages.preference to chevet_worker;
grant select, insert (id, party, channel, reason, found_at), update (cleared_at)
    on messages.contact_fault to chevet_worker;
grant select, insert (id, task_id, patient_id, number, next_at, step),
    update (next_at, step, ended_at, outcome) on questionnaires.reminder to chevet_worker;
