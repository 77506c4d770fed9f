-- purpose: identities of other providers, the end of an account, substitutes
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only

alter table identity.account add column expires_at timestamptz;
comment on column identity.account.disabled_at is 'Suspended since then; null while it may sign in.';
comment on column identity.account.expires_at is 'From then on it opens nothing, unless prolonged.';

create table identity.federated_identity (
    issuer text not null check (issuer <> ''),
    subject text not null check (subject <> ''),
    person uuid not null references identity.account on delete cascade,
    linked_at timestamptz not null,
    last_used_at timestamptz not null,
    primary key (issuer, subject),
    unique (issuer, person)
);
comment on table identity.federated_identity is
    'Which account a provider''s subject is: found once by RPPS or strict traits, then kept.';

create table identity.federation_attempt (
    state_hash bytea primary key check (length(state_hash) = 32),
    browser_hash bytea not null check (length(browser_hash) = 32),
    provider text not null check (provider in ('pro-sante-connect', 'france-connect')),
    nonce text not null,
    verifier text not null,
    next text not null default '',
    begun_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > begun_at),
    answered_at timestamptz
);
comment on table identity.federation_attempt is
    'A sign-in under way at a provider: answered once, by the browser that began it.';
create index federation_attempt_by_end on identity.federation_attempt (expires_at);

create table identity.federated_session (
    session uuid primary key references identity.session on delete cascade,
    provider text not null check (provider in ('pro-sante-connect', 'france-connect')),
    id_token text not null
);
comment on table identity.federated_session is
    'Sessions opened by a provider, with what it wants to see at sign-out.';

alter table access.post add column replaces uuid references access.post on delete restrict;
alter table access.post add constraint post_replaces_another check (replaces <> id);
comment on column access.post.replaces is
    'The post of the person replaced: a substitute sees what that person sees, while both last.';
create index post_by_replaced on access.post (replaces) where replaces is not null;
