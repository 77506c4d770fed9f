-- Items of a record: who reads one, who hides one from whom, and what a former member keeps.

-- Which right opens an item of a kind, and which one signs it.
create or replace function access.item_permission(p_kind text, p_verb text) returns text
language sql immutable set search_path = pg_catalog, pg_temp
return case p_kind when 'note' then 'notes:' when 'document' then 'documents:'
    when 'social' then 'social:' end || p_verb;

-- Whether an item, or the one it belongs to, is not communicable to the patient and his family.
create or replace function access.is_withheld(p_item uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.item i
        join access.item_withheld w on w.item_id in (i.item_id, i.within)
        where i.item_id = p_item and w.ended_at is null
    );
end;

-- Which roles read what is withheld: professionals by name, and nobody who is of the family too.
-- Equal to core.items.READS_WITHHELD and NEVER_WITHHELD_TO; a test holds it so.
create or replace function access.reads_withheld(p_roles text[]) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
return p_roles && array['gp', 'coordinating_doctor', 'home_nurse', 'pharmacist', 'physiotherapist',
        'telemonitoring_nurse', 'social_worker', 'dac_coordinator', 'hospital_doctor']
    and not p_roles && array['patient', 'carer', 'trusted_person', 'legal_representative',
        'property_representative'];

-- Whether the actor is or ever was of the patient's family, or represented him: one of those roles
-- beside which not even a doctor reads what is withheld. Leaving the circle does not end it.
create or replace function access.was_family(p_patient uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from access.membership m
        where m.party = access.current_person()
            and m.patient_id = any (access.record_of(p_patient))
            and not access.reads_withheld(array['gp', m.role])
    );
end;
$$;

-- Whether the actor may know of what is withheld in a record.
create or replace function access.knows_withheld(p_patient uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return access.reads_withheld(
        array(select held.role from access.held_for(p_patient) held)
    ) and not access.was_family(p_patient);
end;
$$;

-- Over every cell of the table of rights. An item nobody knows is hidden from everybody, and where
-- nobody looks every item is hidden; its author sees what he signed. Roles below equal
-- core.items.READS_SENSITIVE; a test holds it so.
create or replace function access.hidden_from_me(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_item access.item;
    v_roles text[];
begin
    select * into v_item from access.item i where i.item_id = p_item;
    if v_item.item_id is null or access.current_person() is null then
        return true;
    end if;
    if v_item.author = access.current_person() then
        return false;
    end if;
    -- Most items are hidden from nobody: then who asks need not be known.
    if v_item.sensitivity = 'normal' and v_item.within is null
        and not access.is_withheld(p_item)
        and not exists (
            select from access.item_hidden h where h.item_id = p_item and h.ended_at is null
        ) then
        return false;
    end if;
    v_roles := array(select held.role from access.held_for(v_item.patient_id) held);
    if access.is_withheld(p_item) and not access.knows_withheld(v_item.patient_id) then
        return true;
    end if;
    if v_item.within is not null and access.hidden_from_me(v_item.within) then
        return true;
    end if;
    if v_item.sensitivity <> 'normal'
        and not v_roles
            && array['patient', 'legal_representative', 'gp', 'coordinating_doctor'] then
        return true;
    end if;
    return exists (
        select from access.item_hidden h
        where h.item_id = p_item and h.ended_at is null
            and (h.party = access.current_person() or h.role = any (v_roles)
                or h.party = access.current_organisation() or h.party = access.stands_for())
    );
end;
$$;

-- Whether the actor reads an item: his role grants it and it is not hidden from him.
create or replace function access.reads_item(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from access.item i
        where i.item_id = p_item
            and i.patient_id in (
                select access.visible_patients(access.item_permission(i.kind, 'read')))
    ) and not access.hidden_from_me(p_item);
end;
$$;

-- What belongs to another item belongs to one that its author reads, in the same record, one deep.
create or replace function access.may_belong(p_patient uuid, p_within uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return p_within is null or access.reads_item(p_within) and exists (
        select from access.item i
        where i.item_id = p_within and i.within is null
            and i.patient_id = any (access.record_of(p_patient))
    );
end;
$$;

-- Whether a line of the trail would say that an item exists to somebody it is withheld from. An id
-- of nothing is masked like it: what is asked in vain looks the same.
create or replace function access.betrays(p_entity text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if p_entity is null or p_entity !~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
        return false;
    end if;
    if not exists (select from access.item i where i.item_id = p_entity::uuid) then
        return access.current_person() is not null;
    end if;
    return access.is_withheld(p_entity::uuid) and access.hidden_from_me(p_entity::uuid);
end;
$$;

-- Decides as its author signs it, in that very transaction, that an item is not communicable.
create or replace function access.withhold(
    p_id uuid, p_item uuid, p_cause text, p_reason text, p_review_on date
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by, at)
    select p_id, i.item_id, i.patient_id, p_cause, p_reason, p_review_on, i.author, i.signed_at
    from access.item i
    where i.item_id = p_item and i.author = access.current_person()
        and i.signed_at = access.current_instant()
        and i.patient_id in (
            select access.visible_patients(access.item_permission(i.kind, 'write')));
    return found;
end;
$$;

-- Who judges a withheld item again: whoever withheld it and reads such items by his role, and the
-- doctors in charge.
create or replace function access.may_review_withheld(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return access.reads_item(p_item) and exists (
        select from access.item_withheld w
        join access.item i on i.item_id = w.item_id
        where w.item_id = p_item and w.ended_at is null
            and i.patient_id in (
                select access.visible_patients(access.item_permission(i.kind, 'write')))
            and access.knows_withheld(i.patient_id)
            and (i.author = access.current_person() or exists (
                select from access.held_for(i.patient_id) held
                where held.role in ('gp', 'coordinating_doctor')
            ))
    );
end;
$$;

-- The judgement of a withheld item: it stays so until another day, or it is shown from now on. What
-- was answered while it was withheld stays so by itself: it was written for other eyes.
create or replace function access.review_withheld(
    p_id uuid, p_item uuid, p_kept boolean, p_reason text, p_review_on date
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_was access.item_withheld;
begin
    if not access.may_review_withheld(p_item) then
        return false;
    end if;
    update access.item_withheld w set ended_by = access.current_person(), ended_at = v_now,
        end_reason = p_reason
    where w.item_id = p_item and w.ended_at is null
    returning w.* into v_was;
    if not found then
        return false;
    end if;
    if p_kept then
        insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by, at)
        values (p_id, p_item, v_was.patient_id, v_was.cause, p_reason, p_review_on,
            access.current_person(), v_now);
    else
        insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by, at)
        select gen_random_uuid(), i.item_id, i.patient_id, v_was.cause, v_was.reason,
            v_was.review_on, access.current_person(), v_now
        from access.item i
        where i.within = p_item
        on conflict (item_id) where ended_at is null do nothing;
    end if;
    return true;
end;
$$;

-- Who decides on an item: its author on his own, the patient and who represents him on any.
create or replace function access.may_hide(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return access.reads_item(p_item) and exists (
        select from access.item i
        where i.item_id = p_item
            and i.patient_id in (select access.visible_patients('items:hide'))
            and (i.author = access.current_person() or exists (
                select from access.held_for(i.patient_id) held
                where held.role in ('patient', 'legal_representative')
            ))
    );
end;
$$;

create or replace function access.in_circle(p_patient uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select from access.held_for(p_patient));
end;
$$;

-- The doctors in charge of a record, and the organisations of its circle they act for: parties.
create or replace function access.doctors_of(p_patient uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.party
    from access.membership m
    where m.patient_id = any (access.record_of(p_patient)) and access.in_circle(p_patient)
        and m.starts_at <= access.current_instant()
        and (m.ends_at is null or m.ends_at > access.current_instant())
        and (m.role in ('gp', 'coordinating_doctor') or exists (
            select from access.post p
            where p.organisation = m.party and p.role in ('gp', 'coordinating_doctor')
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
        ));
end;

-- Nothing is hidden from its author, nor from the patient; what is withheld is not hidden from the
-- doctors in charge, who judge it again.
create or replace function access.may_hide_from(p_item uuid, p_party uuid, p_role text)
returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return access.may_hide(p_item) and p_role is distinct from 'patient' and not exists (
        select from access.item i
        where i.item_id = p_item
            and (p_party = i.author or p_party = any (access.record_of(i.patient_id))
                or access.is_withheld(i.item_id) and (p_role in ('gp', 'coordinating_doctor')
                    or p_party in (select access.doctors_of(i.patient_id))))
    );
end;
$$;

-- Who lifts what somebody hid or flagged: that person, the patient always, who represents the
-- patient unless the patient decided it himself. An author does not undo the patient's choice.
create or replace function access.may_lift(p_item uuid, p_by uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return access.may_hide(p_item) and exists (
        select from access.item i
        where i.item_id = p_item
            and (p_by is null or p_by = access.current_person() or exists (
                select from access.held_for(i.patient_id) held
                where held.role = 'patient'
                    or (held.role = 'legal_representative'
                        and p_by <> all (access.record_of(i.patient_id)))
            ))
    );
end;
$$;

-- Who signs, in which role and post, about whom: written by the database, so that nobody signs for
-- another, and kept as it was on that day. Without a person nobody but the owner gets through.
create or replace function access.sign_item() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.current_person() is null then
        return new;
    end if;
    new.author := access.current_person();
    new.author_post := access.current_post();
    new.signed_at := access.current_instant();
    if new.sensitivity <> 'normal' then
        new.sensitivity_by := new.author;
        new.sensitivity_at := new.signed_at;
    end if;
    select y.name into new.author_name from access.party y where y.id = new.author;
    select min(held.role) into new.author_role
    from access.held_for(new.patient_id) held
    join access.role_permission g on g.role = held.role
    where g.permission = access.item_permission(new.kind, 'write');
    select o.name into new.author_organisation
    from access.post p join access.party o on o.id = p.organisation
    where p.id = new.author_post and p.person = new.author;
    select y.name, t.birth_date into new.patient_name, new.patient_born
    from access.party y left join identity.patient t on t.patient_id = y.id
    where y.id = new.patient_id;
    return new;
end;
$$;
create or replace trigger sign_item before insert on access.item
    for each row execute function access.sign_item();

-- What is signed stays as it is, whoever asks.
create or replace function access.keep_signed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    raise insufficient_privilege using message = 'what is signed is neither changed nor deleted';
end;
$$;
create or replace trigger keep_signed before update or delete on coordination.note
    for each row execute function access.keep_signed();
create or replace trigger keep_all before truncate on coordination.note
    for each statement execute function access.keep_signed();
create or replace trigger keep_signed before delete or update of item_id, patient_id, kind, author,
    author_post, author_name, author_role, author_organisation, patient_name, patient_born,
    signed_at, within on access.item for each row execute function access.keep_signed();
create or replace trigger keep_signed before delete or update of item_id, party, role, by, at, reason
    on access.item_hidden for each row execute function access.keep_signed();

create or replace trigger keep_signed before delete or update of item_id, patient_id, cause, reason,
    review_on, by, at on access.item_withheld for each row execute function access.keep_signed();

alter table access.item enable row level security;
alter table access.item_withheld enable row level security;
alter table access.item_hidden enable row level security;
alter table coordination.note enable row level security;

drop policy if exists person_reads on access.item;
create policy person_reads on access.item for select to chevet_app
    using ((kind = 'note' and patient_id = any (array(select access.visible_patients('notes:read')))
        or kind = 'document'
            and patient_id = any (array(select access.visible_patients('documents:read')))
        or kind = 'social'
            and patient_id = any (array(select access.visible_patients('social:read'))))
        and not access.hidden_from_me(item_id));
drop policy if exists person_signs on access.item;
create policy person_signs on access.item for insert to chevet_app
    with check (author = access.current_person() and access.may_belong(patient_id, within) and (
        kind = 'note' and patient_id = any (array(select access.visible_patients('notes:write')))
        or kind = 'document'
            and patient_id = any (array(select access.visible_patients('documents:write')))
        or kind = 'social'
            and patient_id = any (array(select access.visible_patients('social:write')))));
drop policy if exists person_flags on access.item;
create policy person_flags on access.item for update to chevet_app
    using (access.may_lift(item_id, case when sensitivity <> 'normal' then sensitivity_by end))
    with check (sensitivity_by = access.current_person());
drop policy if exists worker_reads on access.item;
create policy worker_reads on access.item for select to chevet_worker using (true);

-- Who reads an item also sees who does not: he must not count on somebody who cannot know.
drop policy if exists person_reads on access.item_hidden;
create policy person_reads on access.item_hidden for select to chevet_app
    using (access.reads_item(item_id));
drop policy if exists person_hides on access.item_hidden;
create policy person_hides on access.item_hidden for insert to chevet_app
    with check (by = access.current_person() and access.may_hide_from(item_id, party, role));
drop policy if exists person_shows on access.item_hidden;
create policy person_shows on access.item_hidden for update to chevet_app
    using (ended_at is null and access.may_lift(item_id, by))
    with check (ended_by = access.current_person());
drop policy if exists worker_reads on access.item_hidden;
create policy worker_reads on access.item_hidden for select to chevet_worker using (true);

drop policy if exists person_reads on access.item_withheld;
create policy person_reads on access.item_withheld for select to chevet_app
    using (access.reads_item(item_id) and (access.knows_withheld(patient_id) or exists (
        select from access.item i
        where i.item_id = item_withheld.item_id and i.author = access.current_person()
    )));

drop policy if exists person_reads on coordination.note;
create policy person_reads on coordination.note for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('notes:read')))
        and not access.hidden_from_me(item_id));
drop policy if exists person_writes on coordination.note;
create policy person_writes on coordination.note for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('notes:write')))
        and author = access.current_person()
        and (corrects is null or exists (
            select from access.item i
            where i.item_id = corrects and i.author = access.current_person()
        )));

-- Who is not shown what, in words, for those who read the item.
create or replace view doorway.item_hiding with (security_barrier) as
select h.id, h.item_id, i.patient_id, i.kind, h.party, y.kind as party_kind, y.name as party_name,
    h.role, h.by, b.name as by_name, h.at, h.reason
from access.item_hidden h
join access.item i on i.item_id = h.item_id
join access.party b on b.id = h.by
left join access.party y on y.id = h.party
where h.ended_at is null and access.reads_item(h.item_id);
comment on view doorway.item_hiding is 'From whom the items that the actor reads are hidden.';

-- What the first lock judges by itself: the organisation the actor acts in, and the exceptions that
-- may concern him. Nothing here says what is in an item.
create or replace function access.current_organisation() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.organisation from access.post p
    where p.id = access.current_post() and p.person = access.current_person();
end;

-- Whom the actor replaces in his post: what is kept from that person is kept from him.
create or replace function access.stands_for() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.person from access.post p
    join access.post r on r.id = p.replaces
    where p.id = access.current_post() and p.person = access.current_person();
end;

create or replace function access.hidings_to_judge(p_patient uuid)
returns table (item_id uuid, party uuid, role text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select h.item_id, h.party, h.role
        from access.item i
        join access.item_hidden h on h.item_id = i.item_id and h.ended_at is null
        where i.patient_id = any (access.record_of(p_patient)) and access.in_circle(p_patient)
            and (not access.is_withheld(i.item_id) or access.knows_withheld(i.patient_id))
            and (h.role is not null
                or h.party in (access.current_person(), access.current_organisation(),
                    access.stands_for()));
end;
$$;

-- Everything that has ever tied a person to a patient, live or not: his memberships, and those of
-- the organisations he has or had a post in, and of people he replaces or replaced.
drop function if exists access.ties_seen;
drop function if exists access.ties_of;
create function access.ties_of(p_patient uuid, p_person uuid)
returns table (
    membership_id uuid, role text, basis text, agreed text[], mission text, organisation uuid,
    organisation_name text, post uuid, starts_at timestamptz, ends_at timestamptz,
    post_starts_at timestamptz, post_ends_at timestamptz, stands_for uuid
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.id, m.role, m.basis, m.agreed, null::text as mission, null::uuid as organisation,
        null::text as organisation_name, null::uuid as post, m.starts_at, m.ends_at,
        null::timestamptz as post_starts_at, null::timestamptz as post_ends_at,
        null::uuid as stands_for
    from access.membership m
    where m.patient_id = any (access.record_of(p_patient)) and m.party = p_person
    union all
    select m.id, p.role, m.basis, m.agreed, m.role, o.id, o.name, p.id, m.starts_at, m.ends_at,
        p.starts_at, p.ends_at, replaced.person
    from access.post p
    join access.party o on o.id = p.organisation
    left join access.post replaced on replaced.id = p.replaces
    join access.membership m
        on m.party = o.id and m.patient_id = any (access.record_of(p_patient))
    where p.person = p_person
    union all
    select m.id, m.role, m.basis, m.agreed, null::text as mission, o.id, o.name, p.id,
        m.starts_at, m.ends_at,
        p.starts_at, p.ends_at, replaced.person
    from access.post p
    join access.party o on o.id = p.organisation
    join access.post replaced on replaced.id = p.replaces
    join access.membership m on m.party = replaced.person and m.basis = 'care_team'
        and m.patient_id = any (access.record_of(p_patient))
    where p.person = p_person;
end;

create function access.ties_seen(p_patient uuid, p_person uuid)
returns table (
    membership_id uuid, role text, basis text, agreed text[], mission text, organisation uuid,
    organisation_name text, post uuid, starts_at timestamptz, ends_at timestamptz,
    post_starts_at timestamptz, post_ends_at timestamptz, stands_for uuid
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select t.membership_id, t.role, t.basis, t.agreed, t.mission, t.organisation,
        t.organisation_name, t.post, t.starts_at, t.ends_at, t.post_starts_at, t.post_ends_at,
        t.stands_for
    from access.ties_of(p_patient, p_person) t
    where p_patient in (select access.visible_patients('audit:read'));
end;

-- Whom one may ask about: whoever was ever tied to the patient, through a post too.
create or replace function access.tied_people(p_patient uuid)
returns table (person uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    where y.kind = 'person' and p_patient in (select access.visible_patients('audit:read'))
        and y.id in (
            select m.party from access.membership m
            where m.patient_id = any (access.record_of(p_patient))
            union all
            select p.person from access.membership m
            join access.post p on p.organisation = m.party
            where m.patient_id = any (access.record_of(p_patient))
            union all
            select p.person from access.membership m
            join access.post replaced on replaced.person = m.party
            join access.post p on p.replaces = replaced.id
            where m.patient_id = any (access.record_of(p_patient)) and m.basis = 'care_team'
        )
    order by y.name, y.id;
end;

-- What a person signed himself, whether he is still in the circle or not, with the traits of that
-- day and nothing of today.
create or replace view doorway.contribution with (security_barrier) as
select i.item_id, i.patient_id, i.kind, i.author, i.author_name, i.author_role,
    i.author_organisation, i.patient_name, i.patient_born, i.signed_at, n.category, n.text,
    access.in_circle(i.patient_id) as still_in, i.sensitivity, i.within,
    access.is_withheld(i.item_id) as withheld, exists (
        select from access.item_withheld w
        where w.item_id = i.item_id and w.by = i.author and w.at = i.signed_at
    ) as signed_withheld
from access.item i
join coordination.note n on n.item_id = i.item_id
where i.author = access.current_person();
comment on view doorway.contribution is 'What the actor signed himself, in any circle, ever.';

revoke execute on function access.was_family, access.knows_withheld, access.doctors_of from public;
grant execute on function access.was_family, access.knows_withheld, access.doctors_of to chevet_app;
revoke execute on function access.is_withheld, access.reads_withheld, access.may_belong,
    access.betrays, access.withhold, access.may_review_withheld, access.review_withheld from public;
grant execute on function access.is_withheld, access.reads_withheld, access.may_belong,
    access.betrays, access.withhold, access.may_review_withheld, access.review_withheld
    to chevet_app;
grant execute on function access.is_withheld to chevet_worker;
revoke execute on function access.item_permission, access.hidden_from_me, access.reads_item,
    access.may_hide, access.may_hide_from, access.may_lift, access.sign_item, access.keep_signed,
    access.in_circle, access.current_organisation, access.stands_for, access.hidings_to_judge,
    access.ties_of, access.ties_seen, access.tied_people from public;
grant execute on function access.hidden_from_me, access.reads_item, access.may_hide,
    access.may_hide_from, access.may_lift, access.in_circle, access.current_organisation,
    access.stands_for, access.hidings_to_judge, access.ties_seen, access.tied_people to chevet_app;
grant execute on function access.ties_of to chevet_worker;
grant usage on schema coordination to chevet_app;
grant select on access.item, access.item_hidden, coordination.note, doorway.contribution,
    doorway.item_hiding to chevet_app;
grant select on access.item_withheld to chevet_app;
grant insert (item_id, patient_id, kind, sensitivity, within) on access.item to chevet_app;
grant update (sensitivity, sensitivity_by, sensitivity_at) on access.item to chevet_app;
grant insert (id, item_id, party, role, by, at, reason) on access.item_hidden to chevet_app;
grant update (ended_by, ended_at) on access.item_hidden to chevet_app;
grant insert (item_id, patient_id, author, category, sent, text, tags, corrects)
    on coordination.note to chevet_app;
grant select (item_id, patient_id, kind, sensitivity, sensitivity_by, author, author_name,
    signed_at, within) on access.item to chevet_worker;
grant select on access.item_hidden, access.role_permission to chevet_worker;
