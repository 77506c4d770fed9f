-- The talk around an alert: what professionals ask and reply, and who was told of it.
drop policy if exists person_reads on alerts.said;
create policy person_reads on alerts.said for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('alerts:read'))));
drop policy if exists person_says on alerts.said;
create policy person_says on alerts.said for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('alerts:acknowledge')))
        and by_person = access.current_person());
grant select on alerts.said to chevet_app;
grant insert (id, alert_id, patient_id, kind, words, by_person, at, client_key) on alerts.said
    to chevet_app;

-- What became of the messages by which an alert called people, for those who may read the alert:
-- no address, no text. One that is told in a summary with others fares as the summary does, which
-- waits until `due_at`. The keys are those of `alerts.ladder.Notice`.
create or replace function alerts.told(p_patient uuid, p_alert uuid)
returns table (round integer, rung integer, person uuid, channel text, state text,
    sent_at timestamptz, received_at timestamptz, due_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select (e.detail ->> 'round')::integer, (e.detail ->> 'rung')::integer, c.person::uuid,
        o.channel,
        case when o.state <> 'gathered' then o.state
            when s.state in ('waiting', 'sending') then 'gathered' else s.state end,
        coalesce(o.first_sent_at, s.first_sent_at), coalesce(o.received_at, s.received_at),
        s.next_attempt_at
    from alerts.alert_event e
    cross join jsonb_array_elements_text(e.detail -> 'people') c(person)
    cross join unnest(array['email', 'sms', 'push']) w(channel)
    cross join unnest(array['', '.2', '.3', '.4', '.5', '.6', '.7', '.8']) n(nth)
    join messages.outbox o on o.key = concat_ws(':', e.alert_id, e.detail ->> 'round',
        e.detail ->> 'rung', c.person || n.nth, w.channel)
    left join messages.outbox s on s.id = o.gathered_in and o.state = 'gathered'
    where e.alert_id = p_alert and e.what = 'called'
        and e.patient_id = any (access.record_of(p_patient))
        and p_patient = any (array(select access.visible_patients('alerts:read')))
    order by o.created_at, o.key;
end;
revoke execute on function alerts.told from public;
grant execute on function alerts.told to chevet_app;
