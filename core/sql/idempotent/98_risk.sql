-- What a model said of patients: added by the worker, changed and removed by nobody. It is a
-- hypertable, whose chunks take the grants of the table and not its policies: people have no right
-- on it at all and read through `alerts.latest_risk`.
drop policy if exists worker_all on alerts.risk;
create policy worker_all on alerts.risk to chevet_worker using (true) with check (true);
grant select, insert on alerts.risk to chevet_worker;
drop policy if exists worker_all on alerts.risk_due;
create policy worker_all on alerts.risk_due to chevet_worker using (true) with check (true);
grant select, insert, delete on alerts.risk_due to chevet_worker;
-- A row is held while the model is asked, and a hold needs a right to update.
grant update (noted_at) on alerts.risk_due to chevet_worker;

-- Age and sex of whom the model is asked about: no name.
create or replace view alerts.person_to_ask as
select p.id as patient_id, p.key as patient_key, i.birth_date, i.sex
from access.patient p
join identity.patient i on i.patient_id = p.id;
comment on view alerts.person_to_ask is 'Age and sex, for asking the model.';

-- Oxygen as patients and those who help them answered it: litres a minute (LOINC 3151-8).
create or replace view alerts.oxygen_to_ask as
select o.patient_id, o.observed_at, o.value as flow_l_min
from questionnaires.observation o
where o.loinc = '3151-8'
    and not exists (select from questionnaires.answer r where r.replaces = o.answer_id);
comment on view alerts.oxygen_to_ask is 'Oxygen flows as they stand, for asking the model.';
grant select on alerts.person_to_ask, alerts.oxygen_to_ask to chevet_worker;

-- Sampled minutes for the same: their medians, no single sample.
create or replace view alerts.minute_to_ask as
select m.patient_key, m.minute_at, m.vital, m.median, m.quality
from vitals.minute m;
comment on view alerts.minute_to_ask is 'Medians of sampled minutes, for asking the model.';
grant select on alerts.minute_to_ask to chevet_worker;

-- Whether the actor stands near the patient by a tie of his own, in whatever post he acts now: as
-- the patient, as family, or as his representative.
create or replace function access.stands_near(p_patient uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from access.membership m
        where m.patient_id = any (access.record_of(p_patient))
            and m.party = access.current_person()
            and access.is_family_role(m.role)
            and m.starts_at <= access.current_instant()
            and (m.ends_at is null or m.ends_at > access.current_instant())
    );
end;

-- The newest live line of a patient: of two of one instant the one noted last. For whoever reads
-- alerts and stands near him by no tie of his own.
drop function if exists alerts.latest_risk;
create function alerts.latest_risk(p_patient uuid)
returns table (patient_id uuid, asked_at timestamptz, noted_at timestamptz, version text,
    risk double precision, band text, reasons jsonb, instead jsonb, missing jsonb, silence text,
    level text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.patient_id, r.asked_at, r.noted_at, r.version, r.risk, r.band, r.reasons, r.instead,
        r.missing, r.silence, r.level
    from unnest(access.record_of(p_patient)) as one (id)
    cross join lateral (
        select * from alerts.risk l
        where l.patient_id = one.id and l.run_id is null
        order by l.asked_at desc, l.noted_at desc
        limit 1
    ) r
    where access.may_open(p_patient, 'alerts:read') and not access.stands_near(p_patient)
    order by r.asked_at desc, r.noted_at desc
    limit 1;
end;

-- The version in use, null when the rules speak alone: one row for whoever may read what it says of
-- this patient, none for anybody else.
create or replace function alerts.model_beside(p_patient uuid) returns table (version text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select (select t.version from alerts.model_turn t order by t.at desc, t.id desc limit 1)
    where access.may_open(p_patient, 'alerts:read') and not access.stands_near(p_patient);
end;
revoke execute on function access.stands_near, alerts.latest_risk, alerts.model_beside from public;
grant execute on function alerts.latest_risk, alerts.model_beside to chevet_app;
