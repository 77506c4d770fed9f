-- Who is acting in this transaction, as set by core/doors.py, and what he or she may open.
create or replace function access.current_person() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('chevet.person', true), '')::uuid;

create or replace function access.current_post() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('chevet.post', true), '')::uuid;

create or replace function access.patient_in_hand() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('chevet.patient', true), '')::uuid;

create or replace function access.current_instant() returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('chevet.now', true), '')::timestamptz;

-- What the actor holds, now, for one patient: his own memberships and, through the acting post,
-- those of his organisation, in every record that is read together with it. With no identity set
-- there is nothing.
drop function if exists access.roles_for;
create or replace function access.held_for(p_patient uuid)
returns table (membership_id uuid, role text, basis text, agreed text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, m.role, m.basis, m.agreed
    from access.membership m
    where m.patient_id = any (access.record_of(p_patient))
        and m.party = access.current_person()
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union all
    select m.id, p.role, m.basis, m.agreed
    from access.post p
    join access.membership m on m.party = p.organisation
        and m.patient_id = any (access.record_of(p_patient))
    where p.id = access.current_post()
        and p.person = access.current_person()
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union all
    select m.id, m.role, m.basis, m.agreed
    from access.post p
    join access.post replaced on replaced.id = p.replaces
    join access.membership m on m.party = replaced.person
        and m.patient_id = any (access.record_of(p_patient))
    where p.id = access.current_post()
        and p.person = access.current_person()
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant())
        and m.basis = 'care_team'
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant());
end;

-- Patients whose record the actor may use for one permission; none that archiving closes. With a patient in hand only that
-- one is looked at, which keeps a statement cheap for a post that follows 20,000 people.
create or replace function access.visible_patients(p_permission text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_patient constant uuid := access.patient_in_hand();
    v_person constant uuid := access.current_person();
    v_post constant uuid := access.current_post();
    v_now constant timestamptz := access.current_instant();
    v_closes constant boolean := access.closed_by_archive(p_permission);
begin
    if v_patient is not null then
        return query
            select unnest(access.record_of(v_patient))
            where not (v_closes and access.is_archived(v_patient)) and exists (
                select from access.held_for(v_patient) held
                join access.role_permission g on g.role = held.role
                where g.permission = p_permission
                    and (not g.needs_agreement or p_permission = any (held.agreed))
            );
        return;
    end if;
    return query
        with held as materialized (
            select m.patient_id
            from access.membership m
            join access.role_permission g on g.role = m.role and g.permission = p_permission
            where m.party = v_person
                and m.starts_at <= v_now
                and (m.ends_at is null or m.ends_at > v_now)
                and (not g.needs_agreement or p_permission = any (m.agreed))
            union
            select m.patient_id
            from access.post p
            join access.role_permission g on g.role = p.role and g.permission = p_permission
            join access.membership m on m.party = p.organisation
            where p.id = v_post
                and p.person = v_person
                and p.starts_at <= v_now
                and (p.ends_at is null or p.ends_at > v_now)
                and m.starts_at <= v_now
                and (m.ends_at is null or m.ends_at > v_now)
                and (not g.needs_agreement or p_permission = any (m.agreed))
            union
            select m.patient_id
            from access.post p
            join access.post replaced on replaced.id = p.replaces
            join access.membership m on m.party = replaced.person and m.basis = 'care_team'
            join access.role_permission g on g.role = m.role and g.permission = p_permission
            where p.id = v_post
                and p.person = v_person
                and p.starts_at <= v_now
                and (p.ends_at is null or p.ends_at > v_now)
                and m.starts_at <= v_now
                and (m.ends_at is null or m.ends_at > v_now)
                and (not g.needs_agreement or p_permission = any (m.agreed))
        )
        (select h.patient_id from held h
        union
        select unnest(access.record_of(h.patient_id)) from held h
        where h.patient_id in (
            select l.patient_id from access.patient_link l where l.unlinked_at is null
            union all
            select l.into_patient from access.patient_link l where l.unlinked_at is null
        ))
        except
        select k.member from access.record r
        cross join lateral unnest(access.record_of(r.patient_id)) k (member)
        where v_closes and r.archived_at is not null and access.is_archived(r.patient_id);
end;
$$;

-- The organisation the actor acts in, if the role of the acting post grants the permission.
create or replace function access.acting_organisation(p_permission text) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.organisation
    from access.post p
    join access.role_permission g
        on g.role = p.role and g.permission = p_permission and not g.needs_agreement
    where p.id = access.current_post()
        and p.person = access.current_person()
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant());
end;

-- A person's act asks for a review without ever seeing the patient's time-series key.
create or replace function core.ask_review(
    p_patient uuid, p_kind text, p_from timestamptz, p_until timestamptz, p_received timestamptz
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    select p_kind, p.key, p_from, p_until, p_received
    from access.patient p
    where p.id = p_patient
        and p.id = any (array(select access.visible_patients('answers:write')));
end;
