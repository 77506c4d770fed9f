-- Every right a login role has, in one place. Nobody has BYPASSRLS; nobody but the owner owns.
revoke all on schema public from public;
grant usage on schema public to chevet_app, chevet_worker, chevet_ingest, chevet_gate;
revoke execute on all functions in schema access, core, identity, devices from public;
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to chevet_app, chevet_worker, chevet_ingest, '
        'chevet_gate', current_database());
end;
$$;

-- People.
grant usage on schema access, core, doorway, identity, questionnaires, audit, ingest, devices
    to chevet_app;
grant execute on function access.current_person, access.current_post, access.patient_in_hand,
    access.current_instant, access.held_for, access.visible_patients, access.acting_organisation,
    core.ask_review to chevet_app;
grant select on all tables in schema doorway to chevet_app;
revoke select on doorway.review_reading, doorway.review_replaced, doorway.review_sampled
    from chevet_app;
grant select on identity.patient to chevet_app;
grant select on questionnaires.answer to chevet_app;
grant insert (id, patient_id, instrument, version, answers, answered_at, received_at, entered_by,
    client_key) on questionnaires.answer to chevet_app;
grant select on access.membership to chevet_app;
grant insert (id, patient_id, party, role, basis, agreed, starts_at, ends_at, granted_by, reason)
    on access.membership to chevet_app;
grant update (ends_at, reason) on access.membership to chevet_app;
grant select (id, organisation) on devices.gateway to chevet_app;
grant select (id, received_at, source, reason, detail, device, measured_at, resolved_at,
    resolved_by)
    on ingest.quarantine to chevet_app;
grant update (resolved_at, resolved_by) on ingest.quarantine to chevet_app;
grant select on core.heartbeat to chevet_app;

-- Machines that review, send, seal and administer.
grant usage on schema access, core, doorway, identity, questionnaires, audit, messages, devices,
    ingest to chevet_worker;
grant execute on function access.current_person, access.current_post, access.patient_in_hand,
    access.current_instant to chevet_worker;
grant select on doorway.review_reading, doorway.review_replaced, doorway.review_sampled
    to chevet_worker;
grant select, delete on core.due to chevet_worker;
grant insert (kind, patient_key, from_time, until_time, received_at) on core.due to chevet_worker;
grant select, insert, update on core.heartbeat to chevet_worker;
grant select, insert on access.party, access.patient to chevet_worker;
grant select, insert, update (ends_at) on access.post to chevet_worker;
grant select, insert, update (ends_at, reason) on access.membership to chevet_worker;
grant select, insert, update on identity.patient, identity.account to chevet_worker;
grant select on questionnaires.answer to chevet_worker;
grant select, insert, update (ended_at) on messages.contact_point to chevet_worker;
grant select, insert, update (state, next_attempt_at, attempts, lease_until, first_sent_at,
    last_error) on messages.outbox to chevet_worker;
grant select, insert, update on devices.gateway, devices.device, devices.assignment
    to chevet_worker;
grant select on ingest.gateway_seen, ingest.device_event to chevet_worker;
grant select (id, received_at, source, reason, detail, device, measured_at, resolved_at)
    on ingest.quarantine to chevet_worker;

-- Readings in, nothing out.
grant usage on schema vitals, ingest, devices, core to chevet_ingest;
grant insert on vitals.reading, vitals.sampled, vitals.minute to chevet_ingest;
grant usage on sequence vitals.reading_id to chevet_ingest;
grant select, insert, update on ingest.stream, ingest.gateway_seen to chevet_ingest;
grant insert on ingest.quarantine, ingest.device_event to chevet_ingest;
grant execute on function devices.assignments_between, devices.gateways_in_service
    to chevet_ingest;
grant insert (kind, patient_key, from_time, until_time, received_at) on core.due to chevet_ingest;
grant insert, update, select on core.heartbeat to chevet_ingest;

-- Before sign-in.
grant usage on schema identity to chevet_gate;
grant execute on function identity.gate_account, identity.gate_posts,
    identity.gate_end_session, identity.gate_choose_language to chevet_gate;
