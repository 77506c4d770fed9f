-- purpose: patients' traits, accounts, sessions
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema identity;
comment on schema identity is 'Who people are and how they sign in.';

create table identity.patient (
    patient_id uuid primary key references access.patient on delete restrict,
    birth_name text not null check (birth_name <> ''),
    birth_first_names text not null check (birth_first_names <> ''),
    used_name text,
    used_first_name text,
    birth_date date not null,
    sex text not null check (sex in ('female', 'male', 'unknown')),
    ins_status text not null default 'provisional'
        check (ins_status in ('provisional', 'recovered', 'validated', 'qualified')),
    phone text
);
comment on table identity.patient is 'Strict traits of a patient (référentiel INS).';

create table identity.account (
    person uuid primary key references access.party on delete restrict,
    login text not null unique check (login = lower(login)),
    password_hash text not null,
    locale text not null default 'fr' check (locale in ('fr', 'en')),
    time_zone text not null default 'Europe/Paris',
    created_at timestamptz not null,
    disabled_at timestamptz
);
comment on table identity.account is 'What a person signs in with.';

create table identity.session (
    id uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    person uuid not null references identity.account on delete cascade,
    post uuid references access.post on delete restrict,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    idle_seconds integer not null check (idle_seconds > 0),
    ends_at timestamptz not null,
    ended_at timestamptz
);
comment on table identity.session is 'A signed-in browser; the cookie holds only the token.';
create index session_by_person on identity.session (person) where ended_at is null;

create table identity.sign_in_failure (
    login text not null,
    address text not null,
    at timestamptz not null
);
comment on table identity.sign_in_failure is
    'Recent wrong passwords: a login is slowed down for one address, never locked for its owner.';
create index sign_in_failure_recent on identity.sign_in_failure (login, address, at);
