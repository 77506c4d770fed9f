-- purpose: gateways, devices and who used which device when
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema devices;
comment on schema devices is 'Gateways and devices in homes, and their assignment to patients.';

create table devices.gateway (
    id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
    organisation uuid not null references access.party on delete restrict,
    created_at timestamptz not null,
    ended_at timestamptz
);
comment on table devices.gateway is 'A gateway in a home; its id is also its broker user.';

create table devices.device (
    id text primary key check (id <> ''),
    model text not null,
    organisation uuid not null references access.party on delete restrict,
    created_at timestamptz not null
);
comment on table devices.device is 'A measuring device, by its hardware address or serial number.';
comment on column devices.device.organisation is
    'Who lends it: only gateways of that organisation speak for it.';

create table devices.assignment (
    id uuid primary key,
    device text not null references devices.device on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    valid tstzrange not null check (not isempty(valid)),
    exclude using gist (device with =, valid with &&)
);
comment on table devices.assignment is 'Whose readings a device gives, and when.';
create index assignment_by_patient on devices.assignment (patient_id);
