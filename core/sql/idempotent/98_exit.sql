-- How a follow-up ends, what is fetched and written then, and what stops when a patient dies.

-- Watching ends: no prescription, and those of the open alerts that are named closed with an outcome.
-- Waits for a review that is under way, so that none raises an alert just afterwards.
create or replace function alerts.stop_watching(p_patient uuid, p_alerts uuid[], p_outcome text)
returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_records constant uuid[] := access.record_of(p_patient);
    v_record uuid;
    v_closed bigint;
begin
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (v_records) order by key) p;
    update alerts.prescription r set ends_at = greatest(v_now, r.starts_at + interval '1 microsecond')
    where r.patient_id = any (v_records) and r.ends_at is null;
    with closed as (
        update alerts.alert a
        set state = 'closed', next_step_at = null, closed_by = access.current_person(),
            closed_at = v_now, outcome = p_outcome
        where a.patient_id = any (v_records) and a.state <> 'closed'
            and (p_alerts is null or a.id = any (p_alerts))
        returning a.id, a.patient_id, a.round
    ), noted as (
        insert into alerts.alert_event (alert_id, patient_id, at, what, by_person, detail)
        select c.id, c.patient_id, v_now, 'closed', access.current_person(),
            jsonb_build_object('outcome', p_outcome)
        from closed c
    )
    select count(*) into v_closed from closed;
    foreach v_record in array v_records loop
        perform alerts.rerank(v_record);
        perform alerts.hint_queues(v_record);
    end loop;
    return v_closed;
end;
$$;

-- What a patient keeps at home is to be fetched; nothing of it is ended before it is.
create or replace function coordination.ask_kit_back(p_patient uuid) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    insert into coordination.kit_return
        (id, patient_id, organisation, assignment, device, asked_at)
    select gen_random_uuid(), a.patient_id, d.organisation, a.id, d.id, access.current_instant()
    from devices.assignment a
    join devices.device d on d.id = a.device
    where a.patient_id = any (access.record_of(p_patient)) and upper_inf(a.valid)
    on conflict (assignment) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

create or replace function coordination.kit_waiting() returns table (
    id uuid, patient_id uuid, patient_name text, died_on date, device text, model text,
    asked_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.patient_id, y.name, p.died_on, k.device, d.model, k.asked_at
    from coordination.kit_return k
    join access.patient p on p.id = k.patient_id
    join access.party y on y.id = k.patient_id
    join devices.device d on d.id = k.device
    where k.settled_at is null and k.organisation = access.acting_organisation('patients:include')
    order by k.asked_at, k.id
    limit 200;
end;

create or replace function coordination.settle_kit(p_kit uuid, p_outcome text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_kit coordination.kit_return;
begin
    update coordination.kit_return k
    set settled_at = v_now, settled_by = access.current_person(), outcome = p_outcome
    where k.id = p_kit and k.settled_at is null
        and k.organisation = access.acting_organisation('patients:include')
    returning * into v_kit;
    update devices.assignment a set valid = tstzrange(lower(a.valid), v_now)
    where a.id = v_kit.assignment and upper_inf(a.valid) and lower(a.valid) < v_now;
    return v_kit.patient_id;
end;
$$;

-- Nobody judges a patient or finds him silent while his follow-up is ended: whoever ends it asks for
-- this first, before he touches tasks, so that he and the machines take their locks in one order.
create or replace function coordination.hold_still(p_patient uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.may_open(p_patient, 'monitoring:write') then
        return false;
    end if;
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (access.record_of(p_patient)) order by key) p;
    return true;
end;
$$;

-- Links to questionnaires end with the follow-up: nobody is asked anything by them.
create or replace function questionnaires.end_links(p_patient uuid) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with ended as (
        update questionnaires.link k set ended_at = access.current_instant()
        where k.patient_id = any (access.record_of(p_patient)) and k.ended_at is null
        returning k.id
    )
    select count(*) from ended;
end;

-- A follow-up ends: its watching, with the alerts that are named, and the kit is asked back. The
-- plan of questions is ended by its own room in the same transaction. No alert is left behind, and
-- a red one ends by an exit only when the patient is in hospital.
create or replace function coordination.end_episode(
    p_episode uuid, p_reason text, p_note text, p_alerts uuid[], p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_episode coordination.episode;
    v_last boolean;
    v_records uuid[];
begin
    select * into v_episode from coordination.episode e where e.id = p_episode for update;
    if v_episode.id is null or not access.may_open(v_episode.patient_id, 'monitoring:write') then
        return 'gone';
    elsif v_episode.ended_at is not null then
        return 'ended';
    elsif p_reason = 'death' then
        raise invalid_parameter_value using message = 'a death is noted as such';
    end if;
    v_records := access.record_of(v_episode.patient_id);
    v_last := not exists (select from coordination.episode e
        where e.patient_id = any (v_records) and e.id <> p_episode and e.ended_at is null);
    if v_last then
        if p_reason <> 'hospitalisation' and exists (select from alerts.alert a
            where a.patient_id = any (v_records) and a.state <> 'closed' and a.level = 'red') then
            raise exception 'a red alert is open' using errcode = 'CHV02';
        end if;
        perform alerts.stop_watching(v_episode.patient_id, p_alerts,
            case p_reason when 'hospitalisation' then 'hospitalised' else 'follow_up_ended' end);
        if exists (select from alerts.alert a
            where a.patient_id = any (v_records) and a.state <> 'closed') then
            raise exception 'an alert is open' using errcode = 'CHV02';
        end if;
        perform coordination.ask_kit_back(v_episode.patient_id);
        perform questionnaires.end_links(v_episode.patient_id);
    end if;
    update coordination.episode e
    set ended_at = v_now, ended_by = access.current_person(), end_reason = p_reason,
        end_note = p_note
    where e.id = p_episode;
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    values (p_notice, 'exit_letter', p_episode, v_episode.patient_id, v_now);
    perform alerts.rerank(v_episode.patient_id);
    return case when v_last then 'ended_last' else 'ended_one' end;
end;
$$;

-- What waits to be sent about a dead person, or to him, is called off; leased messages too.
create or replace function messages.silence(p_patient uuid) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with silenced as (
        update messages.outbox o set state = 'cancelled', lease_until = null
        where o.state in ('waiting', 'sending', 'gathered')
            and (o.recipient = any (access.record_of(p_patient))
                or o.about = any (access.record_of(p_patient))
                    and not access.party_in_circle(o.recipient, o.about))
        returning o.id
    )
    select count(*) from silenced;
end;

-- Whoever puts a message out later is too late: it is kept for the trail, and never sent.
create or replace function messages.not_to_the_dead() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if new.recipient is not null and new.state <> 'cancelled' and (access.is_dead(new.recipient)
        or new.about is not null and access.is_dead(new.about)
            and not access.party_in_circle(new.recipient, new.about)) then
        new.state := 'cancelled';
        new.lease_until := null;
    end if;
    return new;
end;
$$;
drop trigger if exists not_to_the_dead on messages.outbox;
create trigger not_to_the_dead before insert on messages.outbox
    for each row execute function messages.not_to_the_dead();

-- Of the dead nothing is raised and nothing is asked, by whichever door it comes: what is measured or
-- answered late is kept, and calls nobody. The row of the patient is looked at under its lock, so
-- that nothing slips in beside a death that is being noted.
create or replace function alerts.not_of_the_dead() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_died_on date;
begin
    select p.died_on into v_died_on from access.patient p where p.id = new.patient_id for key share;
    return case when v_died_on is null then new end;
end;
$$;
drop trigger if exists not_of_the_dead on alerts.alert;
create trigger not_of_the_dead before insert on alerts.alert
    for each row execute function alerts.not_of_the_dead();
drop trigger if exists not_of_the_dead on questionnaires.plan;
create trigger not_of_the_dead before insert on questionnaires.plan
    for each row execute function alerts.not_of_the_dead();
drop trigger if exists not_of_the_dead on questionnaires.task;
create trigger not_of_the_dead before insert on questionnaires.task
    for each row execute function alerts.not_of_the_dead();
drop trigger if exists not_of_the_dead on questionnaires.link;
create trigger not_of_the_dead before insert on questionnaires.link
    for each row execute function alerts.not_of_the_dead();

-- The account of somebody who died is closed with everything that opens it.
create or replace function identity.close_account(p_patient uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_closed boolean;
begin
    update identity.account a set disabled_at = v_now
    where a.person = any (access.record_of(p_patient)) and a.disabled_at is null;
    v_closed := found;
    update identity.session s set ended_at = v_now
    where s.person = any (access.record_of(p_patient)) and s.ended_at is null;
    update identity.ticket t set used_at = v_now
    where t.person = any (access.record_of(p_patient)) and t.used_at is null;
    update messages.subscription b
    set ended_at = greatest(v_now, b.created_at), end_reason = 'gone'
    where b.party = any (access.record_of(p_patient)) and b.ended_at is null;
    return v_closed;
end;
$$;

-- One transaction: everything that would still ask, remind, call or tell the person or his family
-- stops. The plan of questions is ended by its own room in the same transaction.
create or replace function coordination.note_death(
    p_id uuid, p_patient uuid, p_died_on date, p_plans integer, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_records constant uuid[] := access.record_of(p_patient);
    v_organisation constant uuid := access.current_organisation();
    v_episodes jsonb;
    v_alerts bigint;
    v_members jsonb;
    v_account boolean;
    v_kit bigint;
    v_messages bigint;
    v_links bigint;
begin
    if v_organisation is null or not access.may_open(p_patient, 'monitoring:write') then
        raise insufficient_privilege using message = 'no right to note a death';
    end if;
    perform coordination.hold_still(p_patient);
    perform from access.patient p where p.id = any (v_records) order by p.id for update;
    if exists (select from access.patient p
        where p.id = any (v_records) and p.died_on is not null) then
        return 'already';
    elsif exists (select from questionnaires.plan n
        where n.patient_id = any (v_records) and n.ended_at is null) then
        raise object_not_in_prerequisite_state using message = 'a plan of questions is running';
    end if;
    -- A deadline that has passed would still be found missed, and call for a dead person.
    update questionnaires.task t set state = 'cancelled'
    where t.patient_id = any (v_records) and t.state in ('open', 'paused');
    update questionnaires.reminder r set ended_at = v_now, outcome = 'quiet'
    where r.patient_id = any (v_records) and r.ended_at is null;
    v_links := questionnaires.end_links(p_patient);
    v_alerts := alerts.stop_watching(p_patient, null, 'patient_died');
    update access.patient p set died_on = p_died_on, death_noted_at = v_now
    where p.id = any (v_records);
    with ended as (
        update coordination.episode e
        set ended_at = v_now, ended_by = access.current_person(), end_reason = 'death'
        where e.patient_id = any (v_records) and e.ended_at is null
        returning e.programme
    )
    select coalesce(jsonb_agg(programme), '[]') into v_episodes from ended;
    with gone as (
        update access.membership m
        set ends_at = greatest(v_now, m.starts_at), ended_by = access.current_person(),
            end_reason = 'death'
        where m.patient_id = any (v_records) and m.role <> 'patient'
            and access.is_family_role(m.role) and (m.ends_at is null or m.ends_at > v_now)
        returning m.role
    )
    select coalesce(jsonb_agg(role), '[]') into v_members from gone;
    v_account := identity.close_account(p_patient);
    v_kit := coordination.ask_kit_back(p_patient);
    update coordination.inclusion n
    set state = 'refused', refusal = 'other', note = 'death', decided_at = v_now,
        decided_by = access.current_person()
    where n.patient_id = any (v_records) and n.state = 'open';
    v_messages := messages.silence(p_patient);
    insert into coordination.death
        (id, patient_id, died_on, noted_by, organisation, noted_at, stopped)
    values (p_id, p_patient, p_died_on, access.current_person(), v_organisation, v_now,
        jsonb_build_object('plans', p_plans, 'follow_ups', v_episodes, 'alerts', v_alerts,
            'family', v_members, 'account', v_account, 'devices', v_kit,
            'messages', v_messages, 'links', v_links));
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    values (p_notice, 'death', p_id, p_patient, v_now);
    perform alerts.rerank(r) from unnest(v_records) r;
    return 'noted';
end;
$$;

-- Entered in error: whoever may end a follow-up takes it back, with a reason, however late. His
-- account opens again; nothing else starts by itself, and whoever was told is told of the error.
create or replace function coordination.undo_death(p_patient uuid, p_reason text, p_notice uuid)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_death coordination.death;
begin
    if not access.may_open(p_patient, 'monitoring:write') then
        raise insufficient_privilege using message = 'no right to undo this';
    end if;
    select * into v_death from coordination.death d
    where d.patient_id = any (access.record_of(p_patient)) and d.undone_at is null for update;
    if v_death.id is null then
        return 'gone';
    end if;
    update coordination.death d
    set undone_at = v_now, undone_by = access.current_person(), undo_reason = p_reason
    where d.id = v_death.id;
    update access.patient p set died_on = null, death_noted_at = null
    where p.id = any (access.record_of(p_patient));
    update identity.account a set disabled_at = null
    where a.person = any (access.record_of(p_patient)) and a.disabled_at = v_death.noted_at;
    update coordination.notice n set told_at = v_now
    where n.kind = 'death' and n.subject = v_death.id and n.told_at is null;
    if not found then
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        values (p_notice, 'death_undone', v_death.id, p_patient, v_now);
    end if;
    perform alerts.rerank(r) from unnest(access.record_of(p_patient)) r;
    return 'undone';
end;
$$;
drop function if exists coordination.undo_death(uuid, text, timestamptz);
drop function if exists coordination.reopen_account(uuid);

create or replace view doorway.death with (security_barrier) as
select d.id, d.patient_id, d.died_on, y.name as noted_by_name, o.name as organisation_name,
    d.organisation, d.noted_at, d.stopped, d.undone_at, u.name as undone_by_name, d.undo_reason
from coordination.death d
join access.party y on y.id = d.noted_by
join access.party o on o.id = d.organisation
left join access.party u on u.id = d.undone_by
where d.patient_id = any (array(select access.visible_patients('plan:read')));
comment on view doorway.death is 'Deaths noted in the records whose plan the actor may read.';

drop policy if exists person_reads on coordination.exit_letter;
create policy person_reads on coordination.exit_letter for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:read'))));
drop policy if exists person_adds on coordination.exit_letter;
create policy person_adds on coordination.exit_letter for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('monitoring:write')))
        and made_by = access.current_person());

-- Letters of exit, without their pages: who made them, and who was told of them by mail.
create or replace view doorway.exit_letter with (security_barrier) as
select l.id, l.patient_id, l.episode_id, l.death_id, l.made_at, y.name as made_by_name,
    coalesce((
        select jsonb_agg(jsonb_build_object('name', r.name, 'sent', o.state = 'sent')
            order by r.name, o.id)
        from coordination.notice n
        join messages.outbox o on starts_with(o.key, 'notice:' || n.id || ':')
        join access.party r on r.id = o.recipient
        where n.kind = 'exit_letter' and n.subject = l.episode_id
            or n.kind = 'death' and n.subject = l.death_id
    ), '[]') as told
from coordination.exit_letter l
join access.party y on y.id = l.made_by
where l.patient_id = any (array(select access.visible_patients('documents:read')));
comment on view doorway.exit_letter is 'Letters of exit of the patients whose documents one may read.';

-- What a patient has at home that is lent: until it is back it stays his, and is to be fetched.
create or replace function coordination.kit_of(p_patient uuid) returns table (
    id uuid, device text, model text, asked_at timestamptz, settled_at timestamptz, outcome text,
    ours boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.device, d.model, k.asked_at, k.settled_at, k.outcome,
        k.organisation = access.acting_organisation('patients:include')
    from coordination.kit_return k
    join devices.device d on d.id = k.device
    where k.patient_id = any (access.record_of(p_patient))
        and access.may_open(p_patient, 'plan:read')
    order by k.settled_at is not null, k.asked_at, k.id;
end;

-- Whom a person has to tell of a death, and how to reach them: Chevet writes to none of them.
create or replace function coordination.family_to_tell(p_patient uuid) returns table (
    party uuid, name text, role text, phone text, told_at timestamptz, told_by_name text
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct on (y.name, y.id) y.id, y.name, m.role,
        (select c.address from messages.contact_point c
            where c.party = y.id and c.channel = 'sms' and c.ended_at is null
            order by c.created_at desc limit 1),
        t.told_at, b.name
    from coordination.death d
    join access.membership m on m.patient_id = any (access.record_of(d.patient_id))
        and m.end_reason = 'death' and m.ends_at >= d.noted_at
    join access.party y on y.id = m.party
    left join coordination.relative_told t on t.death_id = d.id and t.party = y.id
    left join access.party b on b.id = t.told_by
    where d.patient_id = any (access.record_of(p_patient)) and d.undone_at is null
        and access.may_open(p_patient, 'monitoring:write')
    order by y.name, y.id, m.starts_at;
end;

create or replace function coordination.note_relative_told(p_patient uuid, p_party uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.relative_told (death_id, patient_id, party, told_at, told_by)
    select d.id, d.patient_id, f.party, access.current_instant(), access.current_person()
    from coordination.death d
    cross join coordination.family_to_tell(p_patient) f
    where d.patient_id = any (access.record_of(p_patient)) and d.undone_at is null
        and f.party = p_party
    on conflict do nothing;
    return found;
end;
$$;

-- Whom a notice is for, one row an address: those of the centre who accept requests, the requester,
-- the attending doctors, every professional around a person who died, the one who noted it apart, and
-- whoever of the circle is told of such an occasion.
create or replace view coordination.notice_recipient as
select n.id as notice, n.kind, n.subject, n.patient_id, t.person, c.address,
    coalesce(a.locale, 'fr') as locale, c.created_at as known_at,
    exists (
        select from access.membership f
        where f.patient_id = any (access.record_of(n.patient_id)) and f.party = t.person
            and access.is_family_role(f.role) and f.starts_at <= access.current_instant()
            and (f.ends_at is null or f.ends_at > access.current_instant())
    ) as family,
    -- Whoever is told by more than one line is told at the first moment.
    coalesce((
        select min(s.moment) from access.record_member k
        join coordination.told_member s on s.patient_id = k.member
        where k.patient_id = n.patient_id and s.party = t.person
            and coordination.is_told_by(n.kind, s.occasion)
    ), 'at_once') as moment,
    a.time_zone as zone
from coordination.notice n
cross join lateral (
    select p.person
    from coordination.request r
    join access.post p on p.organisation = r.centre
    join access.role_permission g on g.role = p.role and g.permission = 'patients:include'
    where n.kind = 'request_sent' and r.id = n.subject and r.state = 'sent'
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
    union
    select r.requested_by from coordination.request r
    where n.kind = 'request_decided' and r.id = n.subject
        and exists (select from access.post p
            where p.person = r.requested_by and p.organisation = r.organisation
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant()))
    union
    select p.person
    from coordination.agreement g
    join coordination.episode e on e.id = g.episode_id and e.ended_at is null
    join access.post p on p.organisation = e.organisation
    join access.role_permission l on l.role = p.role and l.permission = 'patients:include'
    where n.kind = 'agreement_refused' and g.id = n.subject
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
    union
    select m.party
    from access.record_member k
    join access.membership m on m.patient_id = k.member
    join access.party y on y.id = m.party and y.kind = 'person'
    where n.kind = 'exit_letter' and k.patient_id = n.patient_id
        and m.role in ('gp', 'coordinating_doctor')
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    select m.party
    from access.record_member k
    join access.membership m on m.patient_id = k.member
    join access.party y on y.id = m.party and y.kind = 'person'
    join coordination.death d on d.id = n.subject
    where n.kind in ('death', 'death_undone') and k.patient_id = n.patient_id
        and not access.is_family_role(m.role)
        and m.party <> case n.kind when 'death' then d.noted_by else d.undone_by end
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    select s.party
    from access.record_member k
    join coordination.told_member s on s.patient_id = k.member
    where coordination.is_told_by(n.kind, s.occasion) and k.patient_id = n.patient_id
    union
    select c.person from coordination.told_of_care(n.kind, n.subject, n.patient_id) c
    union
    select coalesce(p.person, m.party)
    from identity.patient_invitation i
    join access.record_member k on k.patient_id = i.patient_id
    join access.membership m on m.patient_id = k.member
    left join access.post p on p.organisation = m.party
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
    where n.kind = 'account_invited' and i.id = n.subject
        and not access.is_family_role(m.role)
        and coalesce(p.person, m.party) not in (i.invited_by, i.patient_id)
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    select p.person
    from access.record_member k
    join access.membership m on m.patient_id = k.member
    join access.post p on p.organisation = m.party
    join coordination.death d on d.id = n.subject
    where n.kind in ('death', 'death_undone') and k.patient_id = n.patient_id
        and p.person <> case n.kind when 'death' then d.noted_by else d.undone_by end
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
) t
join messages.contact_point c
    on c.party = t.person and c.channel = 'email' and c.ended_at is null
left join identity.account a on a.person = t.person
where n.told_at is null
    and (a.person is null or identity.is_live(a.disabled_at, a.expires_at));
comment on view coordination.notice_recipient is 'Who has to be told what, and where.';

revoke execute on all functions in schema coordination, messages from public;
revoke execute on function alerts.stop_watching, alerts.not_of_the_dead,
    identity.close_account, questionnaires.end_links from public;
grant select on doorway.death, doorway.exit_letter to chevet_app;
grant execute on function coordination.kit_waiting, coordination.settle_kit,
    coordination.end_episode, coordination.note_death, coordination.undo_death,
    coordination.hold_still, coordination.kit_of, coordination.family_to_tell,
    coordination.note_relative_told to chevet_app;
grant select on coordination.exit_letter to chevet_app;
grant insert (id, patient_id, episode_id, death_id, made_at, made_by, pdf)
    on coordination.exit_letter to chevet_app;
grant select on coordination.notice_recipient to chevet_worker;
grant select, update (told_at) on coordination.notice to chevet_worker;
