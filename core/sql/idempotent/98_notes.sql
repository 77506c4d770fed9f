-- Notes: for whose attention they are, who opened them, on which day they come back.

-- Letters as they are looked for: small, without accents, anything else a space.
create or replace function coordination.plain(p_text text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return regexp_replace(regexp_replace(
    lower(replace(replace(replace(replace(normalize(p_text, NFKD),
        'Œ', 'oe'), 'œ', 'oe'), 'Æ', 'ae'), 'æ', 'ae')),
    '[\u0300-\u036f]', '', 'g'), '[^a-z0-9]+', ' ', 'g');

-- Whether a text holds every word, or part of a word, that is looked for.
create or replace function coordination.holds(p_text text, p_words text[]) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return not exists (
    select from unnest(p_words) word
    where position(btrim(coordination.plain(word)) in coordination.plain(p_text)) = 0
);

-- The actor has opened these notes: each for the first time once, his own never.
create or replace function coordination.read_notes(p_items uuid[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.note_reading (item_id, patient_id, person, organisation, role, first_at)
    select n.item_id, n.patient_id, access.current_person(), access.current_organisation(),
        (select min(held.role) from access.held_for(n.patient_id) held
        join access.role_permission g on g.role = held.role and g.permission = 'notes:read'
        where not g.needs_agreement or 'notes:read' = any (held.agreed)),
        access.current_instant()
    from coordination.note n
    where n.item_id = any (p_items) and n.author <> access.current_person()
        and access.may_open(n.patient_id, 'notes:read')
        and not access.hidden_from_me(n.item_id)
    on conflict do nothing;
end;

-- The author says, as he signs, for whose attention a note is: members of the circle now.
create or replace function coordination.mention(p_item uuid, p_parties uuid[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.note_mention (item_id, patient_id, party)
    select distinct n.item_id, n.patient_id, m.party
    from coordination.note n
    join access.item i on i.item_id = n.item_id
    join access.membership m on m.patient_id = any (access.record_of(n.patient_id))
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
    where n.item_id = p_item and n.author = access.current_person()
        and i.signed_at = access.current_instant() and m.party = any (p_parties)
    on conflict do nothing;
end;

-- A note comes back on a day: to the actor himself, or to whoever holds a role then.
create or replace function coordination.remind(
    p_id uuid, p_item uuid, p_due_on date, p_role text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into coordination.note_reminder
        (id, item_id, patient_id, due_on, party, role, made_by, made_at)
    select p_id, n.item_id, n.patient_id, p_due_on,
        case when p_role is null then access.current_person() end, p_role,
        access.current_person(), access.current_instant()
    from coordination.note n
    where n.item_id = p_item and access.may_open(n.patient_id, 'notes:write')
        and (n.author = access.current_person() or access.reads_item(n.item_id));
    return found;
end;
$$;

-- What was to be remembered is done: said by whom it was meant for, or who made it.
create or replace function coordination.end_reminder(p_item uuid, p_reminder uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.note_reminder r
    set done_by = access.current_person(), done_at = access.current_instant()
    where r.id = p_reminder and r.item_id = p_item and r.done_at is null
        and access.reads_item(r.item_id)
        and (r.party = access.current_person() or r.made_by = access.current_person()
            or exists (
                select from access.held_for(r.patient_id) held where held.role = r.role
            ));
    return found;
end;
$$;

-- What waits for the actor in the notes of all his patients: mentions he has not opened, reminders
-- of this day or before, withheld notes to be judged again. Nothing of a note hidden from him.
create or replace function coordination.waiting_notes(p_today date, p_most integer)
returns table (
    why text, item_id uuid, patient_id uuid, patient_name text, author_name text, category text,
    sent timestamptz, due_on date, reminder uuid
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with parties as materialized (
        select access.current_person() as party, true as own
        union all
        select access.current_organisation() as party, false as own
        union all
        select access.stands_for() as party, false as own
    ), direct as materialized (
        select m.patient_id
        from access.membership m
        join parties p on p.party = m.party
        where m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    ), mine as materialized (
        select d.patient_id from direct d
        union
        select unnest(access.record_of(d.patient_id)) as patient_id from direct d
        where d.patient_id in (
            select l.patient_id from access.patient_link l where l.unlinked_at is null
            union all
            select l.into_patient from access.patient_link l where l.unlinked_at is null
        )
    ), found as (
        select 'mention'::text as why, m.item_id, null::date as due_on, null::uuid as reminder
        from coordination.note_mention m
        join parties p on p.party = m.party
        where not exists (
            select from coordination.note_reading r
            where r.item_id = m.item_id
                and (r.person = access.current_person()
                    or (not p.own and (r.person = m.party or r.organisation = m.party)))
        )
        union all
        select 'reminder'::text as why, r.item_id, r.due_on, r.id as reminder
        from coordination.note_reminder r
        join mine on mine.patient_id = r.patient_id
        where r.done_at is null and r.due_on <= p_today
            and (r.party = access.current_person() or exists (
                select from access.held_for(r.patient_id) held where held.role = r.role
            ))
        union all
        select 'review'::text as why, w.item_id, w.review_on as due_on, null::uuid as reminder
        from access.item_withheld w
        join mine on mine.patient_id = w.patient_id
        join access.item i on i.item_id = w.item_id
        where w.ended_at is null and w.review_on <= p_today
            and (i.author = access.current_person() and access.knows_withheld(w.patient_id)
                or exists (
                    select from access.held_for(w.patient_id) held
                    where held.role in ('gp', 'coordinating_doctor')
                ))
    )
    select f.why, f.item_id, n.patient_id, y.name, i.author_name, n.category, n.sent,
        max(f.due_on), f.reminder
    from found f
    join coordination.note n on n.item_id = f.item_id
    join access.item i on i.item_id = n.item_id
    join access.party y on y.id = n.patient_id
    where not (f.why = 'mention' and n.author = access.current_person())
        and access.may_open(n.patient_id, 'notes:read') and not access.hidden_from_me(n.item_id)
    group by f.why, f.item_id, n.patient_id, y.name, i.author_name, n.category, n.sent, f.reminder
    order by max(f.due_on) nulls last, n.sent, f.item_id
    limit p_most;
end;

alter table coordination.note_reading enable row level security;
alter table coordination.note_mention enable row level security;
alter table coordination.note_reminder enable row level security;
drop policy if exists person_reads on coordination.note_reading;
create policy person_reads on coordination.note_reading for select to chevet_app
    using (access.reads_item(item_id));
drop policy if exists person_reads on coordination.note_mention;
create policy person_reads on coordination.note_mention for select to chevet_app
    using (access.reads_item(item_id));
drop policy if exists person_reads on coordination.note_reminder;
create policy person_reads on coordination.note_reminder for select to chevet_app
    using (access.reads_item(item_id));
grant select on coordination.note_reading, coordination.note_mention, coordination.note_reminder
    to chevet_app;

-- Who opened a note and for whom it is, by name, for those who read it.
create or replace view doorway.note_reader with (security_barrier) as
select r.item_id, r.patient_id, r.person, y.name, r.role, o.name as organisation_name, r.first_at
from coordination.note_reading r
join access.party y on y.id = r.person
left join access.party o on o.id = r.organisation
where access.reads_item(r.item_id);
comment on view doorway.note_reader is 'Who opened the notes that the actor reads, and when first.';
create or replace view doorway.note_mentioned with (security_barrier) as
select m.item_id, m.patient_id, m.party, y.name
from coordination.note_mention m
join access.party y on y.id = m.party
where access.reads_item(m.item_id);
comment on view doorway.note_mentioned is 'For whose attention the notes that the actor reads are.';
grant select on doorway.note_reader, doorway.note_mentioned to chevet_app;

revoke execute on function coordination.plain, coordination.holds, coordination.read_notes,
    coordination.mention, coordination.remind, coordination.end_reminder,
    coordination.waiting_notes from public;
grant execute on function coordination.plain, coordination.holds, coordination.read_notes,
    coordination.mention, coordination.remind, coordination.end_reminder,
    coordination.waiting_notes to chevet_app;
