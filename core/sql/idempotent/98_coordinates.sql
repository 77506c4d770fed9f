-- How the members of a circle are reached: by what each says of himself, and by what was written there.

-- Whether the actor reads a circle as a professional: numbers that are not for everybody are shown then.
create or replace function access.reads_as_professional(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.held_for(p_patient) held
        where held.role <> 'patient' and not access.is_family_role(held.role)
            and held.role not in ('legal_representative', 'property_representative')
    ) and not access.was_family(p_patient);
end;

create or replace view doorway.coordinates with (security_barrier) as
select m.id as membership_id, m.patient_id, m.party, y.kind, y.name, m.role, m.starts_at, m.ends_at,
    c.place, coalesce(nullif(c.channel, ''), o.channel, '') as channel,
    coalesce(c.channel, '') as channel_here, coalesce(c.note, '') as note,
    case when reader.pro or m.party = access.current_person() then coalesce(c.phone, '') else ''
        end as noted_phone,
    case when m.party = access.current_person() or o.phone_to = 'circle'
        or (o.phone_to = 'professionals' and reader.pro) then coalesce(o.phone, '') else ''
        end as own_phone,
    case when m.party = access.current_person() or o.mail_to = 'circle'
        or (o.mail_to = 'professionals' and reader.pro) then coalesce(o.mail, '') else ''
        end as own_mail,
    case when reader.pro then coalesce(q.mssante, g.mssante, '') else '' end as mssante,
    coalesce(c.version, 0) as version, coalesce(by_whom.name, '') as changed_by_name, c.changed_at,
    replaced.name as replaces_name
from access.membership m
join access.party y on y.id = m.party
left join coordination.member_contact c on c.membership_id = m.id
left join coordination.own_coordinates o on o.party = m.party
left join identity.professional q on q.person = m.party and q.active
left join identity.organisation g on g.organisation = m.party and g.active
left join access.party by_whom on by_whom.id = c.changed_by
left join access.membership r on r.id = m.replaces
left join access.party replaced on replaced.id = r.party
cross join lateral (select access.reads_as_professional(m.patient_id) as pro) reader
where m.patient_id = any (array(select access.visible_patients('circle:read')))
    and m.role <> 'patient' and m.basis <> 'break_glass'
    and m.starts_at <= access.current_instant()
    and (m.ends_at is null or m.ends_at > access.current_instant());
comment on view doorway.coordinates is
    'The members of now with the ways to reach them that the actor is to be shown.';

alter table coordination.own_coordinates enable row level security;
alter table coordination.member_contact enable row level security;
drop policy if exists person_has on coordination.own_coordinates;
create policy person_has on coordination.own_coordinates to chevet_app
    using (party = access.current_person()) with check (party = access.current_person());
drop policy if exists person_reads on coordination.member_contact;
create policy person_reads on coordination.member_contact for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('circle:manage'))));
drop policy if exists person_writes on coordination.member_contact;
create policy person_writes on coordination.member_contact for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('circle:manage')))
        and changed_by = access.current_person());
drop policy if exists person_changes on coordination.member_contact;
create policy person_changes on coordination.member_contact for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('circle:manage'))))
    with check (changed_by = access.current_person());

revoke execute on function access.reads_as_professional from public;
grant execute on function access.reads_as_professional to chevet_app;
grant select on doorway.coordinates to chevet_app;
grant select, insert, update on coordination.own_coordinates to chevet_app;
grant select, insert on coordination.member_contact to chevet_app;
grant update (place, channel, phone, note, version, changed_at, changed_by)
    on coordination.member_contact to chevet_app;
