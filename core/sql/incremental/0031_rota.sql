-- purpose: the rota of an organisation, the GP's rung, records without a GP, alerts of the night
-- kind: pre
-- lock: short, one column of alerts.alert and new tables
-- rollback: forward only
create table alerts.rota (
    organisation uuid primary key references access.party on delete restrict,
    zone text not null check (zone <> ''),
    holidays text not null check (holidays in ('metropole', 'alsace-moselle', 'guadeloupe',
        'martinique', 'guyane', 'reunion', 'mayotte')),
    changed_by uuid not null references access.party on delete restrict,
    changed_at timestamptz not null
);
comment on table alerts.rota is
    'In which time zone and with which public holidays an organisation plans; else the site''s.';

create table alerts.shift (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    person uuid not null references access.party on delete restrict,
    duty text not null check (duty in ('telemonitoring_nurse', 'second_nurse',
        'coordinating_doctor', 'on_call')),
    weekdays smallint[] not null check (weekdays <@ '{0,1,2,3,4,5,6}'
        and cardinality(weekdays) between 1 and 7),
    starts time not null,
    ends time not null,
    on_holidays text not null check (on_holidays in ('as_usual', 'off', 'only')),
    first_on date not null,
    last_on date check (last_on >= first_on),
    made_by uuid not null references access.party on delete restrict,
    made_at timestamptz not null,
    removed_at timestamptz check (removed_at >= made_at),
    removed_by uuid references access.party on delete restrict,
    check ((removed_at is null) = (removed_by is null)),
    unique (id, organisation)
);
comment on table alerts.shift is
    'A weekly shift of one person, in clock times of the organisation''s zone.';
comment on column alerts.shift.weekdays is '0 is Monday; the day on which the shift begins.';
comment on column alerts.shift.ends is 'Of the next day when not later than starts.';
create index shift_kept on alerts.shift (organisation) where removed_at is null;
alter table alerts.shift enable row level security;

create table alerts.leave (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    person uuid not null references access.party on delete restrict,
    first_on date not null,
    last_on date not null check (last_on >= first_on),
    substitute uuid references access.party on delete restrict check (substitute <> person),
    noted_by uuid not null references access.party on delete restrict,
    noted_at timestamptz not null,
    removed_at timestamptz check (removed_at >= noted_at),
    removed_by uuid references access.party on delete restrict,
    check ((removed_at is null) = (removed_by is null))
);
comment on table alerts.leave is 'Days on which somebody is away, and who stands in for him.';
create index leave_kept on alerts.leave (organisation, last_on) where removed_at is null;
alter table alerts.leave enable row level security;

create table alerts.swap (
    id uuid primary key,
    organisation uuid not null,
    shift uuid not null,
    day date not null,
    to_person uuid not null references access.party on delete restrict,
    asked_by uuid not null references access.party on delete restrict,
    asked_at timestamptz not null,
    answered_at timestamptz check (answered_at >= asked_at),
    accepted boolean,
    check ((answered_at is null) = (accepted is null)),
    foreign key (shift, organisation) references alerts.shift (id, organisation)
        on delete restrict
);
comment on table alerts.swap is
    'One shift of one day that is asked of a colleague; it counts once he has accepted.';
create unique index swap_taken_once on alerts.swap (shift, day) where accepted;
create unique index swap_asked_once on alerts.swap (shift, day) where answered_at is null;
create index swap_by_organisation on alerts.swap (organisation, day);
alter table alerts.swap enable row level security;

create table alerts.duty_gap (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    duty text not null check (duty in ('telemonitoring_nurse', 'second_nurse',
        'coordinating_doctor', 'on_call')),
    since timestamptz not null,
    filled_at timestamptz check (filled_at >= since)
);
comment on table alerts.duty_gap is
    'That nobody is on duty where somebody must be: told once, until somebody is.';
create unique index duty_gap_open on alerts.duty_gap (organisation, duty) where filled_at is null;
alter table alerts.duty_gap enable row level security;

create table alerts.gp_hours (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    gp uuid not null references access.party on delete restrict,
    hours text not null check (hours <> ''),
    accepted_at timestamptz not null,
    noted_by uuid not null references access.party on delete restrict,
    ended_at timestamptz check (ended_at >= accepted_at),
    ended_by uuid references access.party on delete restrict,
    check ((ended_at is null) = (ended_by is null))
);
comment on table alerts.gp_hours is
    'That a GP accepts to be called for alerts of a patient, and in which hours of the week.';
comment on column alerts.gp_hours.hours is 'As « mon-fri 08:00-19:00 »; never on public holidays.';
create unique index gp_hours_live on alerts.gp_hours (patient_id, gp) where ended_at is null;
alter table alerts.gp_hours enable row level security;

create table alerts.without_gp (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    substitute uuid references access.party on delete restrict check (substitute <> patient_id),
    hours text not null check (hours <> ''),
    noted_at timestamptz not null,
    noted_by uuid not null references access.party on delete restrict,
    ended_at timestamptz check (ended_at >= noted_at),
    ended_by uuid references access.party on delete restrict,
    check ((ended_at is null) = (ended_by is null))
);
comment on table alerts.without_gp is
    'A record « sans médecin traitant », and who is called in the place of the GP, in which hours.';
create unique index without_gp_live on alerts.without_gp (patient_id) where ended_at is null;
alter table alerts.without_gp enable row level security;
alter table alerts.rota enable row level security;

alter table alerts.alert add column night_at timestamptz;
comment on column alerts.alert.night_at is
    'Since when it waits for the morning: the service was closed and nobody was on call.';

alter table coordination.told_of_silence add column at_night boolean not null default false;
comment on column coordination.told_of_silence.at_night is
    'The patient also lets him be told that the service is closed while something needs looking at.';
