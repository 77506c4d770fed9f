-- The end of a shift: what is open, its signing by who gives it, and by who takes over.

-- The open matters of the acting organisation's queue, worst first; `key` names one of them.
drop function if exists alerts.open_matters;
create function alerts.open_matters()
returns table (key uuid, patient_id uuid, name text, alert jsonb, first_call_late boolean,
    call_back_due boolean, of_drill boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select coalesce((a.value ->> 'alert_id')::uuid, q.patient_id), q.patient_id, q.name, a.value,
            q.rank % 10 in (5, 8), q.rank % 10 in (3, 8), q.of_drill
        from alerts.queue_page((
            -- Whoever has something open stands before all others (alerts.rerank).
            select count(*)::integer from alerts.queue_entry e
            where e.organisation = access.acting_organisation('queue:read') and e.rank >= 100
        ), 0) with ordinality q
        left join lateral jsonb_array_elements(q.alerts) with ordinality a (value, nth) on true
        where a.value is not null or q.rank % 10 <> 0
        order by q.ordinality, a.nth;
end;
$$;

-- Signs what is open now, if it is what the giver saw; his words stay with him otherwise.
create or replace function alerts.give_handover(
    p_id uuid, p_note text, p_remarks jsonb, p_seen uuid[]
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_organisation constant uuid := access.acting_organisation('alerts:acknowledge');
    v_now constant timestamptz := access.current_instant();
    v_lines jsonb;
    v_since timestamptz;
    v_done jsonb;
begin
    if v_organisation is null then
        return 'not_allowed';
    end if;
    if exists (select from alerts.handover h where h.id = p_id) then
        return 'given';
    end if;
    select coalesce(jsonb_agg(to_jsonb(m) - '{name,of_drill}'::text[]), '[]')
    into v_lines from alerts.open_matters() m;
    if (select array_agg(l.value ->> 'key' order by l.value ->> 'key')
            from jsonb_array_elements(v_lines) l)
        is distinct from (select array_agg(s::text order by s::text) from unnest(p_seen) s)
    then
        return 'changed';
    end if;
    select max(h.given_at) into v_since from alerts.handover h
    where h.organisation = v_organisation and h.given_at > v_now - interval '24 hours';
    v_since := coalesce(v_since, v_now - interval '12 hours');
    select jsonb_build_object('raised', count(*) filter (where a.raised_at > v_since),
        'closed', count(*) filter (where a.closed_at > v_since)) into v_done
    from alerts.alert a
    join alerts.queue_entry q on q.patient_id = a.patient_id and q.organisation = v_organisation
    where (a.raised_at > v_since or a.closed_at > v_since) and a.drill is null
        and not alerts.is_drill_record(a.patient_id);
    insert into alerts.handover (id, organisation, giver, since, given_at, note, done, digest)
    values (p_id, v_organisation, access.current_person(), v_since, v_now, p_note, v_done,
        encode(sha256(convert_to(
            concat_ws(e'\n', p_note, v_done, v_lines, p_remarks), 'UTF8')), 'hex'));
    insert into alerts.handover_line
        (handover, place, patient_id, alert, first_call_late, call_back_due, remark)
    select p_id, l.ordinality, (l.value ->> 'patient_id')::uuid,
        case when jsonb_typeof(l.value -> 'alert') = 'object' then l.value -> 'alert' end,
        (l.value ->> 'first_call_late')::boolean, (l.value ->> 'call_back_due')::boolean,
        coalesce(p_remarks ->> (l.value ->> 'key'), '')
    from jsonb_array_elements(v_lines) with ordinality l;
    return 'given';
end;
$$;

-- Signs what another has given, if it is what the taker read.
create or replace function alerts.take_handover(p_handover uuid, p_digest text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_found alerts.handover;
begin
    select h.* into v_found from alerts.handover h
    where h.id = p_handover and h.organisation = access.acting_organisation('alerts:acknowledge')
    for update;
    if v_found.id is null then
        return 'not_allowed';
    elsif v_found.taker is not null then
        return case when v_found.taker = access.current_person() then 'taken' else 'late' end;
    elsif v_found.giver = access.current_person() then
        return 'own';
    elsif v_found.digest <> p_digest then
        return 'changed';
    end if;
    update alerts.handover h
    set taker = access.current_person(), taken_at = access.current_instant()
    where h.id = p_handover;
    return 'taken';
end;
$$;

-- The handovers of the acting organisation, newest first.
create or replace function alerts.handovers(p_handover uuid, p_limit integer)
returns table (id uuid, giver uuid, giver_name text, since timestamptz, given_at timestamptz,
    note text, raised integer, closed integer, digest text, taker uuid, taker_name text,
    taken_at timestamptz, lines bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select h.id, h.giver, g.name, h.since, h.given_at, h.note, (h.done ->> 'raised')::integer,
        (h.done ->> 'closed')::integer, h.digest, h.taker, t.name, h.taken_at,
        (select count(*) from alerts.handover_line l where l.handover = h.id)
    from alerts.handover h
    join access.party g on g.id = h.giver
    left join access.party t on t.id = h.taker
    where h.organisation = access.acting_organisation('queue:read')
        and (p_handover is null or h.id = p_handover)
    order by h.given_at desc, h.id
    limit p_limit;
end;

-- What a handover says; of a patient whom the organisation no longer follows, nothing but a line.
-- Whether a record serves exercises alone is what holds now: once somebody lives in it no page says so.
drop function if exists alerts.handover_lines;
create function alerts.handover_lines(p_handover uuid)
returns table (place integer, patient_id uuid, name text, alert jsonb, first_call_late boolean,
    call_back_due boolean, remark text, of_drill boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.place, f.patient_id,
        upper(coalesce(i.used_name, i.birth_name)) || ' '
            || coalesce(i.used_first_name, split_part(i.birth_first_names, ' ', 1)),
        case when f.patient_id is not null then l.alert end,
        l.first_call_late and f.patient_id is not null,
        l.call_back_due and f.patient_id is not null,
        case when f.patient_id is null then '' else l.remark end,
        f.patient_id is not null and alerts.is_drill_record(f.patient_id)
    from alerts.handover h
    join alerts.handover_line l on l.handover = h.id
    left join lateral (
        select m.patient_id from access.membership m
        where m.patient_id = l.patient_id and m.party = h.organisation
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
        limit 1
    ) f on true
    left join identity.patient i on i.patient_id = f.patient_id
    where h.id = p_handover and h.organisation = access.acting_organisation('queue:read')
    order by l.place;
end;

revoke execute on function alerts.open_matters, alerts.give_handover, alerts.take_handover,
    alerts.handovers, alerts.handover_lines from public;
grant execute on function alerts.open_matters, alerts.give_handover, alerts.take_handover,
    alerts.handovers, alerts.handover_lines to chevet_app;
