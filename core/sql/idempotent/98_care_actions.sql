-- Actions: what is to be done for a patient, by whom, and what came of it.

-- Whether an action is given to the actor: to himself, to the organisation he acts in or the person
-- he replaces, or to a role he holds.
create or replace function coordination.is_given_to_me(
    p_patient uuid, p_owner uuid, p_role text
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(p_owner in (access.current_person(), access.current_organisation(),
        access.stands_for()), false)
        or p_role is not null and exists (
            select from access.held_for(p_patient) held where held.role = p_role
        );
end;

-- Whether the actor sees an action: with the right to the plan all of them, else what is given to
-- him or by him. Of one that came from a note nobody sees anything who does not read that note.
create or replace function coordination.sees_action(
    p_item uuid, p_patient uuid, p_author uuid, p_owner uuid, p_role text, p_note uuid
) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return p_patient in (select access.visible_patients('actions:read'))
        and not access.hidden_from_me(p_item)
        and (p_note is null or access.reads_item(p_note))
        and (p_patient in (select access.visible_patients('plan:read'))
            or p_author = access.current_person()
            or coordination.is_given_to_me(p_patient, p_owner, p_role));
end;
$$;

-- People to tell of an action: to whom it is given, or whose it is again; once its author has left,
-- whoever gives actions here. Nobody is told of one that
-- not everybody may see: a mail would say that it exists.
create or replace function coordination.told_of_action(p_kind text, p_subject uuid)
returns table (person uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with about as (
        select a.*
        from coordination.action_event e
        join coordination.action a on a.item_id = e.item_id
        join access.item i on i.item_id = a.item_id
        left join access.item n on n.item_id = a.note_item
        where e.id = p_subject and not access.is_withheld(a.item_id)
            and i.sensitivity = 'normal' and coalesce(n.sensitivity, 'normal') = 'normal'
            and not exists (
                select from access.item_hidden h
                where h.item_id in (a.item_id, a.note_item) and h.ended_at is null
            )
    )
    select h.person
    from about a
    cross join lateral coordination.holders(a.patient_id, 'actions:read') h
    where h.person <> a.author and p_kind = 'action_given'
        and (h.person = a.owner or exists (
            select from access.post p
            where p.person = h.person and p.organisation = a.owner
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
        ) or exists (
            select from access.membership m
            where m.party = h.person and m.role = a.owner_role
                and m.patient_id = any (access.record_of(a.patient_id))
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        ))
    union
    select h.person
    from about a
    cross join lateral coordination.holders(a.patient_id, 'actions:read') h
    where p_kind = 'action_returned' and (h.person = a.author
        or not access.party_in_circle(a.author, a.patient_id) and h.person in (
            select w.person from coordination.holders(a.patient_id, 'actions:write') w
        ));
end;

-- The action of the item just signed; false when its alert is of another record, or whom it is given
-- to is not in the circle.
create or replace function coordination.give_action(
    p_item uuid, p_wording text, p_owner uuid, p_role text, p_due_on date, p_state text,
    p_accept_by timestamptz, p_alert uuid, p_event uuid, p_notice uuid
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.action (item_id, patient_id, author, wording, owner, owner_role,
        due_on, state, accept_by, note_item, alert_id, given_at)
    select i.item_id, i.patient_id, i.author, p_wording, p_owner, p_role, p_due_on, p_state,
        p_accept_by, i.within, p_alert, access.current_instant()
    from access.item i
    where i.item_id = p_item and i.kind = 'action' and i.author = access.current_person()
        and i.signed_at = access.current_instant()
        and access.may_open(i.patient_id, 'actions:write')
        and (p_alert is null or exists (
            select from alerts.alert a
            where a.id = p_alert and a.patient_id = any (access.record_of(i.patient_id))
        ) and access.may_open(i.patient_id, 'alerts:read'))
        and (p_owner is null or p_owner = access.current_person() or exists (
            select from access.membership m
            where m.party = p_owner and m.patient_id = any (access.record_of(i.patient_id))
                and m.starts_at <= access.current_instant()
                and (m.ends_at is null or m.ends_at > access.current_instant())
        ));
    if not found then
        return false;
    end if;
    insert into coordination.action_event (id, item_id, patient_id, at, by_person, what)
    select p_event, a.item_id, a.patient_id, a.given_at, a.author, 'give'
    from coordination.action a where a.item_id = p_item;
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    select p_notice, 'action_given', p_event, a.patient_id, a.given_at
    from coordination.action a where a.item_id = p_item and a.state = 'proposed';
    return true;
end;
$$;

-- What somebody says of an action he sees: whoever it is given to, or who writes the plan. A word
-- says what came of it: `done`, `gone`, `changed` (somebody was faster).
create or replace function coordination.move_action(
    p_item uuid, p_what text, p_state text, p_mine boolean, p_words text, p_version integer,
    p_event uuid, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_action coordination.action;
begin
    select * into v_action from coordination.action a where a.item_id = p_item for update;
    if v_action.item_id is null
        or not coordination.sees_action(v_action.item_id, v_action.patient_id, v_action.author,
            v_action.owner, v_action.owner_role, v_action.note_item)
        or access.is_archived(v_action.patient_id)
        or not (access.may_open(v_action.patient_id, 'actions:write')
            or coordination.is_given_to_me(v_action.patient_id, v_action.owner,
                v_action.owner_role)) then
        return 'gone';
    elsif v_action.version <> p_version then
        return 'changed';
    end if;
    update coordination.action a
    set state = p_state, version = a.version + 1,
        owner = case when p_mine then access.current_person() else a.owner end,
        owner_role = case when p_mine then null else a.owner_role end,
        accept_by = case when p_state = 'proposed' then a.accept_by end,
        result = case when p_state = 'done' then p_words else '' end
    where a.item_id = p_item;
    insert into coordination.action_event (id, item_id, patient_id, at, by_person, what, words)
    values (p_event, p_item, v_action.patient_id, v_now, access.current_person(), p_what, p_words);
    if p_state = 'refused' then
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        values (p_notice, 'action_returned', p_event, v_action.patient_id, v_now);
    end if;
    return 'done';
end;
$$;

-- Actions that nobody accepted in time, or whose owner has left, go back to their author, who is told.
-- Of whoever died nothing is asked any more.
create or replace function coordination.return_actions(p_limit integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    with due as (
        select a.item_id from coordination.action a
        where (a.state = 'proposed' and a.accept_by <= access.current_instant()
                or a.state = 'accepted' and a.owner is not null
                    and not access.party_in_circle(a.owner, a.patient_id))
            and not coordination.has_died(a.patient_id) and not access.is_archived(a.patient_id)
        order by a.accept_by limit p_limit for update skip locked
    ), returned as (
        update coordination.action a
        set state = 'returned', accept_by = null, version = a.version + 1
        from due where a.item_id = due.item_id
        returning a.item_id, a.patient_id
    ), noted as (
        insert into coordination.action_event (id, item_id, patient_id, at, what)
        select gen_random_uuid(), r.item_id, r.patient_id, access.current_instant(), 'return'
        from returned r
        returning id, patient_id
    ), told as (
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        select gen_random_uuid(), 'action_returned', n.id, n.patient_id, access.current_instant()
        from noted n
        returning id
    )
    select count(*) into v_count from told;
    return v_count;
end;
$$;

-- What waits for the actor in the actions of all his patients: given to him, or back with him or with
-- an author who has left.
create or replace function coordination.my_actions(p_most integer) returns table (
    item_id uuid, patient_id uuid, patient_name text, wording text, due_on date, state text,
    accept_by timestamptz, author_name text, mine boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select a.item_id, a.patient_id, y.name, a.wording, a.due_on, a.state, a.accept_by,
        i.author_name, a.author = access.current_person()
    from coordination.action a
    join access.item i on i.item_id = a.item_id
    join access.party y on y.id = a.patient_id
    where a.patient_id in (select access.visible_patients('actions:read'))
        and not coordination.has_died(a.patient_id)
        and (a.state in ('proposed', 'accepted')
                and coordination.is_given_to_me(a.patient_id, a.owner, a.owner_role)
            or a.state in ('refused', 'returned') and (a.author = access.current_person()
                or not access.party_in_circle(a.author, a.patient_id)
                    and access.may_open(a.patient_id, 'actions:write')))
        and coordination.sees_action(a.item_id, a.patient_id, a.author, a.owner, a.owner_role,
            a.note_item)
    order by a.due_on, a.item_id
    limit p_most;
end;

alter table coordination.action enable row level security;
alter table coordination.action_event enable row level security;
drop policy if exists person_reads on coordination.action;
create policy person_reads on coordination.action for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('actions:read')))
        and coordination.sees_action(item_id, patient_id, author, owner, owner_role, note_item));
drop policy if exists person_reads on coordination.action_event;
create policy person_reads on coordination.action_event for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('actions:read')))
        and exists (select from coordination.action a where a.item_id = action_event.item_id));

create or replace view doorway.action with (security_barrier) as
select a.item_id, a.patient_id, a.author, i.author_name, a.wording, a.owner,
    y.name as owner_name, a.owner_role, a.due_on, a.state, a.accept_by, a.result, a.note_item,
    a.alert_id, a.given_at, a.version,
    coordination.is_given_to_me(a.patient_id, a.owner, a.owner_role) as mine
from coordination.action a
join access.item i on i.item_id = a.item_id
left join access.party y on y.id = a.owner
where a.patient_id = any (array(select access.visible_patients('actions:read')))
    and coordination.sees_action(a.item_id, a.patient_id, a.author, a.owner, a.owner_role,
        a.note_item);
comment on view doorway.action is 'Actions that the actor sees, with names.';
create or replace view doorway.action_event with (security_barrier) as
select e.id, e.item_id, e.patient_id, e.at, y.name as by_name, e.what, e.words
from coordination.action_event e
join doorway.action a on a.item_id = e.item_id
left join access.party y on y.id = e.by_person
where e.patient_id = any (array(select access.visible_patients('actions:read')));
comment on view doorway.action_event is 'Who said what of the actions that the actor sees.';
grant select on coordination.action, coordination.action_event, doorway.action,
    doorway.action_event to chevet_app;

revoke execute on function coordination.is_given_to_me, coordination.sees_action,
    coordination.told_of_action, coordination.give_action, coordination.move_action,
    coordination.return_actions, coordination.my_actions from public;
grant execute on function coordination.is_given_to_me, coordination.sees_action,
    coordination.give_action, coordination.move_action, coordination.my_actions to chevet_app;
grant execute on function coordination.return_actions to chevet_worker;
