-- Swaps, and one's own shifts: for whoever may be on duty, with or without a right on the console.

-- Whether a post of the actor lets him be on duty in an organisation, as whatever.
create or replace function alerts.serves_in(p_organisation uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select access.current_person() is not null
        and alerts.may_stand(access.current_person(), p_organisation, 'on_call');
end;

-- The rotas in which the actor may be planned.
create or replace function alerts.own_rotas()
returns table (organisation uuid, zone text, holidays text, shifts jsonb, leaves jsonb,
    swaps jsonb, staff jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.organisation, k.zone, k.holidays, k.shifts, k.leaves, k.swaps, k.staff
    from alerts.rota_kept k
    where alerts.serves_in(k.organisation);
end;

-- Who may be on duty beside the actor, he among them, and as what.
create or replace function alerts.colleagues()
returns table (organisation uuid, organisation_name text, person uuid, name text, duties text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.organisation, o.name as organisation_name, y.id as person, y.name, array(
        select d.duty from unnest(array['telemonitoring_nurse', 'second_nurse',
            'coordinating_doctor', 'on_call']) d(duty)
        where alerts.may_stand(y.id, s.organisation, d.duty)) as duties
    from (
        select distinct p.organisation, p.person from access.post p
        where alerts.serves_in(p.organisation)
            and alerts.may_stand(p.person, p.organisation, 'on_call')
    ) s
    join access.party o on o.id = s.organisation
    join access.party y on y.id = s.person
    order by o.name, y.name, y.id;
end;

-- The swaps of shifts from a day on that the actor is asked for or asked for himself. `stands`: the
-- shift is still worked on that day.
create or replace function alerts.own_swaps(p_from date)
returns table (id uuid, organisation uuid, shift uuid, day date, duty text, starts time,
    ends time, to_person uuid, to_name text, asked_by uuid, asked_name text,
    answered_at timestamptz, accepted boolean, answered_by uuid, given_on_at timestamptz,
    stands boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select w.id, w.organisation, w.shift, w.day, s.duty, s.starts, s.ends, w.to_person, t.name,
        w.asked_by, a.name, w.answered_at, w.accepted, w.answered_by, w.given_on_at,
        s.removed_at is null and (s.last_on is null or s.last_on >= w.day)
    from alerts.swap w
    join alerts.shift s on s.id = w.shift
    join access.party t on t.id = w.to_person
    join access.party a on a.id = w.asked_by
    where access.current_person() in (w.to_person, w.asked_by) and w.day >= p_from
        and alerts.serves_in(w.organisation)
    order by w.day, s.starts, w.id;
end;

-- Asks a colleague to take a shift of one day: whoever has it then asks, or whoever plans.
create or replace function alerts.offer_swap(p_id uuid, p_shift uuid, p_day date, p_to uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_shift alerts.shift;
    v_holder uuid;
begin
    select s.* into v_shift
    from alerts.shift s
    where s.id = p_shift and s.removed_at is null
        and s.first_on <= p_day and (s.last_on is null or s.last_on >= p_day)
        and extract(isodow from p_day)::smallint - 1 = any (s.weekdays)
        and alerts.serves_in(s.organisation);
    v_holder := alerts.swap_holder(p_shift, p_day);
    if v_shift.id is null or p_to in (v_holder, v_me)
        or not alerts.may_stand(p_to, v_shift.organisation, v_shift.duty)
        or (v_holder <> v_me and
            access.acting_organisation('rota:manage') is distinct from v_shift.organisation) then
        return false;
    end if;
    insert into alerts.swap (id, organisation, shift, day, to_person, asked_by, asked_at)
    values (p_id, v_shift.organisation, p_shift, p_day, p_to, v_me, access.current_instant())
    on conflict (shift, day) where answered_at is null do nothing;
    return found;
end;
$$;

-- Who has a shift of a day, before leave is looked at.
create or replace function alerts.swap_holder(p_shift uuid, p_day date) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(w.to_person, s.person)
    from alerts.shift s
    left join alerts.swap w on w.shift = s.id and w.day = p_day and w.accepted
    where s.id = p_shift;
end;

-- Only who is asked accepts; he, or whoever asked, says no. Who agreed before has it no more.
create or replace function alerts.answer_swap(p_id uuid, p_accepts boolean) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_swap alerts.swap;
begin
    select w.* into v_swap
    from alerts.swap w
    join alerts.shift s on s.id = w.shift
    where w.id = p_id and w.answered_at is null and alerts.serves_in(w.organisation)
        and (w.to_person = v_me or (w.asked_by = v_me and not p_accepts))
        and (not p_accepts or alerts.may_stand(v_me, w.organisation, s.duty)
            and s.removed_at is null and (s.last_on is null or s.last_on >= w.day))
    for update of w;
    if v_swap.id is null then
        return false;
    end if;
    if p_accepts then
        update alerts.swap w
        set accepted = false, given_on_at = greatest(access.current_instant(), w.answered_at)
        where w.shift = v_swap.shift and w.day = v_swap.day and w.accepted;
    end if;
    update alerts.swap w
    set accepted = p_accepts, answered_at = greatest(access.current_instant(), w.asked_at),
        answered_by = v_me
    where w.id = p_id;
    return true;
end;
$$;

-- Puts out what a swap tells now: to who is asked that he is, or no more; to whoever asked, and
-- had the shift, what became of it. By mail, and by those of the ways the site sends by which each
-- chose besides. In the transaction of the act itself; told again, nothing is added. Returns how
-- many messages are new.
create or replace function alerts.tell_swap(p_swap uuid, p_ways text[]) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_me constant uuid := access.current_person();
    v_now constant timestamptz := access.current_instant();
    v_swap alerts.swap;
    v_what text;
    v_had uuid;
    v_count integer;
begin
    select w.* into v_swap from alerts.swap w
    where w.id = p_swap and v_me in (w.asked_by, w.to_person) and alerts.serves_in(w.organisation);
    if v_swap.id is null then
        return 0;
    end if;
    v_what := case when v_swap.answered_at is null then 'asked' when v_swap.accepted then 'accepted'
        when v_swap.answered_by = v_swap.to_person then 'declined' else 'withdrawn' end;
    select coalesce((
        select b.to_person from alerts.swap b
        where b.shift = v_swap.shift and b.day = v_swap.day and b.given_on_at = v_swap.answered_at
        limit 1
    ), s.person) into v_had
    from alerts.shift s where s.id = v_swap.shift;
    insert into messages.outbox (id, key, recipient, channel, address, template, params, locale,
        state, created_at, next_attempt_at, weight, expires_at)
    select gen_random_uuid(), concat_ws(':', 'swap', p_swap, v_what, c.id), c.party, c.channel,
        c.address, 'swap_notice', jsonb_build_object('what', v_what), coalesce(a.locale, 'fr'),
        'waiting', v_now, v_now, 'notice', (v_swap.day + 2)::timestamptz
    from (
        select k.id, k.party, k.channel, k.address from messages.contact_point k
        where k.channel in ('email', 'sms') and k.ended_at is null
        union all
        select n.id, n.party, 'push' as channel, n.id::text as address from messages.subscription n
        where n.ended_at is null
    ) c
    left join messages.preference f on f.party = c.party
    left join identity.account a on a.person = c.party
    where c.party <> v_me and c.channel = any (p_ways)
        and c.party in (v_swap.asked_by, v_swap.to_person,
            case when v_what = 'accepted' then v_had end)
        and case c.channel when 'sms' then coalesce(f.alert_sms, false)
            when 'push' then coalesce(f.alert_push, true) else true end
        and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
    on conflict (key) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

revoke execute on function alerts.serves_in, alerts.own_rotas, alerts.colleagues, alerts.own_swaps,
    alerts.swap_holder, alerts.offer_swap, alerts.answer_swap, alerts.tell_swap from public;
grant execute on function alerts.own_rotas, alerts.colleagues, alerts.own_swaps, alerts.offer_swap,
    alerts.answer_swap, alerts.tell_swap to chevet_app;
