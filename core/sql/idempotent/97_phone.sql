-- The phone: whether somebody called for help, and who asked to be called back.
alter table questionnaires.called enable row level security;
drop policy if exists person_reads on questionnaires.called;
create policy person_reads on questionnaires.called for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read')))
        -- Who may only answer has to see what he says himself, or his word could not be stored.
        or (said_by = access.current_person()
            and patient_id = any (array(select access.visible_patients('answers:write')))));
drop policy if exists person_adds on questionnaires.called;
create policy person_adds on questionnaires.called for insert to chevet_app
    with check (said_by = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
grant select on questionnaires.called to chevet_app;
grant insert (answer_id, patient_id, called, said_at, said_by) on questionnaires.called
    to chevet_app;

alter table alerts.call_back enable row level security;
drop policy if exists person_reads on alerts.call_back;
create policy person_reads on alerts.call_back for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read')))
        or (asked_by = access.current_person()
            and patient_id = any (array(select access.visible_patients('answers:write')))));
drop policy if exists person_asks on alerts.call_back;
create policy person_asks on alerts.call_back for insert to chevet_app
    with check (asked_by = access.current_person()
        and patient_id = any (array(select access.visible_patients('answers:write'))));
drop policy if exists worker_raises on alerts.call_back;
create policy worker_raises on alerts.call_back to chevet_worker using (true);
grant select on alerts.call_back to chevet_app, chevet_worker;
grant insert (id, patient_id, asked_at, asked_by, client_key) on alerts.call_back to chevet_app;
grant update (alert_id) on alerts.call_back to chevet_worker;

-- What became of the requests of the patient in hand: who took one, and when it was over. Whoever
-- may answer for him is told; what the team wrote of it stays with the team.
create or replace function alerts.my_call_backs(p_patient uuid) returns table (
    id uuid, asked_at timestamptz, state text, taken_at timestamptz, by_name text, by_role text,
    closed_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.id, c.asked_at, coalesce(nullif(a.state, 'asleep'), 'raised'), a.owned_at, y.name, s.role, a.closed_at
    from alerts.call_back c
    left join alerts.alert a on a.id = c.alert_id
    left join access.party y on y.id = coalesce(a.owner, a.closed_by)
    left join lateral (select o.role from access.post o
        where o.person = coalesce(a.owner, a.closed_by) and o.ends_at is null
        order by o.starts_at limit 1) s on true
    where c.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('answers:write')))
    order by c.asked_at desc
    limit 20;
end;
revoke execute on function alerts.my_call_backs from public;
grant execute on function alerts.my_call_backs to chevet_app;
