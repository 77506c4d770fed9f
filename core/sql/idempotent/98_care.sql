-- What stays, actions and visits share: who holds a right, and whom notices are for.

-- Whether a notice is of an occasion somebody chose: the end of a stay and its error are of the stay.
create or replace function coordination.is_told_by(p_kind text, p_occasion text) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return p_kind = 'circle_' || p_occasion
    or p_occasion = 'stay' and p_kind in ('circle_stay_over', 'circle_stay_cancelled');

-- Whether a death is noted, in whichever of the records that are read together; for whoever acts.
create or replace function coordination.has_died(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.patient p
        where p.id = any (access.record_of(p_patient)) and p.died_on is not null
    );
end;

-- People whose role in a circle grants a right, by themselves or by their post in an organisation.
create or replace function coordination.holders(p_patient uuid, p_permission text)
returns table (person uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.party
    from access.membership m
    join access.party y on y.id = m.party and y.kind = 'person'
    join access.role_permission g on g.role = m.role and g.permission = p_permission
    where m.patient_id = any (access.record_of(p_patient)) and m.basis <> 'break_glass'
        and (not g.needs_agreement or p_permission = any (m.agreed))
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    union
    select p.person
    from access.membership m
    join access.post p on p.organisation = m.party
    join access.role_permission g on g.role = p.role and g.permission = p_permission
    where m.patient_id = any (access.record_of(p_patient))
        and (not g.needs_agreement or p_permission = any (m.agreed))
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant());
end;

-- People who answer requests for support in an organisation now.
create or replace function coordination.support_posts(p_organisation uuid)
returns table (person uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select distinct p.person
    from access.post p
    join access.role_permission g on g.role = p.role and g.permission = 'support:answer'
        and not g.needs_agreement
    where p.organisation = p_organisation and p.starts_at <= access.current_instant()
        and (p.ends_at is null or p.ends_at > access.current_instant());
end;

-- Whom a notice about stays, actions, visits or support is for. A problem at a visit is for whoever
-- planned it; once he does not any more, or says it himself, for all others who plan.
create or replace function coordination.told_of_care(p_kind text, p_subject uuid, p_patient uuid)
returns table (person uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_kind in ('stay_asks', 'stay_call_late') then
        return query select h.person from coordination.holders(p_patient, 'stays:write') h;
    elsif p_kind in ('action_given', 'action_returned') then
        return query select t.person from coordination.told_of_action(p_kind, p_subject) t;
    elsif p_kind = 'visit_problem' then
        return query select h.person from coordination.visit_report r
            join coordination.visit_line l on l.id = r.line_id
            cross join lateral coordination.holders(p_patient, 'plan:write') h
            where r.id = p_subject and h.person <> r.by_person
                and (h.person = l.made_by or l.made_by = r.by_person or not exists (
                    select from coordination.holders(p_patient, 'plan:write') k
                    where k.person = l.made_by and access.party_in_circle(k.person, p_patient)
                ));
    elsif p_kind in ('support_sent', 'support_late', 'support_withdrawn') then
        return query select t.person from coordination.support_event e
            join coordination.support_request r on r.id = e.request_id
            cross join lateral coordination.support_posts(r.performer) t
            where e.id = p_subject;
    elsif p_kind in ('support_moved', 'support_unreceived') then
        return query select h.person from coordination.support_event e
            join coordination.support_request r on r.id = e.request_id
            cross join lateral coordination.holders(r.patient_id, 'support:read') h
            where e.id = p_subject and h.person = r.requester;
    end if;
end;
$$;

revoke execute on function coordination.is_told_by, coordination.has_died, coordination.holders,
    coordination.support_posts, coordination.told_of_care from public;
grant execute on function coordination.is_told_by, coordination.told_of_care to chevet_worker;
