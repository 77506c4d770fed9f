-- A record is shared or not, archived or not; who answers for it hands it over; what was said of it.

-- The organisation of the post the actor acts in, whatever the post is.
create or replace function access.acting_in() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.organisation from access.post p
    where p.id = access.current_post() and p.person = access.current_person()
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant());
end;

-- Whether archiving closed a permission to the actor, who has some tie with the record.
create or replace function access.is_closed(p_patient uuid, p_permission text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select access.closed_by_archive(p_permission) and access.is_archived(p_patient)
        and exists (select from access.held_for(p_patient));
end;

-- Who reads a record that is not shared: the patient and who represents his person, the posts of
-- the organisation that opened it, and whoever breaks the glass.
create or replace function access.reads_unshared(
    p_party uuid, p_role text, p_basis text, p_organisations uuid[]
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p_basis in ('self', 'break_glass') or p_role = 'legal_representative'
        or p_party = any (p_organisations)
        or exists (
            select from access.post p
            where p.person = p_party and p.organisation = any (p_organisations)
                and p.starts_at <= coalesce(access.current_instant(), pg_catalog.now())
                and (p.ends_at is null
                    or p.ends_at > coalesce(access.current_instant(), pg_catalog.now()))
        );
end;

-- Puts to sleep the memberships that may not read a record now, and wakes those that may. A
-- membership that sleeps has ended: nothing that asks who is in the circle needs to know of sleep.
create or replace function access.settle_sharing(p_patient uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := coalesce(access.current_instant(), pg_catalog.now());
    v_record constant uuid[] := access.record_of(p_patient);
    v_closed constant uuid[] := array(
        select r.organisation from access.record r
        where r.patient_id = any (v_record) and not r.shared
    );
begin
    with noted as (
        insert into access.asleep as a (membership_id, patient_id, since, kept_until)
        select m.id, m.patient_id, v_now, m.ends_at from access.membership m
        where cardinality(v_closed) > 0 and m.patient_id = any (v_record)
            and (m.ends_at is null or m.ends_at > greatest(v_now, m.starts_at))
            and not access.reads_unshared(m.party, m.role, m.basis, v_closed)
        on conflict (membership_id) where woken_at is null
        do update set kept_until = excluded.kept_until
        returning a.membership_id
    )
    update access.membership m set ends_at = greatest(m.starts_at, v_now)
    from noted where m.id = noted.membership_id;
    with woken as (
        update access.asleep a set woken_at = greatest(v_now, a.since) from access.membership m
        where m.id = a.membership_id and a.woken_at is null and a.patient_id = any (v_record)
            and (cardinality(v_closed) = 0
                or access.reads_unshared(m.party, m.role, m.basis, v_closed))
        returning a.membership_id, a.kept_until, exists (
            select from coordination.consent c
            where c.membership_id = a.membership_id and c.withdrawn_at >= a.since
        ) as withdrawn
    )
    update access.membership m
    set ends_at = w.kept_until, closed_at = null,
        agreed = case when w.withdrawn then '{}' else m.agreed end
    from woken w
    where m.id = w.membership_id and (w.kept_until is null or w.kept_until > v_now)
        and not (w.withdrawn and m.basis = 'consent')
        and not (access.is_family_role(m.role) and access.is_dead(m.patient_id));
end;
$$;

-- Ends the stay of a member who sleeps: he is not woken any more.
create or replace function access.end_sleeper(p_membership uuid, p_patient uuid, p_reason text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_patient = any (array(select access.visible_patients('circle:manage'))) is not true then
        return false;
    end if;
    update access.asleep a set kept_until = access.current_instant()
    where a.membership_id = p_membership and a.woken_at is null
        and (a.kept_until is null or a.kept_until > access.current_instant())
        and a.patient_id = any (access.record_of(p_patient));
    if not found then
        return false;
    end if;
    update access.membership m
    set ended_by = access.current_person(), end_reason = p_reason
    where m.id = p_membership;
    return true;
end;
$$;

-- Whoever enters the circle of a record that is not shared sleeps until it is.
create or replace function access.sharing_holds() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.is_shared(new.patient_id) then
        perform access.settle_sharing(new.patient_id);
    end if;
    return null;
end;
$$;
drop trigger if exists z_sharing_holds on access.membership;
create trigger z_sharing_holds after insert or update of party, role, basis, starts_at, ends_at
    on access.membership for each row
    when (new.ends_at is null or new.ends_at > new.starts_at)
    execute function access.sharing_holds();

-- A post that begins or ends changes who is of the organisation; two records read as one are as
-- strict as the stricter of them.
create or replace function access.sharing_follows_posts() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform access.settle_sharing(r.patient_id) from access.record r
    where not r.shared and r.organisation = new.organisation;
    return null;
end;
$$;
drop trigger if exists z_sharing_follows on access.post;
create trigger z_sharing_follows after insert or update on access.post
    for each row execute function access.sharing_follows_posts();

create or replace function access.sharing_follows_links() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform access.settle_sharing(new.into_patient);
    perform access.settle_sharing(new.patient_id);
    return null;
end;
$$;
drop trigger if exists z_sharing_follows on access.patient_link;
create trigger z_sharing_follows after insert or update on access.patient_link
    for each row execute function access.sharing_follows_links();

-- Who would read the record if it were shared no more: the organisation that answers for it, else
-- that of the actor, else the first of the circle, else that of its first professional.
create or replace function access.answers_for(p_patient uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(
        (select c.managing_organisation from access.circle c
        where c.patient_id = access.kept_patient(p_patient)),
        access.acting_in(),
        (select m.party from access.membership m
        join access.party y on y.id = m.party and y.kind = 'organisation'
        where m.patient_id = any (access.record_of(p_patient))
            and m.starts_at <= t.now
            and (m.ends_at is null or m.ends_at > t.now)
        order by m.starts_at, m.id limit 1),
        (select p.organisation from access.membership m
        join access.post p on p.person = m.party
        where m.patient_id = any (access.record_of(p_patient)) and m.basis = 'care_team'
            and m.starts_at <= t.now
            and (m.ends_at is null or m.ends_at > t.now)
            and p.starts_at <= t.now
            and (p.ends_at is null or p.ends_at > t.now)
        order by m.starts_at, m.id, p.starts_at, p.id limit 1)
    )
    from (select coalesce(access.current_instant(), pg_catalog.now()) as now) t;
end;

-- Locks how a record stands and returns it, made when nobody has ever changed it.
create or replace function access.take_record(p_patient uuid) returns access.record
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.record;
begin
    -- Whoever judges him, begins or ends a follow-up at this moment has done so before we look.
    perform pg_advisory_xact_lock(7309454, p.key)
    from (select key from access.patient where id = any (access.record_of(p_patient)) order by key) p;
    perform from access.circle c where c.patient_id = any (access.record_of(p_patient))
    order by c.patient_id for update;
    insert into access.record (patient_id, changed_at)
    values (access.kept_patient(p_patient), coalesce(access.current_instant(), pg_catalog.now()))
    on conflict do nothing;
    select r.* into v_row from access.record r
    where r.patient_id = access.kept_patient(p_patient) for update;
    return v_row;
end;
$$;

create or replace function access.note_change(p_id uuid, p_patient uuid, p_what text, p_reason text)
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into access.record_change (id, patient_id, what, reason, by_person, organisation, at)
    select p_id, access.kept_patient(p_patient), p_what, p_reason,
        -- Where a follow-up ends by itself, an opposition closes the record: whoever wrote it down.
        coalesce(access.current_person(), (
            select s.recorded_by from coordination.statement s
            where s.patient_id = any (access.record_of(p_patient)) and s.kind = 'opposition'
                and s.withdrawn_at is null
            order by s.recorded_at desc limit 1
        )),
        access.acting_in(), coalesce(access.current_instant(), pg_catalog.now());
end;

-- Tells people that the sharing of a record has changed, by a mail without a name or a value. It is
-- about no record: a message about one is called off when its recipient has left.
create or replace function coordination.tell_of_record(p_key text, p_patient uuid, p_people uuid[])
returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into messages.outbox (id, key, recipient, channel, address, template, params, locale,
        state, created_at, next_attempt_at, weight)
    select gen_random_uuid(), concat_ws(':', 'record', p_key, c.id), c.party, 'email', c.address,
        'record_notice',
        jsonb_build_object('path', case when c.party = any (access.record_of(p_patient))
            then '/p/record' else '/records' end),
        coalesce(a.locale, 'fr'), 'waiting', t.now, t.now, 'notice'
    from (select coalesce(access.current_instant(), pg_catalog.now()) as now) t
    cross join messages.contact_point c
    left join identity.account a on a.person = c.party
    where c.channel = 'email' and c.ended_at is null and c.party = any (p_people)
        and c.party is distinct from access.current_person()
        and not (access.is_dead(p_patient) and c.party = any (access.record_of(p_patient)))
        and (a.person is null or identity.is_live(a.disabled_at, a.expires_at))
    on conflict (key) do nothing;
end;

-- The people behind memberships: themselves, or those of an organisation who accept patients.
create or replace function access.people_of(p_memberships uuid[]) returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select array(
        select m.party from access.membership m
        join access.party y on y.id = m.party and y.kind = 'person'
        where m.id = any (p_memberships)
        union
        select p.person from access.membership m
        join access.post p on p.organisation = m.party
        join access.role_permission g on g.role = p.role and g.permission = 'patients:include'
        where m.id = any (p_memberships) and p.starts_at <= access.current_instant()
            and (p.ends_at is null or p.ends_at > access.current_instant())
    );
end;

-- Shares a record or closes it to everybody but one organisation, and tells whom that concerns.
create or replace function access.apply_sharing(
    p_id uuid, p_patient uuid, p_shared boolean, p_organisation uuid, p_reason text
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_record constant uuid[] := access.record_of(p_patient);
    v_concerned uuid[] := array(
        select a.membership_id from access.asleep a
        where a.patient_id = any (v_record) and a.woken_at is null
    );
begin
    update access.record r
    set shared = p_shared, organisation = p_organisation, version = r.version + 1,
        changed_at = coalesce(access.current_instant(), pg_catalog.now())
    where r.patient_id = access.kept_patient(p_patient)
        or (p_shared and r.patient_id = any (v_record));
    update access.circle c set managing_organisation = p_organisation
    where c.patient_id = access.kept_patient(p_patient) and c.managing_organisation is null
        and p_organisation is not null;
    perform access.note_change(p_id, p_patient,
        case when p_shared then 'shared' else 'unshared' end, p_reason);
    perform access.settle_sharing(p_patient);
    v_concerned := v_concerned || array(
        select a.membership_id from access.asleep a
        where a.patient_id = any (v_record) and a.woken_at is null
    );
    perform coordination.tell_of_record(p_id::text, p_patient,
        access.people_of(v_concerned) || v_record);
end;
$$;

-- Whether the ladders of a follow-up need those who would sleep: an alert must never reach nobody.
create or replace function access.is_watched(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from alerts.alert a
        where a.patient_id = any (access.record_of(p_patient)) and a.state <> 'closed'
    ) or exists (
        select from alerts.prescription r
        where r.patient_id = any (access.record_of(p_patient)) and r.ends_at is null
    ) or exists (
        select from questionnaires.plan n
        where n.patient_id = any (access.record_of(p_patient)) and n.ended_at is null
    ) or exists (
        select from alerts.call_back c
        where c.patient_id = any (access.record_of(p_patient)) and c.alert_id is null
    );
end;

-- The same, or something came in that nobody has judged yet: in a moment there may be an alert.
create or replace function access.is_awaited(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select access.is_watched(p_patient) or exists (
        select from core.due d
        join access.patient p on p.key = d.patient_key
        where p.id = any (access.record_of(p_patient))
    );
end;

-- An opposition made while a follow-up ran closes the sharing once nothing of it runs any more. In a
-- pass of its own, one record a transaction: whoever ends an alert or a plan holds rows that others
-- want after the lock of a record, so that he must not ask for it. Null where none is left.
create or replace function access.heed_opposition() returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient uuid;
begin
    select access.kept_patient(s.patient_id) into v_patient
    from coordination.statement s
    where s.kind = 'opposition' and s.withdrawn_at is null and access.is_shared(s.patient_id)
        and not access.is_awaited(s.patient_id) and access.answers_for(s.patient_id) is not null
    order by s.recorded_at limit 1;
    if v_patient is null then
        return null;
    end if;
    perform access.take_record(v_patient);
    if access.is_shared(v_patient) and not access.is_awaited(v_patient) and exists (
        select from coordination.statement s
        where s.patient_id = any (access.record_of(v_patient))
            and s.kind = 'opposition' and s.withdrawn_at is null
    ) then
        perform access.apply_sharing(
            gen_random_uuid(), v_patient, false, access.answers_for(v_patient), '');
    end if;
    return v_patient;
end;
$$;

-- Says « stale » when somebody has changed the record since, and why when it stays as it is.
create or replace function access.set_sharing(
    p_id uuid, p_patient uuid, p_shared boolean, p_reason text, p_version integer
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.record;
    v_manager uuid;
begin
    if p_patient = any (array(select access.visible_patients('circle:manage'))) is not true then
        return 'not_allowed';
    end if;
    v_row := access.take_record(p_patient);
    select coalesce(c.managing_organisation, access.acting_in()) into v_manager
    from access.circle c where c.patient_id = v_row.patient_id;
    if v_row.version <> p_version then
        return 'stale';
    elsif v_row.archived_at is not null then
        return 'archived';
    elsif access.is_shared(p_patient) = p_shared then
        return 'same';
    elsif p_shared and exists (
        select from coordination.statement s where s.patient_id = any (access.record_of(p_patient))
            and s.kind = 'opposition' and s.withdrawn_at is null
    ) then
        return 'opposed';
    elsif not p_shared and v_manager is distinct from access.acting_in() then
        return 'not_yours';
    elsif not p_shared and v_manager is null then
        return 'no_organisation';
    elsif not p_shared and access.is_awaited(p_patient) then
        return 'watched';
    end if;
    perform access.apply_sharing(p_id, p_patient, p_shared, v_manager, p_reason);
    return 'done';
end;
$$;

-- Whoever has just registered a patient may open the record to his organisation alone.
create or replace function access.open_unshared(p_id uuid, p_patient uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.acting_organisation('patients:include') is null
        or not exists (select from identity.patient i where i.patient_id = p_patient
            and i.registered_by = access.current_person())
        or exists (select from access.record r where r.patient_id = p_patient) then
        return false;
    end if;
    perform access.take_record(p_patient);
    perform access.apply_sharing(p_id, p_patient, false, access.acting_in(), '');
    return true;
end;
$$;

-- Archives a record, unless something is still open in it, or opens it again.
create or replace function access.set_archived(
    p_id uuid, p_patient uuid, p_archived boolean, p_reason text, p_version integer
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.record;
    v_record constant uuid[] := access.record_of(p_patient);
begin
    if p_patient = any (array(select access.visible_patients('circle:manage'))) is not true then
        return 'not_allowed';
    end if;
    v_row := access.take_record(p_patient);
    if v_row.version <> p_version then
        return 'stale';
    elsif (v_row.archived_at is not null) = p_archived then
        return 'same';
    elsif p_archived and exists (
        select from alerts.alert a where a.patient_id = any (v_record) and a.state <> 'closed'
    ) then
        return 'open_alerts';
    elsif p_archived and (exists (
        select from coordination.episode e where e.patient_id = any (v_record) and e.ended_at is null
    ) or exists (
        select from coordination.stay s where s.patient_id = any (v_record)
            and s.state in ('emergency', 'admitted')
    ) or access.is_awaited(p_patient)) then
        return 'followed';
    elsif p_archived and exists (
        select from coordination.transfer t
        where t.patient_id = any (v_record) and t.state = 'proposed'
    ) then
        return 'proposed';
    end if;
    update access.record r
    set archived_at = case when p_archived then access.current_instant() end,
        version = r.version + 1, changed_at = access.current_instant()
    where r.patient_id = v_row.patient_id;
    perform access.note_change(p_id, p_patient,
        case when p_archived then 'archived' else 'reopened' end, p_reason);
    return 'done';
end;
$$;

-- Proposes a record to another organisation; only the one that answers for it does, and only where
-- somebody can accept it.
create or replace function coordination.propose_transfer(
    p_id uuid, p_patient uuid, p_to uuid, p_mission text, p_stays boolean, p_reason text,
    p_told_on date, p_version integer
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.record;
    v_from uuid;
    v_people uuid[];
begin
    if p_patient = any (array(select access.visible_patients('circle:manage'))) is not true then
        return 'not_allowed';
    end if;
    v_row := access.take_record(p_patient);
    select coalesce(c.managing_organisation, access.acting_in()) into v_from
    from access.circle c where c.patient_id = v_row.patient_id;
    v_people := array(
        select p.person from access.post p
        join access.role_permission g on g.role = p.role and g.permission = 'patients:include'
        where p.organisation = p_to and p.starts_at <= access.current_instant()
            and (p.ends_at is null or p.ends_at > access.current_instant())
    );
    if v_row.version <> p_version then
        return 'stale';
    elsif v_row.archived_at is not null then
        return 'archived';
    elsif v_from is null or v_from is distinct from access.acting_in() then
        return 'not_yours';
    elsif p_to = v_from or cardinality(v_people) = 0
        or access.is_training(p_to) <> access.is_training(p_patient) then
        return 'nobody_there';
    elsif access.is_awaited(p_patient) and not (p_stays and access.is_shared(p_patient)) then
        return 'watched';
    elsif exists (select from coordination.transfer t
        where t.patient_id = v_row.patient_id and t.state = 'proposed') then
        return 'proposed';
    end if;
    insert into coordination.transfer (id, patient_id, from_organisation, to_organisation, mission,
        stays, reason, patient_told_on, proposed_by, proposed_at)
    values (p_id, v_row.patient_id, v_from, p_to, p_mission, p_stays, p_reason, p_told_on,
        access.current_person(), access.current_instant());
    perform coordination.tell_of_record('proposed:' || p_id, p_patient,
        v_people || access.record_of(p_patient));
    return 'done';
end;
$$;

create or replace function coordination.withdraw_transfer(p_transfer uuid, p_patient uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.transfer t
    set state = 'withdrawn', answered_by = access.current_person(),
        answered_at = access.current_instant()
    where t.id = p_transfer and t.patient_id = any (access.record_of(p_patient))
        and t.state = 'proposed'
        and access.acting_in() in (t.from_organisation, (select c.managing_organisation
            from access.circle c where c.patient_id = access.kept_patient(t.patient_id)))
        and p_patient = any (array(select access.visible_patients('circle:manage')));
    return found;
end;
$$;

-- What was proposed to the organisation the actor acts in, for posts that accept patients.
create or replace function coordination.transfers_to_answer(p_transfer uuid)
returns table (
    id uuid, patient_id uuid, patient_name text, birth_date date, from_name text, mission text,
    stays boolean, reason text, patient_told_on date, proposed_by_name text, proposed_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.id, t.patient_id, y.name, i.birth_date, f.name, t.mission, t.stays, t.reason,
        t.patient_told_on, b.name, t.proposed_at
    from coordination.transfer t
    join access.party y on y.id = t.patient_id
    join identity.patient i on i.patient_id = t.patient_id
    join access.party f on f.id = t.from_organisation
    join access.party b on b.id = t.proposed_by
    where t.state = 'proposed' and (p_transfer is null or t.id = p_transfer)
        and t.to_organisation = (select access.acting_organisation('patients:include'))
    order by t.proposed_at, t.id
    limit 100;
end;

-- The other organisation accepts and answers for the record from then on, or refuses. Nothing of the
-- record moves: a membership begins, and that of the former one ends or stays, as was proposed; it
-- stays too while a follow-up that began meanwhile runs, whose alerts would reach nobody.
create or replace function coordination.answer_transfer(
    p_transfer uuid, p_membership uuid, p_accepts boolean, p_why text
) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_transfer coordination.transfer;
begin
    select t.* into v_transfer from coordination.transfer t
    where t.id = p_transfer and t.state = 'proposed'
        and t.to_organisation = access.acting_organisation('patients:include');
    if v_transfer.id is null then
        return null;
    end if;
    perform access.take_record(v_transfer.patient_id);
    update coordination.transfer t
    set state = case when p_accepts then 'accepted' else 'refused' end, answer = p_why,
        answered_by = access.current_person(), answered_at = v_now,
        stays = t.stays or p_accepts and access.is_awaited(t.patient_id)
    where t.id = p_transfer and t.state = 'proposed'
        and not (p_accepts and exists (
            select from access.circle c where c.patient_id = access.kept_patient(t.patient_id)
                and c.managing_organisation <> t.from_organisation
        ))
        -- Of a record that is not shared, whoever answers for it now would sleep with its alerts.
        and not (p_accepts and not access.is_shared(t.patient_id)
            and access.is_awaited(t.patient_id))
    returning t.* into v_transfer;
    if not found then
        return null;
    end if;
    if p_accepts then
        perform coordination.hand_over(v_transfer, p_membership);
    end if;
    perform coordination.tell_of_record('answered:' || p_transfer, v_transfer.patient_id,
        array[v_transfer.proposed_by] || access.record_of(v_transfer.patient_id));
    return v_transfer.patient_id;
end;
$$;

create or replace function coordination.hand_over(
    p_transfer coordination.transfer, p_membership uuid
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_record constant uuid[] := access.record_of(p_transfer.patient_id);
begin
    if not p_transfer.stays then
        update access.membership m
        set ends_at = greatest(m.starts_at, v_now), ended_by = access.current_person()
        where m.patient_id = any (v_record) and m.party = p_transfer.from_organisation
            and (m.ends_at is null or m.ends_at > v_now);
    end if;
    update access.circle c
    set managing_organisation = p_transfer.to_organisation, version = c.version + 1,
        changed_at = v_now
    where c.patient_id = access.kept_patient(p_transfer.patient_id);
    update access.record r
    set organisation = p_transfer.to_organisation, version = r.version + 1, changed_at = v_now
    where r.patient_id = any (v_record)
        and (r.patient_id = access.kept_patient(p_transfer.patient_id) or not r.shared);
    if not access.is_shared(p_transfer.patient_id) then
        perform access.settle_sharing(p_transfer.patient_id);
    end if;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, granted_by)
    select p_membership, p_transfer.patient_id, p_transfer.to_organisation, p_transfer.mission,
        'care_team', v_now, access.current_person()
    where not exists (
        select from access.membership m
        where m.patient_id = any (v_record) and m.party = p_transfer.to_organisation
            and m.starts_at <= v_now and (m.ends_at is null or m.ends_at > v_now)
    );
end;
$$;

-- Writes down what the patient was told, agreed to or opposes; an opposition closes the sharing at
-- once, unless a follow-up runs, whose alerts would reach nobody: it is ended first. Says « opposed » where an opposition is in force already.
create or replace function coordination.note_statement(
    p_id uuid, p_patient uuid, p_kind text, p_text jsonb, p_said_on date, p_said_by text,
    p_means text
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_row access.record;
    v_manager uuid;
begin
    if not coordination.may_speak_for(p_patient) then
        return 'not_allowed';
    end if;
    v_row := access.take_record(p_patient);
    if p_kind = 'opposition' and exists (
        select from coordination.statement s where s.patient_id = any (access.record_of(p_patient))
            and s.kind = 'opposition' and s.withdrawn_at is null
    ) then
        return 'opposed';
    end if;
    v_manager := access.answers_for(p_patient);
    if p_kind = 'opposition' and v_manager is null then
        return 'no_organisation';
    end if;
    insert into coordination.statement (id, patient_id, kind, text_id, text_version, wording,
        said_on, said_by, means, recorded_by, recorded_at)
    values (p_id, v_row.patient_id, p_kind, p_text ->> 'id', (p_text ->> 'version')::smallint,
        p_text ->> 'wording', p_said_on, p_said_by, p_means, access.current_person(),
        access.current_instant());
    if p_kind = 'opposition' and access.is_shared(p_patient)
        and not access.is_watched(p_patient) then
        perform access.apply_sharing(p_id, p_patient, false, v_manager, '');
    elsif p_kind = 'opposition' then
        -- Whoever ends the follow-up later changes nothing of who reads the record then.
        update access.circle c set managing_organisation = v_manager
        where c.patient_id = v_row.patient_id and c.managing_organisation is null;
    end if;
    return 'done';
end;
$$;

create or replace function coordination.withdraw_statement(p_statement uuid, p_patient uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coordination.may_speak_for(p_patient) then
        return false;
    end if;
    perform access.take_record(p_patient);
    update coordination.statement s
    set withdrawn_at = access.current_instant(), withdrawn_by = access.current_person()
    where s.id = p_statement and s.patient_id = any (access.record_of(p_patient))
        and s.kind <> 'information' and s.withdrawn_at is null;
    return found;
end;
$$;

-- Keeps the picture of a signed paper with the statement that its author has just written down.
create or replace function coordination.keep_paper(
    p_id uuid, p_statement uuid, p_patient uuid, p_width integer, p_height integer, p_bytes bytea
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.paper
        (id, statement_id, patient_id, by_person, at, width, height, bytes)
    select p_id, s.id, s.patient_id, access.current_person(), access.current_instant(), p_width,
        p_height, p_bytes
    from coordination.statement s
    where s.id = p_statement and s.patient_id = any (access.record_of(p_patient))
        and s.recorded_by = access.current_person()
        and s.recorded_at = access.current_instant() and coordination.may_speak_for(p_patient);
    return found;
end;
$$;

-- Records of which the actor is a member that sleeps: whose, and since when; nothing of what is in.
create or replace function coordination.sleeping_records()
returns table (name text, manager_name text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.name, o.name, a.since
    from access.asleep a
    join access.membership m on m.id = a.membership_id
    join access.party y on y.id = a.patient_id
    left join access.circle c on c.patient_id = access.kept_patient(a.patient_id)
    left join access.party o on o.id = c.managing_organisation
    where a.woken_at is null
        and (a.kept_until is null or a.kept_until > access.current_instant())
        and (m.party = access.current_person()
            or m.party = (select access.acting_organisation('patients:include')))
        and not (access.is_family_role(m.role) and access.is_dead(a.patient_id))
    order by a.since desc, a.id
    limit 100;
end;

create or replace view doorway.record_head with (security_barrier) as
select c.patient_id, not exists (
        select from access.record r
        where r.patient_id = any (access.record_of(c.patient_id)) and not r.shared
    ) as shared, k.archived_at,
    coalesce(k.version, 0) as version, c.managing_organisation, o.name as managing_name
from access.circle c
left join access.record k on k.patient_id = c.patient_id
left join access.party o on o.id = c.managing_organisation
where c.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.record_head is 'How the records stand whose circles the actor may see.';

create or replace view doorway.record_change with (security_barrier) as
select h.id, h.patient_id, h.what, h.reason, y.name as by_name, o.name as organisation_name, h.at
from access.record_change h
join access.party y on y.id = h.by_person
left join access.party o on o.id = h.organisation
where h.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.record_change is 'Who shared, closed, archived or reopened those records.';

create or replace view doorway.sleeper with (security_barrier) as
select a.patient_id, y.name, m.role, a.since, a.membership_id
from access.asleep a
join access.membership m on m.id = a.membership_id
join access.party y on y.id = m.party
where a.woken_at is null
    and (a.kept_until is null or a.kept_until > access.current_instant())
    and a.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.sleeper is 'Members of those circles who do not read the record meanwhile.';

create or replace view doorway.transfer with (security_barrier) as
select t.id, t.patient_id, f.name as from_name, d.name as to_name, t.mission, t.stays, t.reason,
    t.patient_told_on, b.name as proposed_by_name, t.proposed_at, t.state,
    r.name as answered_by_name, t.answered_at, t.answer
from coordination.transfer t
join access.party f on f.id = t.from_organisation
join access.party d on d.id = t.to_organisation
join access.party b on b.id = t.proposed_by
left join access.party r on r.id = t.answered_by
where t.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.transfer is 'To whom those records were proposed, and what became of it.';

create or replace view doorway.statement with (security_barrier) as
select s.id, s.patient_id, s.kind, s.text_id, s.text_version, s.wording, s.said_on, s.said_by,
    s.means, y.name as recorded_by_name, s.recorded_at, s.withdrawn_at, p.id as paper_id
from coordination.statement s
join access.party y on y.id = s.recorded_by
left join coordination.paper p on p.statement_id = s.id
where s.patient_id = any (array(
    select access.visible_patients('audit:read')
    union select access.visible_patients('circle:manage')
));
comment on view doorway.statement is
    'What patients were told, agreed to and oppose, for them and for those who answer for the circle.';

alter table access.record enable row level security;
alter table access.record_change enable row level security;
alter table access.asleep enable row level security;
alter table coordination.transfer enable row level security;
alter table coordination.statement enable row level security;
alter table coordination.paper enable row level security;
drop policy if exists person_reads on coordination.paper;
create policy person_reads on coordination.paper for select to chevet_app
    using (patient_id = any (array(
        select access.visible_patients('audit:read')
        union select access.visible_patients('circle:manage')
    )));

revoke execute on function access.acting_in, access.is_closed, access.answers_for, access.reads_unshared, access.settle_sharing,
    access.end_sleeper,
    access.sharing_holds, access.sharing_follows_posts, access.sharing_follows_links,
    access.take_record, access.note_change, access.people_of, access.apply_sharing,
    access.is_watched, access.is_awaited, access.heed_opposition, access.set_sharing,
    access.open_unshared, access.set_archived, coordination.tell_of_record,
    coordination.propose_transfer, coordination.withdraw_transfer,
    coordination.transfers_to_answer, coordination.answer_transfer, coordination.hand_over,
    coordination.note_statement, coordination.keep_paper, coordination.withdraw_statement,
    coordination.sleeping_records
    from public;
grant execute on function access.heed_opposition to chevet_worker;
grant select on doorway.record_head, doorway.record_change, doorway.sleeper, doorway.transfer,
    doorway.statement to chevet_app;
grant select on coordination.paper to chevet_app;
grant execute on function access.is_closed, access.end_sleeper, access.set_sharing, access.open_unshared,
    access.set_archived, coordination.propose_transfer, coordination.withdraw_transfer,
    coordination.transfers_to_answer, coordination.answer_transfer,
    coordination.note_statement, coordination.keep_paper, coordination.withdraw_statement,
    coordination.sleeping_records
    to chevet_app;
