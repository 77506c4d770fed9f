-- Opening a record in an emergency, what the patient has to say about it, and its review.
alter table coordination.consent enable row level security;
alter table coordination.opposition enable row level security;
alter table coordination.break_glass enable row level security;

drop policy if exists person_adds on coordination.consent;
create policy person_adds on coordination.consent for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('circle:manage')))
        and recorded_by = access.current_person());
-- A person reads the three by doorways, or as a reviewer: never the tables.
do $$
declare
    v_table text;
begin
    foreach v_table in array array['consent', 'opposition', 'break_glass']
    loop
        execute format('drop policy if exists worker_all on coordination.%I', v_table);
        execute format('create policy worker_all on coordination.%I to chevet_worker '
            'using (true) with check (true)', v_table);
    end loop;
end;
$$;

-- Patients of exactly this name, first name and birth date, for a post that may break the glass.
create or replace function coordination.emergency_match(
    p_name text, p_first_name text, p_birth_date date
) returns table (patient_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct access.kept_patient(i.patient_id)
    from identity.patient i
    where access.acting_organisation('record:break_glass') is not null
        and i.birth_date = p_birth_date
        and identity.fold(p_name)
            = any (array[identity.fold(i.birth_name), identity.fold(i.used_name)])
        and identity.fold(p_first_name) = any (array[identity.fold(i.birth_first_names),
            identity.fold(i.birth_first_name), identity.fold(i.used_first_name)])
    limit 3;
end;

-- Opens a record for 60 minutes at most, unless the patient has opposed it: the one way to that basis.
-- What was said of a record that is read together with this one holds for this one.
create or replace function coordination.open_in_emergency(
    p_id uuid, p_membership uuid, p_patient uuid, p_reason text, p_minutes integer,
    p_review_hours integer
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_organisation constant uuid := access.acting_organisation('record:break_glass');
    v_record constant uuid[] := access.record_of(p_patient);
begin
    if v_organisation is null then
        raise insufficient_privilege using message = 'this post may not break the glass';
    end if;
    -- One at a time for a circle, and none beside an opposition being recorded.
    perform from access.circle c where c.patient_id = any (v_record) order by c.patient_id for update;
    if exists (
        select from coordination.opposition o
        where o.patient_id = any (v_record) and o.kind = 'break_glass' and o.withdrawn_at is null
    ) then
        return 'opposed';
    end if;
    if exists (
        select from access.membership m
        where m.patient_id = any (v_record) and m.party = access.current_person()
            and m.basis = 'break_glass' and m.starts_at <= v_now and m.ends_at > v_now
    ) then
        return 'open';
    end if;
    insert into access.membership
        (id, patient_id, party, role, basis, starts_at, ends_at, granted_by)
    values (p_membership, p_patient, access.current_person(), 'emergency', 'break_glass', v_now,
        v_now + make_interval(mins => least(p_minutes, 60)), access.current_person());
    insert into coordination.break_glass
        (id, membership_id, patient_id, person, post, organisation, reason, opened_at,
        review_due_at)
    values (p_id, p_membership, p_patient, access.current_person(), access.current_post(),
        v_organisation, p_reason, v_now, v_now + make_interval(hours => least(p_review_hours, 72)));
    return 'opened';
end;
$$;

-- The patient himself, or somebody who manages his circle and heard it from him. Where nobody acts
-- the answer is no: null would pass for yes with whoever asks whether he may not.
create or replace function coordination.may_speak_for(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce(p_patient = access.current_person(), false)
    or coalesce(p_patient = any (array(select access.visible_patients('circle:manage'))), false);

-- An opposition also ends the accesses in an emergency that are open.
create or replace function coordination.oppose(p_id uuid, p_patient uuid, p_means text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    if not coordination.may_speak_for(p_patient) then
        raise insufficient_privilege using message = 'only the patient opposes';
    end if;
    perform from access.circle c where c.patient_id = any (access.record_of(p_patient))
    order by c.patient_id for update;
    insert into coordination.opposition (id, patient_id, kind, stated_at, stated_by, means)
    values (p_id, p_patient, 'break_glass', v_now, access.current_person(), p_means)
    on conflict (patient_id, kind) where withdrawn_at is null do nothing;
    if not found then
        return false;
    end if;
    update access.membership m
    set ends_at = v_now, ended_by = access.current_person()
    where m.patient_id = any (access.record_of(p_patient)) and m.basis = 'break_glass'
        and m.ends_at > v_now;
    return true;
end;
$$;

create or replace function coordination.withdraw_opposition(p_patient uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not coordination.may_speak_for(p_patient) then
        raise insufficient_privilege using message = 'only the patient takes an opposition back';
    end if;
    update coordination.opposition o
    set withdrawn_at = access.current_instant(), withdrawn_by = access.current_person()
    where o.patient_id = any (access.record_of(p_patient)) and o.kind = 'break_glass'
        and o.withdrawn_at is null;
    return found;
end;
$$;

-- A consent taken back closes what it alone had opened: the whole membership when consent is its
-- basis, else the permissions beyond the role's own.
create or replace function coordination.withdraw_consent(p_patient uuid, p_consent uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_membership uuid;
begin
    if not coordination.may_speak_for(p_patient) then
        raise insufficient_privilege using message = 'only the patient takes a consent back';
    end if;
    perform from access.circle c where c.patient_id = any (access.record_of(p_patient))
    order by c.patient_id for update;
    update coordination.consent c
    set withdrawn_at = v_now, withdrawn_by = access.current_person()
    where c.id = p_consent and c.patient_id = any (access.record_of(p_patient))
        and c.withdrawn_at is null
    returning c.membership_id into v_membership;
    if not found then
        return false;
    end if;
    update access.membership m
    set agreed = '{}',
        ended_by = case m.basis when 'consent' then access.current_person() else m.ended_by end,
        ends_at = case m.basis when 'consent' then greatest(m.starts_at, v_now) else m.ends_at end
    where m.id = v_membership and (m.ends_at is null or m.ends_at > v_now);
    return true;
end;
$$;

-- Accesses in an emergency that the acting post reviews: those made in its organisation, and those
-- to records whose circle its organisation manages. Nobody reviews his own.
create or replace function coordination.to_review(p_id uuid, p_limit integer)
returns table (
    id uuid, patient_id uuid, patient_name text, birth_date date, person_name text,
    organisation_name text, reason text, opened_at timestamptz, ended_at timestamptz,
    review_due_at timestamptz, reviewed_at timestamptz, verdict text, note text,
    reviewer_name text, own boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select b.id, b.patient_id, p.name, i.birth_date, y.name, o.name, b.reason, b.opened_at,
        m.ends_at, b.review_due_at, b.reviewed_at, b.verdict, b.note, r.name,
        b.person = access.current_person()
    from coordination.break_glass b
    join access.membership m on m.id = b.membership_id
    join access.party p on p.id = b.patient_id
    join identity.patient i on i.patient_id = b.patient_id
    join access.party y on y.id = b.person
    join access.party o on o.id = b.organisation
    left join access.party r on r.id = b.reviewed_by
    where (select access.acting_organisation('break_glass:review')) in (
            select b.organisation
            union all
            select c.managing_organisation from access.circle c
            where c.patient_id = any (access.record_of(b.patient_id))
        )
        and (p_id is null or b.id = p_id)
    order by b.verdict is not null, b.review_due_at, b.id
    limit p_limit;
end;

-- What was done through an access in an emergency, for its reviewer: also where it was done through
-- a record that was read together with the one that was opened.
create or replace function coordination.done_in_emergency(p_id uuid)
returns table (permission text, action text, times bigint, first_at timestamptz, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.permission, e.action, count(*), min(e.at), max(e.at)
    from coordination.to_review(p_id, 1) b
    join coordination.break_glass g on g.id = b.id
    join audit.event e on e.person = g.person
        and e.basis = 'break_glass' and e.at between b.opened_at and b.ended_at
        and e.patient_id in (
            select g.patient_id
            union all
            select both_of.record
            from access.patient_link l
            cross join lateral (values (l.patient_id), (l.into_patient)) both_of (record)
            where g.patient_id in (l.patient_id, l.into_patient) and both_of.record <> g.patient_id
                and l.linked_at <= b.ended_at
                and (l.unlinked_at is null or l.unlinked_at >= b.opened_at)
        )
    group by e.permission, e.action
    order by min(e.at);
end;

create or replace function coordination.review(p_id uuid, p_verdict text, p_note text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.break_glass g
    set verdict = p_verdict, note = p_note, reviewed_at = access.current_instant(),
        reviewed_by = access.current_person()
    where g.id = p_id and g.verdict is null and g.person <> access.current_person()
        and exists (select from coordination.to_review(p_id, 1));
    return found;
end;
$$;

-- What the patient and those who answer for the record read of it, with names.
create or replace view doorway.break_glass with (security_barrier) as
select b.id, b.patient_id, b.person, y.name as person_name, o.name as organisation_name, b.reason,
    b.opened_at, m.ends_at as ended_at, b.review_due_at, b.reviewed_at, b.verdict, b.note
from coordination.break_glass b
join access.membership m on m.id = b.membership_id
join access.party y on y.id = b.person
join access.party o on o.id = b.organisation
where b.patient_id = any (array(select access.visible_patients('audit:read')));
comment on view doorway.break_glass is
    'Accesses in an emergency to the records whose journal the actor may read.';

create or replace view doorway.consent with (security_barrier) as
select c.id, c.patient_id, c.membership_id, y.name as member_name, c.text_id, c.text_version,
    c.wording, c.given_on, g.name as given_by_name, c.means, r.name as recorded_by_name,
    c.recorded_at, c.withdrawn_at
from coordination.consent c
join access.membership m on m.id = c.membership_id
join access.party y on y.id = m.party
join access.party g on g.id = c.given_by
join access.party r on r.id = c.recorded_by
where c.patient_id = any (array(
    select access.visible_patients('audit:read')
    union select access.visible_patients('circle:manage')
));
comment on view doorway.consent is
    'What patients agreed to, for them and for those who answer for their circle.';

create or replace view doorway.opposition with (security_barrier) as
select o.id, o.patient_id, o.kind, o.stated_at, y.name as stated_by_name, o.means, o.withdrawn_at
from coordination.opposition o
join access.party y on y.id = o.stated_by
where o.patient_id = any (array(
    select access.visible_patients('audit:read')
    union select access.visible_patients('circle:manage')
));
comment on view doorway.opposition is 'What patients refuse, as with consents.';

-- Whom an access in an emergency is told to at once: the patient, the attending doctors, and those
-- of the managing organisation whose post manages circles, in every record that is read with it.
create or replace view coordination.to_tell as
select b.id as break_glass, b.patient_id, t.person, t.is_patient, c.address,
    coalesce(a.locale, 'fr') as locale, c.created_at as known_at
from coordination.break_glass b
cross join lateral (
    select r.member as person, true as is_patient
    from access.record_member r
    where r.patient_id = b.patient_id
    union
    select m.party, false
    from access.record_member r
    join access.membership m on m.patient_id = r.member
    join access.party y on y.id = m.party and y.kind = 'person'
    where r.patient_id = b.patient_id and m.role in ('gp', 'coordinating_doctor')
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    select p.person, false
    from access.record_member r
    join access.circle h on h.patient_id = r.member
    join access.membership m
        on m.patient_id = h.patient_id and m.party = h.managing_organisation
    join access.post p on p.organisation = h.managing_organisation
    join access.role_permission g on g.role = p.role and g.permission = 'circle:manage'
    where r.patient_id = b.patient_id
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
) t
left join messages.contact_point c
    on c.party = t.person and c.channel = 'email' and c.ended_at is null
left join identity.account a on a.person = t.person
where b.told_at is null;
comment on view coordination.to_tell is 'Who has to be told of an access in an emergency.';

revoke execute on all functions in schema coordination from public;
grant usage on schema coordination to chevet_app, chevet_worker;
grant select on doorway.break_glass, doorway.consent, doorway.opposition to chevet_app;
grant insert (id, patient_id, membership_id, text_id, text_version, wording, permissions, given_on,
    given_by, means, recorded_by, recorded_at) on coordination.consent to chevet_app;
grant execute on function coordination.emergency_match, coordination.open_in_emergency,
    coordination.oppose, coordination.withdraw_opposition, coordination.withdraw_consent,
    coordination.to_review, coordination.done_in_emergency, coordination.review,
    coordination.may_speak_for to chevet_app;
grant select on coordination.to_tell to chevet_worker;
grant select, update (told_at, operator_told_at) on coordination.break_glass to chevet_worker;
grant select, insert on coordination.consent, coordination.opposition to chevet_worker;
