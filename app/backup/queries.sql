-- name: begin_snapshot
-- One view of the whole database, for us and for pg_dump; held however long the dump takes.
select pg_export_snapshot() as snapshot, now() as at, current_setting('server_version') as server,
    current_setting('server_version_num')::integer / 10000 as major,
    (select extversion from pg_extension where extname = 'timescaledb') as timescaledb,
    (select max(version_num) from public.schema_version) as migration;

-- name: tables
-- Every table of ours: no chunk, nothing of the server's or of an extension.
select n.nspname as schema, c.relname as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|_timescaledb_|timescaledb_|information_schema$)'
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by 1, 2;

-- name: chain_head
-- Where the chain of the audit trail stands.
select s.chain, s.before_xid::text, encode(s.digest, 'hex') as digest
from audit.seal s
order by s.id desc
limit 1;

-- name: roles_missing
-- Login roles the grants of a backup name and this server does not have.
select wanted.name
from unnest(array['chevet_owner', 'chevet_app', 'chevet_worker', 'chevet_ingest', 'chevet_gate'])
    as wanted(name)
where not exists (select from pg_roles r where r.rolname = wanted.name)
order by 1;

-- name: target
-- What a database to restore into is.
select current_database() as name, current_setting('server_version_num')::integer / 10000 as major,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    (select default_version from pg_available_extensions where name = 'timescaledb')
        as timescaledb;

-- name: count_rows
-- How many rows one table has; {table} is put in as an identifier.
select count(*) from {table};
