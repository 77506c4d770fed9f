-- What a person has put aside in his own queue: his own rows, of patients whose alerts he answers.
drop policy if exists own_rows on alerts.aside;
create policy own_rows on alerts.aside to chevet_app
    using (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('alerts:read'))))
    with check (person = access.current_person()
        and patient_id = any (array(select access.visible_patients('alerts:acknowledge'))));
grant select, insert, delete on alerts.aside to chevet_app;
grant update (at, until, level, round, held, reason, note) on alerts.aside to chevet_app;

-- What the actor has put aside and still could be, with how each alert stands now. A few rows, each
-- asked for by itself: the whole organisation's patients are never gathered for it.
create or replace function alerts.my_asides(p_now timestamptz)
returns table (alert_id uuid, patient_id uuid, person uuid, at timestamptz, until timestamptz,
    level text, round integer, held boolean, reason text, note text, level_now text,
    round_now integer, state text, owner uuid, assigned_to uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select s.alert_id, s.patient_id, s.person, s.at, s.until, s.level, s.round, s.held, s.reason,
        s.note, t.level, t.round, t.state, t.owner, (t.assignment ->> 'to')::uuid
    from alerts.aside s
    join alerts.alert t on t.id = s.alert_id and t.state <> 'closed'
    where s.person = access.current_person() and s.until > p_now
        and access.may_open(s.patient_id, 'alerts:read')
    order by s.alert_id;
end;
revoke execute on function alerts.my_asides from public;
grant execute on function alerts.my_asides to chevet_app;
