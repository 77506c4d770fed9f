-- Who is behind a sign-in name, for somebody who manages this circle: to add him to it.
create or replace function access.person_of_login(p_patient uuid, p_login text)
returns table (party uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from identity.account a
    join access.party y on y.id = a.person
    where (a.login = lower(p_login) or a.person = case
            when p_login ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_login::uuid end)
        and identity.is_live(a.disabled_at, a.expires_at)
        and p_patient = any (array(select access.visible_patients('circle:manage')));
end;
revoke execute on function access.person_of_login from public;
grant execute on function access.person_of_login to chevet_app;
