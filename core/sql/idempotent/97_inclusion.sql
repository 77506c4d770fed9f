-- How a patient is asked for, included and followed; what ends it stands in 98_exit.sql.
do $$
declare
    v_table text;
begin
    foreach v_table in array array['request', 'inclusion', 'episode', 'agreement',
        'first_contact', 'household_link', 'kit_return', 'death', 'relative_told', 'exit_letter',
        'notice']
    loop
        execute format('alter table coordination.%I enable row level security', v_table);
        execute format('drop policy if exists worker_all on coordination.%I', v_table);
        execute format('create policy worker_all on coordination.%I to chevet_worker '
            'using (true) with check (true)', v_table);
    end loop;
end;
$$;

drop policy if exists person_reads on coordination.inclusion;
create policy person_reads on coordination.inclusion for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and organisation = (select access.acting_organisation('patients:include')));
drop policy if exists person_adds on coordination.inclusion;
create policy person_adds on coordination.inclusion for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and organisation = (select access.acting_organisation('patients:include'))
        and opened_by = access.current_person());
drop policy if exists person_changes on coordination.inclusion;
create policy person_changes on coordination.inclusion for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and organisation = (select access.acting_organisation('patients:include')));

drop policy if exists person_reads on coordination.episode;
create policy person_reads on coordination.episode for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('plan:read'))));
drop policy if exists person_adds on coordination.episode;
create policy person_adds on coordination.episode for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and organisation = (select access.acting_organisation('patients:include'))
        and included_by = access.current_person());
drop policy if exists person_changes on coordination.episode;
create policy person_changes on coordination.episode for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('monitoring:write'))));

drop policy if exists person_reads on coordination.agreement;
create policy person_reads on coordination.agreement for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('plan:read'))));
drop policy if exists person_adds on coordination.agreement;
create policy person_adds on coordination.agreement for insert to chevet_app
    with check (recorded_by = access.current_person() and (
        patient_id = any (array(select access.visible_patients('monitoring:write')))
        or given_by = access.current_person() and means = 'digital'
            and patient_id = any (access.record_of(access.current_person()))));

drop policy if exists person_reads on coordination.first_contact;
create policy person_reads on coordination.first_contact for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('plan:read'))));
drop policy if exists person_adds on coordination.first_contact;
create policy person_adds on coordination.first_contact for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and by_person = access.current_person());

-- Whether the actor holds a right on a record, whichever record he has in hand; not what archiving
-- closes.
create or replace function access.may_open(p_patient uuid, p_permission text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select not (access.closed_by_archive(p_permission) and access.is_archived(p_patient)) and exists (
        select from access.held_for(p_patient) held
        join access.role_permission g on g.role = held.role and g.permission = p_permission
        where not g.needs_agreement or p_permission = any (held.agreed)
    );
end;

-- Whom one may ask: organisations with somebody who follows patients from afar, training apart.
create or replace function coordination.centres() returns table (centre uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    where access.acting_organisation('telemonitoring:request') is not null
        and y.kind = 'organisation'
        and y.training = (select o.training from access.party o
            where o.id = access.acting_organisation('telemonitoring:request'))
        and exists (
            select from access.post p
            where p.organisation = y.id and p.role = 'telemonitoring_nurse'
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
        )
    order by y.name, y.id;
end;

create or replace function coordination.send_request(
    p_id uuid, p_centre uuid, p_patient uuid, p_wish jsonb, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_organisation constant uuid := access.acting_organisation('telemonitoring:request');
begin
    if v_organisation is null
        or p_patient is not null and not access.may_open(p_patient, 'identity:read') then
        raise insufficient_privilege using message = 'no right to ask for a follow-up';
    elsif not exists (select from coordination.centres() c where c.centre = p_centre) then
        return 'no_centre';
    elsif p_patient is not null and access.is_dead(p_patient) then
        return 'dead';
    end if;
    insert into coordination.request
        (id, requested_by, post, organisation, centre, patient_id, birth_name, first_name,
        birth_date, sex, phone, programme, risk, reason, discharge_on, oxygen_l_min, patient_told,
        sent_at, state)
    select p_id, access.current_person(), access.current_post(), v_organisation, p_centre,
        p_patient, coalesce(i.birth_name, w.birth_name),
        coalesce(i.birth_first_name, w.first_name), coalesce(i.birth_date, w.birth_date),
        coalesce(i.sex, w.sex), w.phone, w.programme, w.risk, w.reason, w.discharge_on,
        w.oxygen_l_min, w.patient_told, v_now, 'sent'
    from jsonb_populate_record(null::coordination.request, p_wish) w
    left join identity.patient i on i.patient_id = p_patient
    on conflict (patient_id, centre, programme) where state = 'sent' and patient_id is not null
    do nothing;
    if not found then
        return 'already';
    end if;
    insert into coordination.notice (id, kind, subject, created_at)
    values (p_notice, 'request_sent', p_id, v_now);
    return 'sent';
end;
$$;

-- What the actor asked for where he now works (of a former post he reads nothing), and what his organisation is asked; waiting ones first, oldest first.
create or replace function coordination.requests(p_request uuid, p_most integer) returns table (
    id uuid, mine boolean, centre uuid, centre_name text, requested_by uuid, requester_name text,
    requester_role text, organisation_name text, patient_id uuid, birth_name text,
    first_name text, birth_date date, sex text, phone text, programme text, risk text,
    reason text, discharge_on date, oxygen_l_min numeric, sent_at timestamptz, state text,
    decided_at timestamptz, decided_by_name text, refusal text, note text, inclusion_id uuid,
    inclusion_state text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.id, r.requested_by = access.current_person(), r.centre, c.name, r.requested_by,
        y.name, p.role, o.name, r.patient_id, r.birth_name, r.first_name, r.birth_date, r.sex,
        r.phone, r.programme, r.risk, r.reason, r.discharge_on, r.oxygen_l_min, r.sent_at,
        r.state, r.decided_at, d.name, r.refusal, r.note, i.id, i.state
    from coordination.request r
    join access.party c on c.id = r.centre
    join access.party y on y.id = r.requested_by
    join access.party o on o.id = r.organisation
    join access.post p on p.id = r.post
    left join access.party d on d.id = r.decided_by
    left join lateral (
        select n.id, n.state from coordination.inclusion n
        where n.request_id = r.id order by n.opened_at desc limit 1
    ) i on true
    where (p_request is null or r.id = p_request)
        and (r.requested_by = access.current_person()
                and r.organisation = access.acting_organisation('telemonitoring:request')
            or r.centre = access.acting_organisation('patients:include')
                and exists (select from access.post n where n.organisation = r.centre
                    and n.role = 'telemonitoring_nurse'))
    order by r.state <> 'sent', case when r.state = 'sent' then r.sent_at end,
        r.decided_at desc, r.id
    limit p_most;
end;

-- The centre accepts or refuses, the requester withdraws. Accepted for a known patient, the centre
-- enters his circle: the requester, in that circle himself, said that the patient knows of it.
create or replace function coordination.decide_request(
    p_request uuid, p_state text, p_refusal text, p_note text, p_membership uuid, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_request coordination.request;
begin
    select * into v_request from coordination.request r
    where r.id = p_request and case p_state
        when 'withdrawn' then r.requested_by = access.current_person()
            and r.organisation = access.acting_organisation('telemonitoring:request')
        when 'accepted' then r.centre = access.acting_organisation('patients:include')
        when 'refused' then r.centre = access.acting_organisation('patients:include') end
    for update;
    if v_request.id is null then
        return 'gone';
    elsif v_request.state <> 'sent' then
        return case when v_request.state = p_state then 'done' else 'decided' end;
    elsif p_state = 'accepted' and v_request.patient_id is not null then
        if access.is_dead(v_request.patient_id) then
            return 'dead';
        elsif not access.party_in_circle(v_request.requested_by, v_request.patient_id) then
            return 'requester_left';
        end if;
        insert into access.membership
            (id, patient_id, party, role, basis, starts_at, granted_by, reason)
        select p_membership, v_request.patient_id, v_request.centre, 'telemonitoring_centre',
            'care_team', v_now, v_request.requested_by, 'request'
        where not access.party_in_circle(v_request.centre, v_request.patient_id);
    end if;
    update coordination.request r
    set state = p_state, decided_at = v_now, decided_by = access.current_person(),
        refusal = p_refusal, note = p_note
    where r.id = p_request;
    if p_state <> 'withdrawn' then
        insert into coordination.notice (id, kind, subject, created_at)
        values (p_notice, 'request_decided', p_request, v_now);
    end if;
    return 'done';
end;
$$;

-- The record that a request led to: its requester, who did not know of one, enters the circle in the
-- role in which he asked, unless that post has ended since.
create or replace function coordination.name_request_patient(
    p_request uuid, p_patient uuid, p_membership uuid
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_request coordination.request;
begin
    select * into v_request from coordination.request r
    where r.id = p_request and r.state = 'accepted'
        and r.centre = access.acting_organisation('patients:include') for update;
    if v_request.id is null or not access.may_open(p_patient, 'monitoring:write') then
        return false;
    elsif v_request.patient_id is not null then
        return v_request.patient_id = any (access.record_of(p_patient));
    end if;
    update coordination.request r set patient_id = p_patient where r.id = p_request;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, granted_by, reason)
    select p_membership, p_patient, case p.role when 'dac_coordinator' then p.organisation
            when 'hospital_doctor' then p.organisation else p.person end,
        case p.role when 'dac_coordinator' then 'dac' when 'hospital_doctor' then 'ward'
            else p.role end, 'care_team', access.current_instant(), access.current_person(),
        'request'
    from access.post p
    where p.id = v_request.post and not access.party_in_circle(p.person, p_patient)
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant());
    return true;
end;
$$;

-- A professional enters the circle of somebody who is being included: by his RPPS number or his
-- sign-in name, only in a role he works in, and nobody lets himself in.
create or replace function coordination.welcome(
    p_id uuid, p_patient uuid, p_who text, p_role text
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_people uuid[];
begin
    if not access.may_open(p_patient, 'monitoring:write')
        or p_role not in ('gp', 'coordinating_doctor', 'home_nurse', 'pharmacist')
        or not exists (select from coordination.inclusion n
            where n.patient_id = any (access.record_of(p_patient)) and n.state = 'open'
                and n.organisation = access.acting_organisation('patients:include')) then
        raise insufficient_privilege using message = 'no right to let somebody in';
    end if;
    v_people := array(
        select y.id
        from access.party y
        left join identity.account a on a.person = y.id
        left join identity.professional q on q.person = y.id
        where y.kind = 'person' and (a.login = lower(p_who) or q.rpps = p_who)
            and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
            and y.training = (select k.training from access.party k where k.id = p_patient)
            and y.id <> access.current_person()
            and exists (select from access.post p where p.person = y.id and p.role = p_role
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant()))
        limit 2);
    if cardinality(v_people) <> 1 then
        return case when cardinality(v_people) = 0 then 'nobody' else 'several' end;
    elsif exists (select from access.membership m
        where m.patient_id = any (access.record_of(p_patient)) and m.party = v_people[1]
            and m.role = p_role and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())) then
        return 'already';
    end if;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, granted_by, reason)
    values (p_id, p_patient, v_people[1], p_role, 'care_team', access.current_instant(),
        access.current_person(), 'inclusion');
    return 'in';
end;
$$;

-- Watching begins by a person's act, in the transaction of the inclusion: what he signs takes the
-- place of the live version it was made from. A word says why not,
-- and nothing is changed: « newer » when that is not the live one any more, « dead », « unshared »
-- where its alerts would reach nobody, « archived ».
drop function if exists alerts.start_watching;
create function alerts.start_watching(
    p_id uuid, p_patient uuid, p_before uuid, p_content text, p_digest text,
    p_look_at timestamptz, p_missing jsonb, p_news2 jsonb, p_since timestamptz
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_content jsonb;
    v_live uuid[];
begin
    if access.is_closed(p_patient, 'monitoring:write') then
        return 'archived';
    elsif not access.may_open(p_patient, 'monitoring:write') then
        raise insufficient_privilege using message = 'no right to prescribe a follow-up';
    end if;
    v_content := p_content::jsonb;
    -- Whoever signs for him, or judges him, at this moment has done so before we look.
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (access.record_of(p_patient)) order by key) p;
    select coalesce(array_agg(r.id), '{}') into v_live
    from alerts.prescription r
    where r.patient_id = any (access.record_of(p_patient)) and r.ends_at is null;
    if exists (select from access.patient p where p.id = p_patient and p.died_on is not null) then
        return 'dead';
    elsif not access.is_shared(p_patient) then
        return 'unshared';
    elsif access.is_archived(p_patient) then
        return 'archived';
    elsif p_before is null and v_live <> '{}'
        or p_before is not null and p_before <> all (v_live) then
        return 'newer';
    end if;
    -- Of a merged record each may have one: they end together, or two would watch one person.
    update alerts.prescription r
    set ends_at = greatest(v_now, r.starts_at + interval '1 microsecond')
    where r.id = any (v_live);
    insert into alerts.prescription
        (id, patient_id, patient_key, profile_id, profile_version, ladder_id, ladder_version,
        spo2_scale, prescribed_by, starts_at, content, digest, ends_on, looked_at, look_at)
    select p_id, p.id, p.key, v_content -> 'template' ->> 0,
        (v_content -> 'template' ->> 1)::smallint, v_content -> 'ladder' ->> 0,
        (v_content -> 'ladder' ->> 1)::smallint, (v_content ->> 'spo2_scale')::smallint,
        access.current_person(), v_now, p_content, p_digest, (v_content ->> 'ends_on')::date,
        v_now, p_look_at
    from access.patient p where p.id = p_patient;
    insert into alerts.patient_summary
        (patient_id, level, rank, since, judged_at, items, missing, doubtful, latest, news2,
        open_alerts, open_red)
    values (p_patient, 'unknown', 0, v_now, v_now, '[]', p_missing, '[]', '[]', p_news2, 0, 0)
    on conflict (patient_id) do nothing;
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    select 'reading', p.key, min(came.at), max(came.at), came.received_at
    from access.patient p
    cross join lateral (
        select r.measured_at as at, r.received_at from doorway.review_reading r
        where r.patient_key = p.key and r.measured_at >= p_since
        union all
        select s.start_at, s.received_at from doorway.review_sampled s
        where s.patient_key = p.key and s.start_at >= p_since
        union all
        select a.answered_at, a.received_at from alerts.answer_to_review a
        where a.patient_id = p.id and a.answered_at >= p_since
    ) came
    where p.id = p_patient and came.received_at >= coalesce((
        select max(r.ends_at) from alerts.prescription r where r.patient_id = p.id), '-infinity')
    group by p.key, came.received_at;
    perform alerts.rerank(p_patient);
    perform alerts.hint_queues(p_patient);
    return 'begun';
end;
$$;

-- Devices of the acting organisation that are in nobody's hands.
create or replace function devices.to_lend() returns table (device text, model text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select d.id, d.model
    from devices.device d
    where d.organisation = access.acting_organisation('patients:include')
        and not exists (select from devices.assignment a where a.device = d.id
            and (upper_inf(a.valid) or upper(a.valid) > access.current_instant()))
    order by d.model, d.id
    limit 200;
end;

create or replace function devices.lend(p_id uuid, p_device text, p_patient uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.may_open(p_patient, 'monitoring:write')
        or not exists (select from devices.to_lend() f where f.device = p_device) then
        return false;
    end if;
    insert into devices.assignment (id, device, patient_id, valid)
    values (p_id, p_device, p_patient, tstzrange(access.current_instant(), null))
    on conflict do nothing;
    return found;
end;
$$;

-- The follow-ups of the acting organisation and the paths to one that are not finished.
drop function if exists coordination.follow_ups(integer);
create or replace function coordination.follow_ups(p_most integer) returns table (
    episode_id uuid, patient_id uuid, patient_name text, phone text, programme text,
    included_at timestamptz, ends_on date, first_contact_due_at timestamptz,
    first_contact_at timestamptz, attempts bigint, last_outcome text, agreed boolean,
    refused boolean, confirmed boolean, watched boolean, planned boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.id, e.patient_id, y.name, i.phone, e.programme, e.included_at, e.ends_on,
        e.first_contact_due_at, e.first_contact_at,
        (select count(*) from coordination.first_contact c where c.episode_id = e.id),
        (select c.outcome from coordination.first_contact c
            where c.episode_id = e.id order by c.at desc limit 1),
        coalesce((select a.agreed from coordination.agreement a
            where a.episode_id = e.id and a.kind = 'telemonitoring'
            order by a.at desc, a.id desc limit 1), false),
        coalesce((select not a.agreed from coordination.agreement a
            where a.episode_id = e.id and a.kind = 'telemonitoring'
            order by a.at desc, a.id desc limit 1), false),
        exists (select from coordination.agreement a where a.episode_id = e.id
            and a.kind = 'telemonitoring' and (a.means = 'paper' or a.given_by = a.recorded_by)),
        exists (select from alerts.prescription r
            where r.patient_id = e.patient_id and r.ends_at is null),
        e.plan_id is not null
    from coordination.episode e
    join access.party y on y.id = e.patient_id
    join identity.patient i on i.patient_id = e.patient_id
    where e.organisation = access.acting_organisation('patients:include')
        and e.ended_at is null
        and access.may_open(e.patient_id, 'plan:read')
    order by e.first_contact_at is not null, e.first_contact_due_at, e.id
    limit p_most;
end;

create or replace function coordination.open_inclusions(p_most integer) returns table (
    inclusion_id uuid, patient_id uuid, patient_name text, opened_at timestamptz,
    saved_at timestamptz, opened_by_name text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select n.id, n.patient_id, y.name, n.opened_at, n.saved_at, o.name
    from coordination.inclusion n
    join access.party y on y.id = n.patient_id
    join access.party o on o.id = n.opened_by
    where n.organisation = access.acting_organisation('patients:include') and n.state = 'open'
        and access.may_open(n.patient_id, 'monitoring:write')
    order by n.saved_at desc, n.id
    limit p_most;
end;

-- A refusal that a patient gives on his own phone is told to his centre: somebody speaks with him.
create or replace function coordination.tell_refusal() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    values (gen_random_uuid(), 'agreement_refused', new.id, new.patient_id, new.at);
    return null;
end;
$$;
drop trigger if exists tell_refusal on coordination.agreement;
create trigger tell_refusal after insert on coordination.agreement
    for each row when (new.kind = 'telemonitoring' and not new.agreed and new.means = 'digital')
    execute function coordination.tell_refusal();

-- Patients nobody spoke with in time move up in the queues, once each.
create or replace function coordination.mark_late(p_limit integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient uuid;
    v_count bigint := 0;
begin
    for v_patient in
        update coordination.episode e set late_at = access.current_instant()
        where e.id in (
            select l.id from coordination.episode l
            where l.first_contact_at is null and l.ended_at is null and l.late_at is null
                and l.first_contact_due_at <= access.current_instant()
            order by l.first_contact_due_at limit p_limit for update skip locked
        )
        returning e.patient_id
    loop
        perform alerts.rerank(v_patient);
        perform alerts.hint_queues(v_patient);
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;

-- Once somebody has spoken with him he goes back to his place in the queues.
create or replace function coordination.spoken_with() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform alerts.rerank(new.patient_id);
    perform alerts.hint_queues(new.patient_id);
    return null;
end;
$$;
drop trigger if exists spoken_with on coordination.episode;
create trigger spoken_with after update of first_contact_at on coordination.episode
    for each row when (old.first_contact_at is null and new.first_contact_at is not null)
    execute function coordination.spoken_with();

-- Names of those who included, spoke and ended, for those who read the follow-up.
create or replace view doorway.episode with (security_barrier) as
select e.id, e.patient_id, e.organisation, o.name as organisation_name, e.programme, e.plan_id,
    e.prescription_id, e.eligibility, e.person_to_call, i.name as included_by_name, e.included_at, e.ends_on,
    e.first_contact_due_at, e.first_contact_at, c.name as first_contact_by_name, e.ended_at,
    x.name as ended_by_name, e.end_reason,
    case when e.patient_id = any (array(select access.visible_patients('monitoring:write')))
        then e.end_note else '' end as end_note
from coordination.episode e
join access.party o on o.id = e.organisation
join access.party i on i.id = e.included_by
left join access.party c on c.id = e.first_contact_by
left join access.party x on x.id = e.ended_by
where e.patient_id = any (array(select access.visible_patients('plan:read')));
comment on view doorway.episode is 'Follow-ups of the patients whose plan the actor may read.';

create or replace view doorway.first_contact with (security_barrier) as
select c.id, c.episode_id, c.patient_id, c.at, y.name as by_name, c.outcome,
    case when c.patient_id = any (array(select access.visible_patients('monitoring:write')))
        then c.note else '' end as note
from coordination.first_contact c
join access.party y on y.id = c.by_person
where c.patient_id = any (array(select access.visible_patients('plan:read')));
comment on view doorway.first_contact is
    'Attempts to speak with patients just included. What the team wrote of them stays with those who follow him: it may be about whoever lives with him.';

create or replace view doorway.agreement with (security_barrier) as
select a.id, a.episode_id, a.patient_id, a.kind, a.agreed, a.text_id, a.text_version, a.wording,
    a.means, g.name as given_by_name, r.name as recorded_by_name,
    a.given_by = a.recorded_by as by_himself, a.at
from coordination.agreement a
join access.party g on g.id = a.given_by
join access.party r on r.id = a.recorded_by
where a.patient_id = any (array(select access.visible_patients('plan:read')));
comment on view doorway.agreement is 'What patients were told and answered about their follow-up.';

-- Who lives with a patient or was in contact with him: only those whose records the actor may open
-- as well. Whoever follows one of the two alone does not learn that there is another.
create or replace function coordination.household(p_patient uuid) returns table (
    link_id uuid, other_id uuid, name text, birth_date date, kind text, of_index boolean,
    noted_at timestamptz, programme text, level text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select l.id, o.id, y.name, i.birth_date, l.kind, l.other_id = o.id, l.noted_at,
        (select e.programme from coordination.episode e
            where e.patient_id = o.id and e.ended_at is null order by e.included_at desc limit 1),
        case when access.may_open(o.id, 'alerts:read') then s.level end
    from coordination.household_link l
    join access.patient o
        on o.id = case when l.patient_id = any (access.record_of(p_patient)) then l.other_id
            else l.patient_id end
    join access.party y on y.id = o.id
    join identity.patient i on i.patient_id = o.id
    left join alerts.patient_summary s on s.patient_id = o.id
    where l.ended_at is null
        and (l.patient_id = any (access.record_of(p_patient))
            or l.other_id = any (access.record_of(p_patient)))
        and access.may_open(p_patient, 'identity:read')
        and access.may_open(o.id, 'identity:read')
    order by l.noted_at, l.id;
end;

create or replace function coordination.link_household(
    p_id uuid, p_patient uuid, p_other uuid, p_kind text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_other = any (access.record_of(p_patient))
        or not access.may_open(p_patient, 'monitoring:write')
        or not access.may_open(p_other, 'identity:read') then
        return false;
    end if;
    insert into coordination.household_link
        (id, patient_id, other_id, kind, noted_by, noted_at)
    values (p_id, p_patient, p_other, p_kind, access.current_person(), access.current_instant())
    on conflict do nothing;
    return true;
end;
$$;

create or replace function coordination.end_household(p_patient uuid, p_tie uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.household_link l
    set ended_at = access.current_instant(), ended_by = access.current_person()
    where l.id = p_tie and l.ended_at is null
        and (l.patient_id = any (access.record_of(p_patient))
            or l.other_id = any (access.record_of(p_patient)))
        and access.may_open(l.patient_id, 'identity:read')
        and access.may_open(l.other_id, 'identity:read')
        and access.may_open(p_patient, 'monitoring:write');
    return found;
end;
$$;

revoke execute on all functions in schema coordination, access, devices from public;
revoke execute on function alerts.start_watching from public;
grant select on doorway.episode, doorway.first_contact, doorway.agreement to chevet_app;
grant select on coordination.inclusion, coordination.episode, coordination.agreement,
    coordination.first_contact to chevet_app;
grant insert (id, patient_id, organisation, request_id, state, typed, opened_by, opened_at,
    saved_at) on coordination.inclusion to chevet_app;
grant update (typed, saved_at, state, decided_by, decided_at, refusal, note)
    on coordination.inclusion to chevet_app;
grant insert (id, inclusion_id, patient_id, organisation, programme, plan_id, prescription_id,
    eligibility, person_to_call, included_by, included_at, ends_on, first_contact_due_at)
    on coordination.episode to chevet_app;
grant update (plan_id, first_contact_at, first_contact_by) on coordination.episode to chevet_app;
grant insert (id, episode_id, patient_id, kind, agreed, text_id, text_version, wording, means,
    given_by, recorded_by, at) on coordination.agreement to chevet_app;
grant insert (id, episode_id, patient_id, at, by_person, outcome, note)
    on coordination.first_contact to chevet_app;
grant execute on function coordination.centres, coordination.send_request, coordination.requests,
    coordination.decide_request, coordination.name_request_patient, coordination.follow_ups,
    coordination.open_inclusions, coordination.household, coordination.link_household,
    coordination.end_household, coordination.welcome, alerts.start_watching, devices.to_lend,
    devices.lend to chevet_app;
grant execute on function coordination.mark_late to chevet_worker;
