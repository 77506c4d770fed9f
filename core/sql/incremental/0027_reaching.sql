-- purpose: people to call, attempts to reach a patient, doubt checks, what a rescuer needs to know
-- kind: pre
-- lock: short, new tables
-- rollback: forward only
create table coordination.person_to_call (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    place smallint not null check (place > 0),
    of_patient boolean not null default false,
    name text not null check (length(name) between 1 and 100),
    tie text not null default '' check (length(tie) <= 60),
    phone text not null check (length(phone) between 3 and 30),
    has_key boolean not null default false,
    may_know text not null default 'search' check (may_know in ('search', 'alert', 'health')),
    doubted_at timestamptz,
    noted_by uuid not null references access.party on delete restrict,
    noted_at timestamptz not null,
    removed_at timestamptz check (removed_at >= noted_at),
    removed_by uuid references access.party on delete restrict,
    unique (id, patient_id),
    check ((removed_at is null) = (removed_by is null))
);
comment on table coordination.person_to_call is
    'Whom the team calls when it must reach a patient, in order; no right on the record comes of it.';
comment on column coordination.person_to_call.place is 'Order of the calls, the smallest first.';
comment on column coordination.person_to_call.of_patient is
    'A further number of the patient himself: it comes before those of his people.';
comment on column coordination.person_to_call.may_know is
    'What this person may be told: that he is sought, that there is an alert, or his health.';
comment on column coordination.person_to_call.doubted_at is
    'When somebody else answered at this number; null once it is changed or has reached him.';
create index person_to_call_of_patient on coordination.person_to_call (patient_id, place)
    where removed_at is null;
alter table coordination.person_to_call enable row level security;

-- Who was named at the inclusion is called first; from now on the trigger of 98_reaching.sql.
insert into coordination.person_to_call
    (id, patient_id, place, name, tie, phone, noted_by, noted_at)
select e.id, e.patient_id,
    row_number() over (partition by e.patient_id order by e.included_at desc, e.id),
    left(e.person_to_call ->> 'name', 100), left(coalesce(e.person_to_call ->> 'tie', ''), 60),
    left(e.person_to_call ->> 'phone', 30), e.included_by, e.included_at
from coordination.episode e
where e.ended_at is null and e.person_to_call ->> 'name' <> ''
    and length(e.person_to_call ->> 'phone') >= 3;

create table coordination.attempt (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    alert_id uuid references alerts.alert on delete restrict,
    person_id uuid,
    name text not null default '' check (length(name) <= 163),
    phone text not null default '' check (length(phone) <= 30),
    at timestamptz not null,
    by_person uuid not null references access.party on delete restrict,
    outcome text not null
        check (outcome in ('reached', 'no_answer', 'message_left', 'call_later', 'wrong_number')),
    next_at timestamptz check (next_at > at),
    note text not null default '' check (length(note) <= 500),
    risen_at timestamptz,
    foreign key (person_id, patient_id) references coordination.person_to_call (id, patient_id)
        on delete restrict,
    check ((outcome = 'call_later') = (next_at is not null))
);
comment on table coordination.attempt is
    'A call to a patient or to his people, and what came of it; it neither takes nor closes an alert.';
comment on column coordination.attempt.person_id is 'Who was called; null: the patient himself.';
comment on column coordination.attempt.name is
    'Name and tie as they were then; empty for the number of the identity.';
comment on column coordination.attempt.risen_at is
    'When the machine saw that the call is to be made again and moved the patient up in the queues.';
create index attempt_of_patient on coordination.attempt (patient_id, at desc);
create index attempt_of_alert on coordination.attempt (alert_id, at) where alert_id is not null;
create index attempt_to_rise on coordination.attempt (next_at)
    where outcome = 'call_later' and risen_at is null;
alter table coordination.attempt enable row level security;

create table coordination.doubt_check (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    alert_id uuid references alerts.alert on delete restrict,
    who text not null check (length(who) between 2 and 160),
    expected_at timestamptz check (expected_at > sent_at),
    sent_at timestamptz not null,
    sent_by uuid not null references access.party on delete restrict,
    outcome text check (outcome in ('well', 'unwell', 'nobody', 'called_15', 'cancelled')),
    note text not null default '' check (length(note) <= 500),
    ended_at timestamptz check (ended_at >= sent_at),
    ended_by uuid references access.party on delete restrict,
    check ((outcome is null) = (ended_at is null)),
    check ((outcome is null) = (ended_by is null))
);
comment on table coordination.doubt_check is
    'Levée de doute: somebody is sent to the home of a patient who cannot be reached.';
comment on column coordination.doubt_check.who is 'Who goes there, in words.';
create index doubt_check_of_patient on coordination.doubt_check (patient_id, sent_at desc);
alter table coordination.doubt_check enable row level security;

create table coordination.home (
    patient_id uuid primary key references access.patient on delete restrict,
    address text not null default '' check (length(address) <= 200),
    postcode text not null default '' check (postcode ~ '^([0-9]{5})?$'),
    commune text not null default '' check (length(commune) <= 100),
    department text not null default ''
        check (department ~ '^(0[1-9]|[1-8][0-9]|9[0-5]|2A|2B|97[1-6])?$' and department <> '20'),
    floor text not null default '' check (length(floor) <= 60),
    door_code text not null default '' check (length(door_code) <= 60),
    usual_spo2_percent smallint check (usual_spo2_percent between 50 and 100),
    oxygen_l_min numeric(3, 1) check (oxygen_l_min between 0 and 15),
    allergies text not null default '' check (length(allergies) <= 500),
    treatments text not null default '' check (length(treatments) <= 1000),
    directives text not null default '' check (length(directives) <= 300),
    gp text not null default '' check (length(gp) <= 160),
    version integer not null default 1 check (version > 0),
    changed_at timestamptz not null,
    changed_by uuid not null references access.party on delete restrict
);
comment on table coordination.home is
    'What somebody sent to the home of a patient must know: the way in, and what to tell the SAMU.';
comment on column coordination.home.department is
    'Code of the département whose SAMU is called; typed, or taken from the postcode.';
comment on column coordination.home.oxygen_l_min is
    'Oxygen at home, in litres a minute; 0: none; null: nobody has said.';
comment on column coordination.home.usual_spo2_percent is 'Usual SpO2 at rest, in percent.';
comment on column coordination.home.directives is 'Where advance directives are kept, in words.';
comment on column coordination.home.version is 'Two who change the sheet at once do not overwrite.';
alter table coordination.home enable row level security;
