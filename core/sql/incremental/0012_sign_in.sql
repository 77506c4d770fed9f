-- purpose: second factors, challenges, remembered phones, sessions that can be listed and ended
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
alter table identity.session
    add column aal text not null default 'one' check (aal in ('remembered', 'one', 'two')),
    add column address text not null default '',
    add column device text not null default '';
comment on column identity.session.aal is
    'What was proved: one factor, two, or only that this is a phone its owner had remembered.';
comment on column identity.session.device is 'Browser and system in words, for the owner''s list.';

drop index identity.sign_in_failure_recent;
alter table identity.sign_in_failure
    add column id bigint generated always as identity primary key,
    add column kind text not null default 'password'
        check (kind in ('password', 'code', 'recovery', 'activation', 'sms'));
create index sign_in_failure_recent on identity.sign_in_failure (kind, login, at);
comment on column identity.sign_in_failure.login is
    'What is guessed at: a sign-in name for passwords, a person or a link for codes.';
comment on column identity.sign_in_failure.address is
    'Where from: a network, a browser known to the account, or a live session.';

create table identity.known_browser (
    person uuid not null references identity.account on delete cascade,
    browser bytea not null check (length(browser) = 32),
    last_used_at timestamptz not null,
    primary key (person, browser)
);
comment on table identity.known_browser is
    'Browsers in which two factors were given: guesses made elsewhere do not slow them down.';

create table identity.totp (
    id uuid primary key,
    person uuid not null references identity.account on delete cascade,
    secret bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0
);
comment on table identity.totp is 'Secret of a code application (RFC 6238), sealed with the key of the service.';
comment on column identity.totp.last_step is 'The 30 s step of the last code used: none is used twice.';
create unique index totp_in_use on identity.totp (person) where confirmed_at is not null;

create table identity.passkey (
    id uuid primary key,
    person uuid not null references identity.account on delete cascade,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
comment on table identity.passkey is 'Passkeys (WebAuthn): only the public half is here.';
create index passkey_by_person on identity.passkey (person);

create table identity.sms_phone (
    person uuid primary key references identity.account on delete cascade,
    number text not null check (number ~ '^\+[1-9][0-9]{6,14}$'),
    confirmed_at timestamptz not null
);
comment on table identity.sms_phone is 'The telephone to which a patient''s codes go (E.164).';

create table identity.recovery_code (
    person uuid not null references identity.account on delete cascade,
    code_hash bytea not null check (length(code_hash) = 32),
    made_at timestamptz not null,
    used_at timestamptz,
    primary key (person, code_hash)
);
comment on table identity.recovery_code is 'One-time codes on paper, for a lost second factor.';

create table identity.ticket (
    id uuid primary key,
    kind text not null check (kind in ('activation', 'reset', 'sms', 'challenge')),
    person uuid references identity.account on delete cascade,
    token_hash bytea unique check (length(token_hash) = 32),
    code_hash bytea check (length(code_hash) = 32),
    challenge bytea,
    phone text,
    created_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz
);
comment on table identity.ticket is
    'What serves once and expires: an activation link with its code, a reset link, a code by SMS, '
    'a challenge to a passkey.';
create index ticket_by_person on identity.ticket (person, kind);
create index ticket_by_end on identity.ticket (ends_at);

alter table messages.contact_point drop constraint contact_point_channel_check,
    add constraint contact_point_channel_check check (channel in ('email', 'sms'));
alter table messages.outbox drop constraint outbox_channel_check,
    add constraint outbox_channel_check check (channel in ('email', 'sms'));
