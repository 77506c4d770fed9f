-- A page of the patients in whose circle the actor is, by family name, and how many there are.
-- Few are joined and sorted; many are met soon by walking the index of names, whoever they are.
-- A part of a name narrows the page, for those whose identity the actor may read. Of each it says
-- whether his record serves exercises alone. An archived record is found by the search alone.
drop function if exists access.followed_patients;
create function access.followed_patients(p_name text, p_after uuid, p_most integer)
returns table (patient_id uuid, name text, total integer, of_drill boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
    -- The arrays are known when the statement is planned: they become hash tables.
    set plan_cache_mode = force_custom_plan
    -- Records in use are in memory: stepping to 2,000 of them costs less than reading 100,000.
    set random_page_cost = 1.1
as $$
declare
    v_person constant uuid := access.current_person();
    v_like constant text := '%=' || identity.fold(p_name) || '%';
    v_right constant text := case when p_name = '' then 'circle:read' else 'identity:read' end;
    v_ids constant uuid[] := array(
        select v.id from access.visible_patients(v_right) as v (id)
        where v.id <> v_person and not exists (
            select from access.patient_link l where l.patient_id = v.id and l.unlinked_at is null)
            and v.id not in (
                select r.patient_id from access.record r where r.archived_at is not null)
    );
    v_after constant text := coalesce(
        (select i.search_names from identity.patient i
        where i.patient_id = p_after and p_after = any (v_ids)), '');
begin
    if cardinality(v_ids) <= 4000 then
        return query
            select k.patient_id, y.name, cardinality(v_ids), alerts.is_drill_record(k.patient_id)
            from (
                select i.patient_id, i.search_names
                from unnest(v_ids) as v (id)
                join identity.patient i on i.patient_id = v.id
                where i.search_names like v_like
                    and (p_after is null or (i.search_names, i.patient_id) > (v_after, p_after))
                order by i.search_names, i.patient_id
                limit p_most
            ) k
            join access.party y on y.id = k.patient_id
            order by k.search_names, k.patient_id;
        return;
    end if;
    return query
        select k.patient_id, y.name, cardinality(v_ids), alerts.is_drill_record(k.patient_id)
        from (
            select i.patient_id, i.search_names
            from identity.patient i
            where i.search_names >= v_after
            order by i.search_names, i.patient_id
            offset 0
        ) k
        join access.party y on y.id = k.patient_id
        where k.patient_id = any (v_ids) and k.search_names like v_like
            and (p_after is null or (k.search_names, k.patient_id) > (v_after, p_after))
        order by k.search_names, k.patient_id
        limit p_most;
end;
$$;
revoke execute on function access.followed_patients from public;
grant execute on function access.followed_patients to chevet_app;
