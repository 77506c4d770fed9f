-- The keys of other systems: made and ended by the operator, recognised before anybody is known. No
-- person's login has a right on them.
drop policy if exists worker_all on identity.api_key;
create policy worker_all on identity.api_key to chevet_worker using (true) with check (true);
grant select, insert, update (ended_at) on identity.api_key to chevet_worker;

create or replace function identity.gate_api_key(p_token_hash bytea)
returns table (key uuid, organisation uuid, scopes text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select k.id, k.organisation, k.scopes
    from identity.api_key k
    where k.token_hash = p_token_hash and k.ended_at is null
        and k.expires_at > access.current_instant();
end;
revoke execute on function identity.gate_api_key from public;
grant execute on function identity.gate_api_key to chevet_gate;
