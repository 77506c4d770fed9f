-- Documents: kept by who may write them, shown by the rights of their item, read by name.

-- The actor has opened the file of a document: for the first time once, his own never.
create or replace function coordination.read_document(p_item uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into coordination.document_reading
        (item_id, patient_id, person, organisation, role, first_at)
    select d.item_id, d.patient_id, access.current_person(), access.current_organisation(),
        (select min(held.role) from access.held_for(d.patient_id) held
        join access.role_permission g
            on g.role = held.role and g.permission = 'documents:read'
        where not g.needs_agreement or 'documents:read' = any (held.agreed)),
        access.current_instant()
    from coordination.document d
    where d.item_id = p_item and d.author <> access.current_person()
        and access.may_open(d.patient_id, 'documents:read')
        and not access.hidden_from_me(d.item_id)
    on conflict do nothing;
end;

-- Who withdraws a document: its author, or the doctors in charge of the record.
create or replace function coordination.may_withdraw_document(p_item uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from coordination.document d
        where d.item_id = p_item
            and access.may_open(d.patient_id, 'documents:write')
            and (d.author = access.current_person() or exists (
                select from access.held_for(d.patient_id) held
                where held.role in ('gp', 'coordinating_doctor')
            ))
    ) and not access.hidden_from_me(p_item);
end;
$$;

-- How many files the actor has kept since an instant, in whatever record: the bound is a person's.
create or replace function coordination.kept_since(p_since timestamptz) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*)::integer from coordination.document_version v
    where v.by = access.current_person() and v.at > p_since;
end;

-- The number of a document's next version; of one that was entered in error, or that the actor is
-- not shown, none.
create or replace function coordination.next_version(p_item uuid) returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select 1 + coalesce(max(v.number), 0) from coordination.document_version v
    where v.item_id = p_item
    having not exists (
        select from coordination.document_withdrawn w where w.item_id = p_item
    ) and not access.hidden_from_me(p_item);
end;

alter table coordination.document enable row level security;
alter table coordination.document_version enable row level security;
alter table coordination.document_withdrawn enable row level security;
alter table coordination.document_reading enable row level security;

drop policy if exists person_reads on coordination.document;
create policy person_reads on coordination.document for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:read')))
        and not access.hidden_from_me(item_id));
drop policy if exists person_keeps on coordination.document;
create policy person_keeps on coordination.document for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('documents:write')))
        and author = access.current_person());
drop policy if exists person_reads on coordination.document_version;
create policy person_reads on coordination.document_version for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:read')))
        and not access.hidden_from_me(item_id));
drop policy if exists person_keeps on coordination.document_version;
create policy person_keeps on coordination.document_version for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('documents:write')))
        and by = access.current_person() and not access.hidden_from_me(item_id)
        and number = coordination.next_version(item_id)
        and exists (
            select from coordination.document d
            where d.item_id = document_version.item_id
                and d.patient_id = document_version.patient_id
        ));
drop policy if exists person_reads on coordination.document_withdrawn;
create policy person_reads on coordination.document_withdrawn for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:read')))
        and not access.hidden_from_me(item_id));
drop policy if exists person_withdraws on coordination.document_withdrawn;
create policy person_withdraws on coordination.document_withdrawn for insert to chevet_app
    with check (by = access.current_person()
        and patient_id = any (array(select access.visible_patients('documents:write')))
        and coordination.may_withdraw_document(item_id));
drop policy if exists person_reads on coordination.document_reading;
create policy person_reads on coordination.document_reading for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:read')))
        and not access.hidden_from_me(item_id));

create or replace trigger keep_signed before update or delete on coordination.document
    for each row execute function access.keep_signed();
create or replace trigger keep_signed before update or delete on coordination.document_version
    for each row execute function access.keep_signed();
create or replace trigger keep_signed before update or delete on coordination.document_withdrawn
    for each row execute function access.keep_signed();

-- Documents with their latest version, who signed them, and the note they are attached to.
create or replace view doorway.document with (security_barrier) as
select d.item_id, d.patient_id, d.author, i.author_name, i.author_role, i.author_organisation,
    d.kind, d.site, d.kept_at, i.sensitivity, i.sensitivity_by,
    access.is_withheld(d.item_id) as withheld, i.within, r.author as root_author,
    r.sensitivity as root_sensitivity, w.at as withdrawn_at, v.id as version_id, v.number,
    v.title, v.dated_on, v.valid_until, v.media, v.pages, v.size, v.width, v.height
from coordination.document d
join access.item i on i.item_id = d.item_id
left join access.item r on r.item_id = i.within and not access.hidden_from_me(r.item_id)
left join coordination.document_withdrawn w on w.item_id = d.item_id
cross join lateral (
    select one.id, one.number, one.title, one.dated_on, one.valid_until, one.media, one.pages,
        one.size, one.width, one.height
    from coordination.document_version one
    where one.item_id = d.item_id
    order by one.number desc
    limit 1
) v
where d.patient_id = any (array(select access.visible_patients('documents:read')))
    and not access.hidden_from_me(d.item_id);
comment on view doorway.document is 'Documents that the actor reads, each with its latest version.';

create or replace view doorway.document_version with (security_barrier) as
select v.id, v.item_id, v.patient_id, v.number, v.by, y.name as by_name, v.at, v.title, v.dated_on,
    v.valid_until, v.media, v.size, v.digest
from coordination.document_version v
join access.party y on y.id = v.by
where v.patient_id = any (array(select access.visible_patients('documents:read')))
    and not access.hidden_from_me(v.item_id);
comment on view doorway.document_version is 'Every version of the documents that the actor reads.';

create or replace view doorway.document_reader with (security_barrier) as
select r.item_id, r.patient_id, r.person, y.name, r.role, o.name as organisation_name, r.first_at
from coordination.document_reading r
join access.party y on y.id = r.person
left join access.party o on o.id = r.organisation
where r.patient_id = any (array(select access.visible_patients('documents:read')))
    and not access.hidden_from_me(r.item_id);
comment on view doorway.document_reader is
    'Who opened the file of the documents that the actor reads, and when first.';

revoke execute on function coordination.read_document, coordination.may_withdraw_document,
    coordination.kept_since, coordination.next_version from public;
grant execute on function coordination.read_document, coordination.may_withdraw_document,
    coordination.kept_since, coordination.next_version to chevet_app;
grant select on doorway.document, doorway.document_version, doorway.document_reader to chevet_app;
grant select on coordination.document, coordination.document_version,
    coordination.document_withdrawn, coordination.document_reading to chevet_app;
grant insert (item_id, patient_id, author, kind, site, kept_at) on coordination.document
    to chevet_app;
grant insert (id, item_id, patient_id, number, by, at, title, dated_on, valid_until, media, size,
    digest, pages, width, height) on coordination.document_version to chevet_app;
grant insert (item_id, patient_id, by, at, reason) on coordination.document_withdrawn
    to chevet_app;
