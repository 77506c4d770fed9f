-- purpose: by which key another system asks, for which organisation and for what
-- kind: pre
-- lock: none, a new table
-- rollback: forward only
create table identity.api_key (
    id uuid primary key,
    organisation uuid not null references access.party on delete restrict,
    name text not null check (length(btrim(name)) between 1 and 100),
    scopes text[] not null check (cardinality(scopes) > 0),
    token_hash bytea not null unique check (length(token_hash) = 32),
    made_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > made_at),
    ended_at timestamptz check (ended_at >= made_at)
);
comment on table identity.api_key is
    'Keys of systems of other houses. No person and no patient stands behind one.';
comment on column identity.api_key.token_hash is
    'SHA-256 of 32 random bytes: the key itself is shown once, when it is made, and kept nowhere.';
create index api_key_of_organisation on identity.api_key (organisation);
alter table identity.api_key enable row level security;
