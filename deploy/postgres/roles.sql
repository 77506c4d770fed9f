-- The login roles of the product, with no right but to connect: migrations grant the rest.
-- Run once by the superuser, with the passwords in the environment.
\set ON_ERROR_STOP on
\getenv owner_password CHEVET_OWNER_PASSWORD
\getenv app_password CHEVET_APP_PASSWORD
\getenv worker_password CHEVET_WORKER_PASSWORD
\getenv ingest_password CHEVET_INGEST_PASSWORD
\getenv gate_password CHEVET_GATE_PASSWORD
create role chevet_owner login createdb password :'owner_password';
create role chevet_app login password :'app_password';
create role chevet_worker login password :'worker_password';
create role chevet_ingest login password :'ingest_password';
create role chevet_gate login password :'gate_password';

-- The extension stands in template1 too, because creating it needs the superuser and the
-- owner creates databases (a test suite clones its own).
\connect template1
create extension if not exists timescaledb;
select 'create database chevet'
 where not exists (select from pg_database where datname = 'chevet') \gexec
alter database chevet owner to chevet_owner;
\connect chevet
create extension if not exists timescaledb;
