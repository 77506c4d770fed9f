-- purpose: time series of vital signs, streams received, quarantine
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create extension if not exists timescaledb;
create schema vitals;
create schema ingest;
comment on schema vitals is 'Time series of vital signs; rows are never updated.';
comment on schema ingest is 'What was received from where, and what could not be used.';

create sequence vitals.reading_id as bigint;

create table vitals.reading (
    reading_id bigint not null default nextval('vitals.reading_id'),
    measured_at timestamptz not null,
    received_at timestamptz not null,
    patient_key integer not null,
    source integer not null,
    value real,
    vital smallint not null,
    quality smallint not null,
    check (value is not null or quality & 2 <> 0)
);
comment on table vitals.reading is 'A single measured value.';
comment on column vitals.reading.value is
    'NULL when the device measured but found no number (quality says invalid).';
comment on column vitals.reading.vital is 'Code of core.vitals.Vital; the unit follows from it.';
comment on column vitals.reading.quality is 'Bits of core.vitals.Quality; 0 is good.';
comment on column vitals.reading.source is 'ingest.stream.id it came by.';
select create_hypertable('vitals.reading', 'measured_at',
    chunk_time_interval => interval '7 days', create_default_indexes => false);
create index reading_by_patient on vitals.reading (patient_key, vital, measured_at desc);

create table vitals.sampled (
    reading_id bigint not null default nextval('vitals.reading_id'),
    start_at timestamptz not null,
    received_at timestamptz not null,
    patient_key integer not null,
    source integer not null,
    period_ms integer not null check (period_ms > 0),
    vital smallint not null,
    quality smallint not null,
    samples smallint[] not null
);
comment on table vitals.sampled is
    'A regularly sampled stretch (FHIR SampledData): integers, scaled by 10^decimals of the vital.';
comment on column vitals.sampled.samples is 'NULL where the device gave no value.';
select create_hypertable('vitals.sampled', 'start_at',
    chunk_time_interval => interval '1 day', create_default_indexes => false);
create index sampled_by_patient on vitals.sampled (patient_key, vital, start_at desc);

create table vitals.minute (
    minute_at timestamptz not null,
    patient_key integer not null,
    vital smallint not null,
    low real not null,
    median real not null,
    high real not null,
    count smallint not null check (count > 0),
    quality smallint not null
);
comment on table vitals.minute is
    'Summary of the samples of one stretch within one minute; several stretches, several rows.';
select create_hypertable('vitals.minute', 'minute_at',
    chunk_time_interval => interval '30 days', create_default_indexes => false);
create index minute_by_patient on vitals.minute (patient_key, vital, minute_at desc);

create table vitals.amendment (
    id uuid primary key,
    reading_id bigint not null,
    measured_at timestamptz not null,
    patient_key integer not null,
    kind text not null check (kind in ('withdrawn', 'corrected')),
    replacement real check ((kind = 'corrected') = (replacement is not null)),
    by_person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    reason text not null check (reason <> '')
);
comment on table vitals.amendment is 'A correction: readings stay, the doorways apply it.';
create index amendment_by_reading on vitals.amendment (reading_id);

create table ingest.stream (
    id integer generated always as identity unique,
    source text not null,
    epoch text not null,
    received int8multirange not null default '{}',
    last_received_at timestamptz not null,
    primary key (source, epoch)
);
comment on table ingest.stream is
    'Which item numbers of a source and boot are stored: what makes each reading stored once.';

create table ingest.gateway_seen (
    gateway text primary key,
    online boolean not null,
    at timestamptz not null,
    spooled bigint
);
comment on table ingest.gateway_seen is 'Last sign of life of each gateway.';

create table ingest.quarantine (
    id uuid primary key,
    received_at timestamptz not null,
    source text not null,
    epoch text,
    item_number bigint,
    reason text not null,
    detail text not null default '',
    device text,
    patient_key integer,
    measured_at timestamptz,
    payload bytea not null check (length(payload) <= 262144),
    digest bytea not null check (length(digest) = 32),
    resolved_at timestamptz,
    resolved_by uuid references access.party on delete restrict
);
comment on table ingest.quarantine is
    'What could not be used, as it came (cut at 256 KiB), until a person has looked at it.';
comment on column ingest.quarantine.digest is
    'SHA-256 of what it is: a payload sent again and again waits in quarantine once.';
create unique index quarantine_once on ingest.quarantine (source, digest)
    where resolved_at is null;
create index quarantine_open on ingest.quarantine (received_at desc) where resolved_at is null;

create table ingest.device_event (
    id uuid primary key,
    received_at timestamptz not null,
    source integer not null,
    device text not null,
    patient_key integer,
    event text not null,
    at timestamptz not null,
    detail text
);
comment on table ingest.device_event is
    'What happened to devices at home: connected, silent, battery, a clock not to be believed.';
create index device_event_by_device on ingest.device_event (device, at desc);
