-- How a record stands, for both locks: an archived record is read and not written.

-- What archiving closes. The circle is still managed, which is how a record is reopened, and an item
-- is still hidden from somebody. An alert that exists is answered, wherever it stands.
create or replace function access.closed_by_archive(p_permission text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
return p_permission in ('identity:write', 'vitals:write', 'answers:write', 'notes:write',
    'documents:write', 'plan:write', 'plan:comment', 'monitoring:write', 'stays:write',
    'actions:write', 'visits:report', 'social:write', 'legal:write', 'chat:write',
    'support:request');

-- A record merged into another is read with it and follows it.
create or replace function access.is_archived(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.record r
        where r.patient_id = access.kept_patient(p_patient) and r.archived_at is not null
    );
end;

-- Where records are read as one, the strictest holds.
create or replace function access.is_shared(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select not exists (
        select from access.record r
        where r.patient_id = any (access.record_of(p_patient)) and not r.shared
    );
end;
revoke execute on function access.closed_by_archive, access.is_archived, access.is_shared
    from public;
