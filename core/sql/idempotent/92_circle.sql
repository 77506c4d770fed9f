-- The circle as a whole: its version, its manager, who is in it, and what leaving calls off.

-- Whether a party is in a circle now, himself, through a post or in the place of somebody: who may
-- be told something of it. A person whose account is suspended or has ended is told nothing, but
-- for the patient of his own record; of somebody who died neither he nor his family is told anything.
create or replace function access.party_in_circle(p_party uuid, p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select (
        exists (
            select from access.membership m
            where m.patient_id = any (access.record_of(p_patient)) and m.party = p_party
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
                and not (access.is_family_role(m.role) and access.is_dead(p_patient))
        ) or exists (
            select from access.post p
            left join access.post replaced on replaced.id = p.replaces
            join access.membership m on m.patient_id = any (access.record_of(p_patient))
                and (m.party = p.organisation
                    or m.party = replaced.person and m.basis = 'care_team')
            where p.person = p_party
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        )
    ) and (p_party = any (access.record_of(p_patient)) or not exists (
        select from identity.account a
        where a.person = p_party and not identity.is_live(a.disabled_at, a.expires_at)
    ));
end;

-- Every change of a member is a change of the circle.
create or replace function access.circle_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into access.circle as c (patient_id, changed_at)
    values (new.patient_id, coalesce(access.current_instant(), pg_catalog.now()))
    on conflict (patient_id)
    do update set version = c.version + 1, changed_at = excluded.changed_at;
    return null;
end;
$$;
drop trigger if exists circle_changes on access.membership;
create trigger circle_changes after insert or update of party, role, basis, agreed, starts_at, ends_at
    on access.membership
    for each row execute function access.circle_changed();

-- Locks the circle for one change and says whether it is still the one the person was shown.
create or replace function access.take_circle(p_patient uuid, p_version integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    if not p_patient = any (array(select access.visible_patients('circle:manage'))) then
        raise insufficient_privilege using message = 'no right to manage the circle';
    end if;
    select c.version into v_version from access.circle c where c.patient_id = p_patient for update;
    return v_version is not distinct from p_version;
end;
$$;

create or replace function access.name_manager(p_patient uuid, p_organisation uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_patient = any (array(select access.visible_patients('circle:manage'))) then
        raise insufficient_privilege using message = 'no right to manage the circle';
    end if;
    update access.circle c
    set managing_organisation = p_organisation, version = c.version + 1,
        changed_at = access.current_instant()
    where c.patient_id = p_patient and exists (
        select from access.membership m
        join access.party y on y.id = m.party and y.kind = 'organisation'
        where m.patient_id = p_patient and m.party = p_organisation
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    );
    return found;
end;
$$;

-- The attending physician is flagged: one member of this circle now, a GP or a practice; null for none.
create or replace function access.name_attending(p_patient uuid, p_stay uuid)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_patient = any (array(select access.visible_patients('circle:manage'))) then
        raise insufficient_privilege using message = 'no right to manage the circle';
    end if;
    update access.circle c
    set attending = p_stay, version = c.version + 1, changed_at = access.current_instant()
    where c.patient_id = p_patient and (p_stay is null or exists (
        select from access.membership m
        where m.id = p_stay and m.patient_id = p_patient and m.role in ('gp', 'practice')
            and m.replaces is null and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    ));
    return found;
end;
$$;

create or replace view doorway.circle_head with (security_barrier) as
select c.patient_id, c.version, c.managing_organisation, y.name as managing_name,
    a.id as attending, ay.name as attending_name, a.party as attending_party
from access.circle c
left join access.party y on y.id = c.managing_organisation
left join access.membership a on a.id = c.attending and a.starts_at <= access.current_instant()
    and (a.ends_at is null or a.ends_at > access.current_instant())
left join access.party ay on ay.id = a.party
where c.patient_id = any (array(select access.visible_patients('circle:read')));
comment on view doorway.circle_head is
    'Version, manager and attending physician of the circles the actor may see.';

-- What waits to be sent to people who have left a circle is called off, in every record that is read
-- together with it: they were in the circles of all.
create or replace function messages.call_off(p_patient uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.about = any (access.record_of(p_patient))
        and o.state in ('waiting', 'sending', 'gathered')
        and not access.party_in_circle(o.recipient, o.about);
end;

-- An alert waits for nobody who has left: the next step is due at once when its owner, or everybody
-- its present step called, is no longer in the circle; in every record read together with it.
create or replace function alerts.pass_over_leavers(p_patient uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    update alerts.alert a set next_step_at = access.current_instant()
    where a.patient_id = any (access.record_of(p_patient)) and a.state <> 'closed'
        and a.next_step_at > access.current_instant()
        and case when a.owner is not null then not access.party_in_circle(a.owner, p_patient)
            when a.state = 'asleep'
                then not access.party_in_circle((a.sleep ->> 'by')::uuid, p_patient)
            else (
                select bool_and(not access.party_in_circle(called.person::uuid, p_patient))
                from alerts.alert_event e
                cross join jsonb_array_elements_text(e.detail -> 'people') called(person)
                where e.alert_id = a.id and e.what = 'called'
                    and (e.detail ->> 'round')::integer = a.round
                    and (e.detail ->> 'rung')::integer between a.from_rung and a.rung
            ) is true
        end;
end;

create or replace function access.leave(p_patient uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.current_instant() is null then
        perform set_config('chevet.now', pg_catalog.now()::text, true);
    end if;
    perform alerts.pass_over_leavers(p_patient);
    perform messages.call_off(p_patient);
end;
$$;

-- Named so that it fires before the queues are counted anew: locks alerts, then the summary, as
-- every act on an alert does.
create or replace function access.member_leaves() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if new.ends_at <= coalesce(access.current_instant(), pg_catalog.now()) then
        perform access.leave(new.patient_id);
        perform pg_notify('chevet_queue', new.party::text);
    end if;
    return null;
end;
$$;
drop trigger if exists a_member_leaves on access.membership;
create trigger a_member_leaves after update on access.membership
    for each row execute function access.member_leaves();

create or replace function access.post_leaves() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if new.ends_at <= coalesce(access.current_instant(), pg_catalog.now()) then
        -- What was opened in an emergency was opened by this post.
        update access.membership m set ends_at = greatest(m.starts_at, new.ends_at)
        from coordination.break_glass b
        where b.post = new.id and m.id = b.membership_id and m.ends_at > new.ends_at;
        perform access.leave(told.patient)
        from (
            select o.about as patient from messages.outbox o
            where o.recipient = new.person and o.about is not null
                and o.state in ('waiting', 'sending', 'gathered')
            union
            select a.patient_id from alerts.alert a
            join access.membership m
                on m.patient_id = any (access.record_of(a.patient_id))
                    and m.party = new.organisation
            where a.state <> 'closed'
            union
            select a.patient_id from access.post r
            join access.membership m on m.party = r.person
            join alerts.alert a
                on a.patient_id = any (access.record_of(m.patient_id)) and a.state <> 'closed'
            where r.id = new.replaces
        ) told;
    end if;
    return null;
end;
$$;
drop trigger if exists a_post_leaves on access.post;
create trigger a_post_leaves after update on access.post
    for each row execute function access.post_leaves();

-- A message called off because its hour came after its recipient had left moves its alert on.
create or replace function messages.called_off() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform alerts.pass_over_leavers(new.about);
    return null;
end;
$$;
drop trigger if exists moves_its_alert_on on messages.outbox;
create trigger moves_its_alert_on after update of state on messages.outbox
    for each row when (new.state = 'cancelled' and old.state <> 'cancelled')
    execute function messages.called_off();

-- Stays that ended by their date since the last look; leaving is done by the triggers above.
create or replace function access.close_ended(p_limit integer) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    with members as (
        update access.membership m set closed_at = access.current_instant()
        where m.id in (
            select e.id from access.membership e
            where e.ends_at <= access.current_instant() and e.closed_at is null
            order by e.ends_at limit p_limit for update skip locked
        )
        returning m.id
    ), posts as (
        update access.post p set closed_at = access.current_instant()
        where p.id in (
            select e.id from access.post e
            where e.ends_at <= access.current_instant() and e.closed_at is null
            order by e.ends_at limit p_limit for update skip locked
        )
        returning p.id
    )
    select (select count(*) from members) + (select count(*) from posts);
end;

-- Organisations to put into a circle, by a part of their name, FINESS or id, for somebody who manages it.
create or replace function access.find_organisations(p_patient uuid, p_text text, p_id uuid)
returns table (party uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    left join identity.organisation o on o.organisation = y.id
    where y.kind = 'organisation'
        and (y.id = p_id or (p_id is null and length(btrim(p_text)) >= 2
            and (strpos(identity.fold(y.name), identity.fold(p_text)) > 0
                or o.finess = upper(btrim(p_text)))))
        and p_patient = any (array(select access.visible_patients('circle:manage')))
    order by y.name, y.id
    limit 20;
end;

revoke execute on all functions in schema access, messages from public;
revoke execute on function alerts.pass_over_leavers from public;
grant select on doorway.circle_head to chevet_app;
grant execute on function access.take_circle, access.name_manager, access.name_attending,
    access.find_organisations to chevet_app;
grant execute on function access.party_in_circle, access.close_ended to chevet_worker;
grant insert (measure_scope) on access.membership to chevet_app;
grant update (ended_by, end_reason) on access.membership to chevet_app;
