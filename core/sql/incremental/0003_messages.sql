-- purpose: contact points and the outbox
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema messages;
comment on schema messages is 'Telling people: contact points, messages to send and their fate.';

create table messages.contact_point (
    id uuid primary key,
    party uuid not null references access.party on delete restrict,
    channel text not null check (channel in ('email')),
    address text not null check (address <> ''),
    created_at timestamptz not null,
    ended_at timestamptz
);
comment on table messages.contact_point is 'Where a party can be told something.';
create unique index contact_point_live on messages.contact_point (party, channel, address)
    where ended_at is null;

create table messages.outbox (
    id uuid primary key,
    key text not null unique,
    recipient uuid references access.party on delete restrict,
    channel text not null check (channel in ('email')),
    address text not null check (address <> ''),
    template text not null,
    params jsonb not null,
    locale text not null,
    state text not null check (state in ('waiting', 'sending', 'sent', 'dead')),
    created_at timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts smallint not null default 0,
    lease_until timestamptz,
    first_sent_at timestamptz,
    last_error text
);
comment on table messages.outbox is
    'A message is sent once per key, at least once in spite of any crash; no clinical content.';
comment on column messages.outbox.key is
    'Stable key, also the Message-ID: (alert, round, rung, recipient, channel).';
create index outbox_to_send on messages.outbox (next_attempt_at)
    where state in ('waiting', 'sending');
