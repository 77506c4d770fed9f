-- Who stands on a rung: people who may be called, the rota that says who is on duty, the GP's hours.

-- Whom a rung may call for a patient, on duty or not, a row for each address. `organisation` is in
-- whose rota a person stands, null for one who is in the circle himself; `stands_for` is the GP or
-- the home nurse whose acceptance counts.
create or replace view alerts.rung_candidate as
select p.patient_id, p.role, p.person, p.organisation, p.stands_for, c.channel, c.address,
    coalesce(a.locale, 'fr') as locale, c.created_at as known_at,
    coalesce(f.alert_sms, false) as wants_sms, coalesce(f.alert_push, true) as wants_push,
    f.quiet_from, f.quiet_until
from (
    select r.patient_id, d.role, w.person, w.organisation, null::uuid as stands_for
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.post w on w.organisation = m.party
    cross join lateral (
        select w.role where w.role in ('telemonitoring_nurse', 'coordinating_doctor')
        union all
        select 'on_call' where w.role in ('telemonitoring_nurse', 'coordinating_doctor', 'gp',
            'hospital_doctor', 'home_nurse')
    ) d(role)
    where m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and w.starts_at <= access.current_instant()
        and (w.ends_at is null or w.ends_at > access.current_instant())
    union
    select r.patient_id, m.role, m.party, null, m.party
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.party y on y.id = m.party and y.kind = 'person'
    where m.role in ('gp', 'coordinating_doctor', 'home_nurse')
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    -- A nurse of a practice of home nurses that is in the circle accepts for herself.
    select r.patient_id, w.role, w.person, null, w.person
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.post w on w.organisation = m.party and w.role = 'home_nurse'
    where m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and w.starts_at <= access.current_instant()
        and (w.ends_at is null or w.ends_at > access.current_instant())
    union
    -- Whoever replaces a GP is called with him, in the hours the GP gave.
    select k.patient_id, m.role, s.person, null, m.party
    from access.record_member k
    join access.membership m on m.patient_id = k.member
    join access.post r on r.person = m.party
    join access.post s on s.replaces = r.id
    where m.role = 'gp' and m.basis = 'care_team' and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and s.starts_at <= access.current_instant()
        and (s.ends_at is null or s.ends_at > access.current_instant())
    union
    select r.patient_id, 'gp', n.substitute, null, n.substitute
    from access.record_member r
    join alerts.without_gp n on n.patient_id = r.member and n.ended_at is null
    where n.substitute is not null and access.party_in_circle(n.substitute, r.patient_id)
) p
left join (
    select k.party, k.channel, k.address, k.created_at from messages.contact_point k
    where k.channel in ('email', 'sms') and k.ended_at is null
    union all
    select s.party, 'push', s.id::text, s.created_at from messages.subscription s
    where s.ended_at is null
) c on c.party = p.person
left join messages.preference f on f.party = p.person
left join identity.account a on a.person = p.person
where a.person is null or identity.is_live(a.disabled_at, a.expires_at);
comment on view alerts.rung_candidate is
    'Whom a rung may call for a patient, before the rota says who is on duty.';

-- The rotas that are kept, one row an organisation: shifts, leave and swaps that still count, and
-- until when each member of its staff stays.
create or replace view alerts.rota_kept as
select o.organisation, r.zone, r.holidays,
    coalesce((
        select jsonb_agg(jsonb_build_object('id', s.id, 'person', s.person, 'duty', s.duty,
            'weekdays', s.weekdays, 'starts', s.starts, 'ends', s.ends,
            'on_holidays', s.on_holidays, 'first_on', s.first_on, 'last_on', s.last_on)
            order by s.id)
        from alerts.shift s
        where s.organisation = o.organisation and s.removed_at is null
    ), '[]') as shifts,
    coalesce((
        select jsonb_agg(jsonb_build_object('person', l.person, 'first_on', l.first_on,
            'last_on', l.last_on, 'substitute', l.substitute) order by l.id)
        from alerts.leave l
        where l.organisation = o.organisation and l.removed_at is null
            and l.last_on >= access.current_instant()::date - 35
    ), '[]') as leaves,
    coalesce((
        select jsonb_agg(jsonb_build_object('shift', w.shift, 'day', w.day, 'to', w.to_person)
            order by w.id)
        from alerts.swap w
        where w.organisation = o.organisation and w.accepted
            and w.day >= access.current_instant()::date - 35
    ), '[]') as swaps,
    coalesce((
        select jsonb_object_agg(t.person, t.until)
        from (
            select p.person, case when bool_or(p.ends_at is null) then null
                else max(p.ends_at) end as until
            from access.post p
            left join identity.account a on a.person = p.person
            where p.organisation = o.organisation
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
                and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
            group by p.person
        ) t
    ), '{}') as staff
from (
    select organisation from alerts.shift where removed_at is null
    union
    select organisation from alerts.leave where removed_at is null
) o
left join alerts.rota r on r.organisation = o.organisation;
comment on view alerts.rota_kept is 'What decides over who is on duty, for the escalation.';

do $$
declare
    v_table text;
begin
    foreach v_table in array array['rota', 'shift', 'leave', 'swap', 'duty_gap', 'gp_hours',
        'without_gp']
    loop
        execute format('drop policy if exists worker_all on alerts.%I', v_table);
        execute format('create policy worker_all on alerts.%I to chevet_worker '
            'using (true) with check (true)', v_table);
        execute format('grant select, insert, update on alerts.%I to chevet_worker', v_table);
    end loop;
end;
$$;
grant select on alerts.rung_candidate, alerts.rota_kept to chevet_worker;

-- The carers whom the patient lets be told at night, and where: by text message, else by mail.
create or replace function alerts.carers_at_night(p_patient uuid)
returns table (person uuid, channel text, address text, locale text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct on (m.party) m.party, c.channel, c.address, coalesce(a.locale, 'fr')
    from coordination.told_of_silence s
    join access.membership m on m.id = s.membership_id
    join messages.contact_point c
        on c.party = m.party and c.channel in ('email', 'sms') and c.ended_at is null
    left join identity.account a on a.person = m.party
    where s.patient_id = any (access.record_of(p_patient)) and s.at_night
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and access.party_in_circle(m.party, p_patient)
    order by m.party, c.channel desc, c.created_at desc;
end;
revoke execute on function alerts.carers_at_night from public;
grant execute on function alerts.carers_at_night to chevet_worker;

-- Whether a record is « sans médecin traitant » and names nobody of the circle in his place; to a
-- person only of a record whose follow-up he may begin.
create or replace function alerts.lacks_substitute(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from alerts.without_gp n
        where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null
            and (n.substitute is null or not access.party_in_circle(n.substitute, p_patient))
    ) and ((access.current_person() is null and session_user = 'chevet_worker')
        or p_patient = any (array(select access.visible_patients('monitoring:write'))));
end;
revoke execute on function alerts.lacks_substitute from public;
grant execute on function alerts.lacks_substitute to chevet_app, chevet_worker;
