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
    if array[old.state, new.state] <> all (array[
            array['draft', 'active'], array['draft', 'retired'], array['active', 'retired'],
            array['draft', 'draft'], array['active', 'active'], array['retired', 'retired']])
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

alter table questionnaires.edition enable row level security;
drop policy if exists person_reads on questionnaires.edition;
create policy person_reads on questionnaires.edition for select to chevet_app
    using (access.current_person() is not null
        and (state <> 'draft'
            or organisation = (select access.acting_organisation('instruments:manage'))));
drop policy if exists staff_imports on questionnaires.edition;
create policy staff_imports on questionnaires.edition for insert to chevet_app
    with check (origin = 'imported' and state = 'draft'
        and organisation = (select access.acting_organisation('instruments:manage'))
        and created_by = access.current_person());
drop policy if exists staff_publishes on questionnaires.edition;
create policy staff_publishes on questionnaires.edition for update to chevet_app
    using (origin = 'imported'
        and organisation = (select access.acting_organisation('instruments:manage')))
    with check (origin = 'imported'
        and organisation = (select access.acting_organisation('instruments:manage')));

revoke execute on function questionnaires.edition_resource, questionnaires.active_digest,
    questionnaires.digest_of_version, questionnaires.keep_edition from public;
grant usage on schema questionnaires to chevet_gate;
grant execute on function questionnaires.edition_resource, questionnaires.active_digest,
    questionnaires.digest_of_version to chevet_gate, chevet_worker;
grant select on questionnaires.edition to chevet_app;
grant insert (digest, name, version, url, resource, origin, organisation, state, created_at,
    created_by) on questionnaires.edition to chevet_app;
grant update (state, published_at, published_by, retired_at, retired_by)
    on questionnaires.edition to chevet_app;
