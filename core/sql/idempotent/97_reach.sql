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

-- Whether a message that is told in a summary would still be told by itself.
create or replace function messages.still_waits(p_id uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select not access.is_dead(g.recipient) and access.party_in_circle(g.recipient, g.about)
        and exists (
            select from alerts.alert a
            where a.id = (g.params ->> 'alert_id')::uuid and a.state <> 'closed'
        )
    from messages.outbox g where g.id = p_id;
end;

create or replace function messages.gathered_left(p_summary uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) from messages.outbox g
    where g.gathered_in = p_summary and g.state = 'gathered' and messages.still_waits(g.id);
end;

-- Whether a message is still of use: it is not too late, a summary has something to tell, and of a
-- reminder the task is open and no other way of the same reminder has reached the patient meanwhile.
create or replace function messages.is_timely(p_id uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(o.expires_at > p_now, true)
    and (o.template <> 'alerts_waiting' or messages.gathered_left(o.id) > 0)
    and (o.task is null or (
        exists (select from questionnaires.task t where t.id = o.task and t.state = 'open')
        and (o.channel = 'push' or not exists (
            select from messages.outbox other
            where other.task = o.task and other.id <> o.id
                and split_part(other.key, ':', 3) = split_part(o.key, ':', 3)
                and (other.received_at is not null
                    or other.channel <> 'push' and other.state = 'sent')
        ))
    ))
    from messages.outbox o where o.id = p_id;
end;

-- Reminders that are due and nobody else has, one of a patient at a time: whoever counts the
-- messages of his day does it alone.
create or replace function questionnaires.claim_reminders(p_now timestamptz, p_limit integer)
returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with due as (
        select r.id, r.patient_id, r.next_at from questionnaires.reminder r
        where r.ended_at is null and r.next_at <= p_now
        order by r.next_at
        limit p_limit
        for update skip locked
    ), one as (
        select distinct on (d.patient_id) d.id, d.patient_id
        from due d
        order by d.patient_id, d.next_at, d.id
    )
    select o.id from one o
    join access.patient p on p.id = o.patient_id
    where pg_try_advisory_xact_lock(4712, p.key);
end;

-- All that is true of reminders now. Asked in a statement after the claim: it sees what whoever
-- had the patient before has put out.
create or replace function questionnaires.reminder_facts(p_ids uuid[], p_now timestamptz)
returns table (
    id uuid, task_id uuid, patient_id uuid, number smallint, step text, wanted boolean,
    superseded boolean, alarm_at timestamptz, zone text, locale text,
    browsers uuid[], contact_mobile text, phone text, mail text, fallback text, received boolean,
    taken boolean, today integer
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.id, r.task_id, r.patient_id, r.number, r.step,
        case when r.step = 'end' then t.state in ('open', 'missed') and t.answer_id is null
            else t.state = 'open' end,
        exists (
            select from questionnaires.reminder after
            where after.task_id = r.task_id and after.number > r.number and r.step <> 'end'
                and after.step <> 'end' and after.ended_at is null and after.next_at <= p_now
        ),
        t.alarm_at, n.zone, coalesce(a.locale, 'fr'),
        array(
            select s.id from messages.subscription s
            where s.party = any (k.ids) and s.ended_at is null
            order by s.created_at, s.id
        ),
        (select c.address from messages.contact_point c
            where c.party = any (k.ids) and c.channel = 'sms' and c.ended_at is null
            order by c.created_at desc limit 1),
        i.phone,
        (select c.address from messages.contact_point c
            where c.party = any (k.ids) and c.channel = 'email' and c.ended_at is null
            order by c.created_at desc limit 1),
        coalesce((select f.fallback from messages.preference f where f.party = any (k.ids)
            order by f.changed_at desc limit 1), 'sms'),
        exists (
            select from messages.outbox o
            where o.task = r.task_id and o.channel = 'push' and o.received_at is not null
                and starts_with(o.key, 'reminder:' || r.task_id || ':' || r.number || ':')
        ),
        exists (
            select from messages.outbox o
            where o.task = r.task_id and o.channel in ('sms', 'email') and o.state = 'sent'
                and starts_with(o.key, 'reminder:' || r.task_id || ':' || r.number || ':')
        ),
        (
            -- A notification to two browsers is one; one that never arrived is none.
            select count(distinct case when o.channel = 'push'
                then regexp_replace(o.key, ':[^:]*$', '') else o.key end)::integer
            from messages.outbox o
            where o.recipient = any (k.ids) and o.weight <> 'own'
                and o.state not in ('cancelled', 'dead')
                and o.created_at >= date_trunc('day', p_now at time zone n.zone) at time zone n.zone
                and (o.channel <> 'push' or o.received_at is not null
                    or o.created_at > p_now - interval '60 seconds')
        )
    from unnest(p_ids) as wanted (id)
    join questionnaires.reminder r on r.id = wanted.id
    join questionnaires.task t on t.id = r.task_id
    join questionnaires.plan_line l on l.id = t.line_id
    join questionnaires.plan n on n.id = l.plan_id
    cross join lateral (select access.record_of(r.patient_id) as ids) k
    left join identity.patient i on i.patient_id = r.patient_id
    left join identity.account a on a.person = r.patient_id
    order by r.next_at, r.id;
end;

-- « Plus tard »: whoever may answer puts the reminders of an open task off, inside its window.
create or replace function questionnaires.remind_later(p_id uuid, p_task uuid, p_at timestamptz)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient uuid;
    v_now constant timestamptz := access.current_instant();
begin
    select t.patient_id into v_patient from questionnaires.task t
    where t.id = p_task and t.state = 'open' and t.due_at > p_at and p_at > v_now
        and t.patient_id = any (array(select access.visible_patients('answers:write')))
    for update of t;
    if v_patient is null then
        return false;
    end if;
    update questionnaires.reminder r set ended_at = v_now, outcome = 'quiet'
    where r.task_id = p_task and r.ended_at is null and r.step <> 'end';
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.task = p_task and o.state in ('waiting', 'sending');
    insert into questionnaires.reminder (id, task_id, patient_id, number, next_at, step)
    select p_id, p_task, v_patient, 1 + max(known.number), p_at, 'first'
    from (
        select r.number from questionnaires.reminder r
        where r.task_id = p_task and r.step <> 'end'
        union all
        select cardinality(t.remind_at)::smallint from questionnaires.task t where t.id = p_task
    ) known;
    return true;
end;
$$;

-- Members of the family who are told when the patient does not answer, and where: by mail, else by
-- text message.
create or replace function questionnaires.told_of_silence(p_patient uuid)
returns table (party uuid, channel text, address text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct on (m.party) m.party, c.channel, c.address, coalesce(a.locale, 'fr')
    from coordination.told_of_silence s
    join access.membership m on m.id = s.membership_id
    join messages.contact_point c
        on c.party = m.party and c.channel in ('email', 'sms') and c.ended_at is null
    left join identity.account a on a.person = m.party
    where s.patient_id = any (access.record_of(p_patient))
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and access.party_in_circle(m.party, p_patient)
    order by m.party, c.channel, c.created_at desc;
end;

create or replace function questionnaires.somebody_is_told(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.told_of_silence s
        join access.record_member r on r.member = s.patient_id
        join access.membership m on m.id = s.membership_id
        where r.patient_id = p_patient
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    );
end;

-- Members of the family whom the patient may let be told, for whoever may speak for him.
create or replace function coordination.family(p_patient uuid)
returns table (membership_id uuid, name text, role text, told boolean, reachable boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, y.name, m.role,
        exists (select from coordination.told_of_silence s where s.membership_id = m.id),
        exists (
            select from messages.contact_point c
            where c.party = m.party and c.channel in ('email', 'sms') and c.ended_at is null
        )
    from access.membership m
    join access.party y on y.id = m.party
    where m.patient_id = any (access.record_of(p_patient))
        and m.role in ('carer', 'trusted_person', 'legal_representative')
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and coordination.may_speak_for(p_patient)
    order by y.name, m.id;
end;

-- The patient, or who may speak for him, lets a member of his family be told, or takes it back.
create or replace function coordination.tell_of_silence(p_membership uuid, p_told boolean)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient uuid;
    v_now constant timestamptz := access.current_instant();
begin
    select m.patient_id into v_patient from access.membership m
    where m.id = p_membership and m.role in ('carer', 'trusted_person', 'legal_representative')
        and (m.ends_at is null or m.ends_at > v_now)
        and coordination.may_speak_for(m.patient_id);
    if v_patient is null then
        return false;
    end if;
    if p_told then
        insert into coordination.told_of_silence (membership_id, patient_id, since, agreed_by)
        values (p_membership, v_patient, v_now, access.current_person())
        on conflict (membership_id) do nothing;
    else
        delete from coordination.told_of_silence s where s.membership_id = p_membership;
    end if;
    return true;
end;
$$;

-- Whom the acting organisation follows and has not heard from since a deadline of the last week,
-- grace passed, or at the deadline itself where no reminder could be sent: at risk first, then whom it has waited for longest; whoever is to be called later comes last.
create or replace function coordination.silent_patients(p_most integer)
returns table (
    patient_id uuid, name text, birth_date text, phone text, high_risk boolean,
    since timestamptz, missed integer, last_answer_at timestamptz, attempts integer,
    last_call_at timestamptz, last_outcome text, last_by text, next_call_at timestamptz,
    in_hand_by uuid, in_hand_name text, faults text[], total integer
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
    -- How many are silent is known when the statement is planned, not before.
    set plan_cache_mode = force_custom_plan
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_organisation constant uuid := access.acting_organisation('queue:read');
begin
    return query
        with unanswered as (
            select t.patient_id, t.line_id, t.due_at
            from questionnaires.task t
            where t.answer_id is null and t.due_at <= v_now
                and t.due_at > v_now - interval '7 days'
                and (t.state = 'missed' or t.state = 'open' and exists (
                    select from questionnaires.reminder r
                    where r.task_id = t.id and r.outcome = 'held'
                ))
        ), silent as (
            select u.patient_id, bool_or(n.high_risk) as high_risk, min(u.due_at) as since,
                count(*)::integer as missed
            from unanswered u
            join questionnaires.plan_line l on l.id = u.line_id
            join questionnaires.plan n on n.id = l.plan_id and n.ended_at is null
            where not exists (
                select from questionnaires.task d
                where d.patient_id = u.patient_id and d.answer_id is not null
                    and d.due_at > v_now - interval '14 days' and d.done_at > u.due_at
            )
            group by u.patient_id
        ), ours as (
            select s.*, c.next_at
            from silent s
            left join lateral (
                select k.next_at from coordination.call k
                where k.patient_id = s.patient_id and k.at > s.since
                order by k.at desc limit 1
            ) c on true
            where exists (
                select from access.membership m
                where m.patient_id = s.patient_id and m.party = v_organisation
                    and m.starts_at <= v_now and (m.ends_at is null or m.ends_at > v_now)
            )
        ), page as (
            select o.*, count(*) over ()::integer as total
            from ours o
            order by coalesce(o.next_at > v_now, false), o.high_risk desc, o.since, o.patient_id
            limit p_most
        )
        select g.patient_id,
            upper(coalesce(i.used_name, i.birth_name)) || ' '
                || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
            to_char(i.birth_date, 'DD/MM/YYYY'), i.phone, g.high_risk, g.since, g.missed,
            (select max(a.answered_at) from questionnaires.answer a
                where a.patient_id = g.patient_id),
            (select count(*)::integer from coordination.call k
                where k.patient_id = g.patient_id and k.at > g.since),
            last.at, last.outcome, caller.name, g.next_at, h.by_person, holder.name,
            array(
                select f.channel || ':' || f.reason from messages.contact_fault f
                where f.party = g.patient_id and f.cleared_at is null
                order by f.channel
            ),
            g.total
        from page g
        join identity.patient i on i.patient_id = g.patient_id
        left join lateral (
            select k.at, k.outcome, k.by_person from coordination.call k
            where k.patient_id = g.patient_id
            order by k.at desc limit 1
        ) last on true
        left join access.party caller on caller.id = last.by_person
        left join coordination.call_in_hand h
            on h.patient_id = g.patient_id and h.organisation = v_organisation and h.until > v_now
        left join access.party holder on holder.id = h.by_person
        order by coalesce(g.next_at > v_now, false), g.high_risk desc, g.since, g.patient_id;
end;
$$;

-- Whether the acting post is at a desk that calls this patient: it sees its centre's queue, he is
-- followed there, and the actor may write his answers.
create or replace function coordination.may_call(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(p_patient = any (array(select access.visible_patients('answers:write')))
        and exists (
            select from access.membership m
            where m.patient_id = any (access.record_of(p_patient))
                and m.party = access.acting_organisation('queue:read')
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        ), false);
end;

create or replace function coordination.take_call(p_patient uuid, p_until timestamptz)
returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_me constant uuid := access.current_person();
    v_holder uuid;
begin
    if not coordination.may_call(p_patient) then
        return null;
    end if;
    insert into coordination.call_in_hand as h (patient_id, organisation, by_person, until)
    values (p_patient, access.acting_organisation('queue:read'), v_me, p_until)
    on conflict (patient_id) do update
        set organisation = excluded.organisation, by_person = excluded.by_person,
            until = excluded.until
        where h.until <= v_now or h.by_person = v_me
    returning h.by_person into v_holder;
    if v_holder is null then
        select h.by_person into v_holder from coordination.call_in_hand h
        where h.patient_id = p_patient;
    end if;
    return v_holder;
end;
$$;

create or replace function coordination.note_call(
    p_id uuid, p_patient uuid, p_outcome text, p_next_at timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    if not coordination.may_call(p_patient) then
        return false;
    end if;
    insert into coordination.call (id, patient_id, at, by_person, organisation, outcome, next_at)
    values (p_id, p_patient, v_now, access.current_person(),
        access.acting_organisation('queue:read'), p_outcome, p_next_at);
    insert into coordination.attempt (id, patient_id, at, by_person, outcome, next_at, phone)
    select p_id, p_patient, v_now, access.current_person(), p_outcome,
        case when p_outcome = 'call_later' then p_next_at end, coalesce(i.phone, '')
    from identity.patient i where i.patient_id = p_patient;
    perform alerts.rerank(p_patient);
    delete from coordination.call_in_hand h
    where h.patient_id = p_patient and h.by_person = access.current_person();
    if p_outcome = 'wrong_number' then
        insert into messages.contact_fault (id, party, channel, reason, found_at)
        values (p_id, p_patient, 'phone', 'wrong_number', v_now)
        on conflict (party, channel) where cleared_at is null do nothing;
    elsif p_outcome = 'reached' then
        update messages.contact_fault f set cleared_at = greatest(v_now, f.found_at)
        where f.party = p_patient and f.channel = 'phone' and f.cleared_at is null;
    end if;
    return true;
end;
$$;

-- A number that was changed is no longer the one that was doubted.
create or replace function messages.number_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update messages.contact_fault f
    set cleared_at = greatest(coalesce(access.current_instant(), pg_catalog.now()), f.found_at)
    where f.party = new.patient_id and f.channel in ('phone', 'sms') and f.cleared_at is null;
    return null;
end;
$$;
drop trigger if exists forgets_doubts on identity.patient;
create trigger forgets_doubts after update of phone on identity.patient
    for each row when (new.phone is distinct from old.phone)
    execute function messages.number_changed();

drop policy if exists worker_all on messages.subscription;
create policy worker_all on messages.subscription to chevet_worker using (true) with check (true);
drop policy if exists worker_reads on messages.preference;
create policy worker_reads on messages.preference for select to chevet_worker using (true);
drop policy if exists worker_all on messages.contact_fault;
create policy worker_all on messages.contact_fault to chevet_worker using (true) with check (true);
drop policy if exists worker_all on questionnaires.reminder;
create policy worker_all on questionnaires.reminder to chevet_worker using (true) with check (true);

revoke execute on all functions in schema messages from public;
revoke execute on function questionnaires.claim_reminders, questionnaires.reminder_facts,
    questionnaires.remind_later, questionnaires.told_of_silence, questionnaires.somebody_is_told,
    coordination.tell_of_silence, coordination.family, coordination.silent_patients,
    coordination.may_call,
    coordination.take_call, coordination.note_call from public;
grant execute on function messages.is_timely, messages.still_waits, messages.gathered_left,
    questionnaires.claim_reminders,
    questionnaires.reminder_facts, questionnaires.told_of_silence,
    questionnaires.somebody_is_told to chevet_worker;
grant execute on function questionnaires.remind_later, coordination.tell_of_silence,
    coordination.family,
    coordination.silent_patients, coordination.take_call, coordination.note_call to chevet_app;
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
