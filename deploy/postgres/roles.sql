-- The login roles of the product, with no right but to connect: migrations grant the rest.
-- Run once by the superuser with the passwords as psql variables.
\set ON_ERROR_STOP on
create role chevet_owner login createdb password :'owner_password';
create role chevet_app login password :'app_password';
create role chevet_worker login password :'worker_password';
create role chevet_ingest login password :'ingest_password';
create role chevet_gate login password :'gate_password';

-- The extension stands in template1 too, because creating it needs the superuser and the
-- owner creates databases (a test suite clones its own).
\connect template1
create extension if not exists timescaledb;
select 'create database chevet owner chevet_owner'
 where not exists (select from pg_database where datname = 'chevet') \gexec
alter database chevet owner to chevet_owner;
\connect chevet
create extension if not exists timescaledb;
