-- Editions of questionnaires. They hold no word of any patient: every process that shows or judges
-- answers reads them through one function, whoever asks. Staff import and publish under row security.

-- An edition as it was published, whatever became of it since.
create or replace function questionnaires.edition_resource(p_digest text) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.resource from questionnaires.edition e where e.digest = p_digest;
end;

-- The edition of a name that may be planned now.
create or replace function questionnaires.active_digest(p_name text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.digest from questionnaires.edition e where e.name = p_name and e.state = 'active';
end;

-- The edition of a name and version: answers of before editions were pinned name it so.
create or replace function questionnaires.digest_of_version(p_name text, p_version text)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select e.digest from questionnaires.edition e
    where e.name = p_name and e.version = p_version;
end;

-- What was published never changes, whoever tries: only its state goes on, and never back.
create or replace function questionnaires.keep_edition() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' and access.is_training(old.organisation) then
        return old;
    end if;
    if tg_op = 'DELETE' then
        raise check_violation using
            message = 'an edition is never deleted: answers given to it are read with it',
            constraint = 'edition_is_kept';
    end if;
    if row(new.digest, new.name, new.version, new.url, new.resource, new.origin, new.organisation,
            new.created_at, new.created_by)
        is distinct from row(old.digest, old.name, old.version, old.url, old.resource, old.origin,
            old.organisation, old.created_at, old.created_by)
    then
        raise check_violation using
            message = 'the content of an edition never changes: import another version',
            constraint = 'edition_is_kept';
    end if;
    if (old.state <> new.state and (old.state, new.state) not in
            (('draft', 'active'), ('draft', 'retired'), ('active', 'retired')))
        or (old.published_at is not null
            and row(old.published_at, old.published_by)
                is distinct from row(new.published_at, new.published_by))
        or (old.retired_at is not null
            and row(old.retired_at, old.retired_by)
                is distinct from row(new.retired_at, new.retired_by))
    then
        raise check_violation using
            message = 'an edition goes from draft to active to retired, and never back',
            constraint = 'edition_goes_on';
    end if;
    return new;
end;
$$;
drop trigger if exists edition_is_kept on questionnaires.edition;
create trigger edition_is_kept before update or delete on questionnaires.edition
    for each row execute function questionnaires.keep_edition();

-- Whether a name is free or the acting organisation's own: it never means two questionnaires.
create or replace function questionnaires.name_is_ours(p_name text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select access.acting_organisation('instruments:manage') is not null
        and not exists (
            select from questionnaires.edition e
            where e.name = p_name
                and e.organisation is distinct from
                    access.acting_organisation('instruments:manage'));
end;

create or replace view doorway.edition with (security_barrier) as
select e.digest, e.name, e.version, e.state, o.name as organisation_name, e.created_at,
    c.name as created_by, e.published_at, p.name as published_by, e.retired_at,
    r.name as retired_by,
    e.organisation is not null and e.organisation = m.organisation as ours
from (select access.acting_organisation('instruments:manage') as organisation) m
join access.party y on y.id = m.organisation
join questionnaires.edition e on true
left join access.party o on o.id = e.organisation
left join access.party c on c.id = e.created_by
left join access.party p on p.id = e.published_by
left join access.party r on r.id = e.retired_by
where o.id is null or o.id = y.id or (e.state <> 'draft' and o.training = y.training);
comment on view doorway.edition is
    'Editions that whoever may import sees: shipped ones, those of his organisation, those others use.';

alter table questionnaires.edition enable row level security;
drop policy if exists person_reads on questionnaires.edition;
create policy person_reads on questionnaires.edition for select to chevet_app
    using ((select access.current_organisation()) is not null
        and (state <> 'draft'
            or organisation = (select access.acting_organisation('instruments:manage'))));
drop policy if exists staff_imports on questionnaires.edition;
create policy staff_imports on questionnaires.edition for insert to chevet_app
    with check (origin = 'imported' and state = 'draft'
        and organisation = (select access.acting_organisation('instruments:manage'))
        and questionnaires.name_is_ours(name)
        and created_by = access.current_person());
drop policy if exists staff_publishes on questionnaires.edition;
create policy staff_publishes on questionnaires.edition for update to chevet_app
    using (origin = 'imported'
        and organisation = (select access.acting_organisation('instruments:manage')))
    with check (origin = 'imported'
        and organisation = (select access.acting_organisation('instruments:manage')));

revoke execute on function questionnaires.edition_resource, questionnaires.active_digest,
    questionnaires.digest_of_version, questionnaires.keep_edition, questionnaires.name_is_ours
    from public;
grant usage on schema questionnaires to chevet_gate;
grant execute on function questionnaires.edition_resource, questionnaires.active_digest,
    questionnaires.digest_of_version to chevet_gate, chevet_worker;
grant execute on function questionnaires.name_is_ours to chevet_app;
grant select on doorway.edition, questionnaires.edition to chevet_app;
grant insert (digest, name, version, url, resource, origin, organisation, state, created_at,
    created_by) on questionnaires.edition to chevet_app;
grant update (state, published_at, published_by, retired_at, retired_by)
    on questionnaires.edition to chevet_app;
