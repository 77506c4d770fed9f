-- Row security of ordinary tables. Hypertables have none: nobody but ingest has a right on them.
alter table identity.patient enable row level security;
alter table questionnaires.answer enable row level security;
alter table access.membership enable row level security;
alter table audit.event enable row level security;
alter table ingest.quarantine enable row level security;

drop policy if exists person_reads on identity.patient;
create policy person_reads on identity.patient for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('identity:read'))));
drop policy if exists worker_reads on identity.patient;
create policy worker_reads on identity.patient to chevet_worker using (true) with check (true);

drop policy if exists person_reads on questionnaires.answer;
create policy person_reads on questionnaires.answer for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('answers:read'))));
drop policy if exists person_adds on questionnaires.answer;
create policy person_adds on questionnaires.answer for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('answers:write')))
        and entered_by = access.current_person());
drop policy if exists worker_reads on questionnaires.answer;
create policy worker_reads on questionnaires.answer for select to chevet_worker using (true);

-- A membership that a person writes is one of the care team, of a consent or of a measure: only
-- `open_in_emergency` breaks the glass, and nobody makes himself the patient.
drop policy if exists person_adds on access.membership;
create policy person_adds on access.membership for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('circle:manage')))
        and granted_by = access.current_person()
        and basis in ('care_team', 'consent', 'legal_representative'));
drop policy if exists person_ends on access.membership;
create policy person_ends on access.membership for update to chevet_app
    using (patient_id = any (array(select access.visible_patients('circle:manage'))));
drop policy if exists person_reads on access.membership;
create policy person_reads on access.membership for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('circle:read'))));
drop policy if exists worker_all on access.membership;
create policy worker_all on access.membership to chevet_worker using (true) with check (true);

-- A quarantined item is visible to the organisation that runs the gateway it came by.
drop policy if exists organisation_reads on ingest.quarantine;
create policy organisation_reads on ingest.quarantine for select to chevet_app
    using (source in (
        select g.id from devices.gateway g
        where g.organisation = (select access.acting_organisation('quarantine:read'))
    ));
drop policy if exists organisation_resolves on ingest.quarantine;
create policy organisation_resolves on ingest.quarantine for update to chevet_app
    using (source in (
        select g.id from devices.gateway g
        where g.organisation = (select access.acting_organisation('quarantine:resolve'))
    ));
drop policy if exists ingest_adds on ingest.quarantine;
create policy ingest_adds on ingest.quarantine for insert to chevet_ingest with check (true);
drop policy if exists worker_reads on ingest.quarantine;
create policy worker_reads on ingest.quarantine for select to chevet_worker using (true);

alter table ingest.device_event enable row level security;
drop policy if exists ingest_adds on ingest.device_event;
create policy ingest_adds on ingest.device_event for insert to chevet_ingest with check (true);
drop policy if exists worker_reads on ingest.device_event;
create policy worker_reads on ingest.device_event for select to chevet_worker using (true);
