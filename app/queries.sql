-- name: snapshot_columns
-- Every column of every table and view.
select n.nspname || '.' || c.relname as relation, c.relkind::text, a.attname,
    format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' else '' end,
    coalesce(pg_get_expr(d.adbin, d.adrelid), '')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where n.nspname in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'doorway', 'identity',
    'ingest', 'messages', 'questionnaires', 'vitals') and c.relkind in ('r', 'v', 'p')
order by 1, a.attnum;

-- name: snapshot_constraints
-- Every constraint.
select conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)
from pg_constraint c
join pg_namespace n on n.oid = c.connamespace
where n.nspname in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest',
    'messages', 'questionnaires', 'vitals') and contype <> 'n'
order by 1, 2;

-- name: snapshot_indexes
-- Every index.
select indexdef
from pg_indexes
where schemaname in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest',
    'messages', 'questionnaires', 'vitals')
order by schemaname, tablename, indexname;

-- name: snapshot_functions
-- Every function, with what makes it safe or not.
select p.oid::regprocedure::text, pg_get_function_result(p.oid),
    case when p.prosecdef then 'definer' else 'invoker' end, p.provolatile::text,
    coalesce(array_to_string(p.proconfig, ', '), ''), md5(pg_get_functiondef(p.oid))
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest',
    'messages', 'questionnaires', 'vitals')
order by 1;

-- name: snapshot_policies
-- Every row security policy.
select schemaname || '.' || tablename, policyname, roles::text, cmd, coalesce(qual, ''),
    coalesce(with_check, '')
from pg_policies
where schemaname in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest',
    'messages', 'questionnaires', 'vitals')
order by 1, 2;

-- name: snapshot_grants
-- What each login role may do to each relation.
select g.grantee, g.table_schema || '.' || g.table_name, g.privilege_type,
    string_agg(g.column_name, ', ' order by g.column_name)
from information_schema.column_privileges g
where g.grantee like 'chevet\_%' and g.grantee <> 'chevet_owner'
    and g.table_schema in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'doorway', 'identity',
    'ingest', 'messages', 'questionnaires', 'vitals')
group by 1, 2, 3
order by 1, 2, 3;

-- name: snapshot_table_grants
-- What each login role may do to each whole relation.
select g.grantee, g.table_schema || '.' || g.table_name, string_agg(g.privilege_type, ', '
    order by g.privilege_type)
from information_schema.table_privileges g
where g.grantee like 'chevet\_%' and g.grantee <> 'chevet_owner'
    and g.table_schema in ('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'doorway', 'identity',
    'ingest', 'messages', 'questionnaires', 'vitals')
group by 1, 2
order by 1, 2;

-- name: doctor_postgresql
-- Version of the server.
select current_setting('server_version') as found;

-- name: doctor_timescaledb
-- Version and edition of TimescaleDB.
select extversion as version, current_setting('timescaledb.license') as licence
from pg_extension
where extname = 'timescaledb';

-- name: doctor_durability
-- Settings without which a confirmed reading may be lost.
select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit;

-- name: model_watched
-- Since when which model is in use, and its newest look; never any row but one.
select t.version, t.at as since, l.at as looked_at, l.version as looked_version, l.verdict,
    l.findings
from (select 1) one
left join lateral (
    select version, at from alerts.model_turn order by at desc, id desc limit 1
) t on true
left join lateral (
    select at, version, verdict, findings from alerts.model_look order by at desc, id desc limit 1
) l on true;

-- name: auditor_findings
-- What is amiss now, by kind.
select kind, count, since from core.auditor_findings(%(now)s);
