-- purpose: the models a site has, and which of them is in use
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table alerts.model (
    version text primary key check (version ~ '^[a-z0-9][a-z0-9.-]{0,39}$'),
    sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    card jsonb not null,
    file bytea not null,
    added_at timestamptz not null
);
comment on table alerts.model is
    'Model files as they were when they were first put into use; never changed, never removed.';
create table alerts.model_turn (
    id uuid primary key,
    version text references alerts.model on delete restrict,
    kind text not null check (kind in ('promoted', 'rolled_back', 'rules_only')),
    at timestamptz not null,
    reason text not null check (btrim(reason) <> ''),
    check ((version is null) = (kind = 'rules_only'))
);
comment on table alerts.model_turn is
    'Which model is in use: the newest line; without a version none is, and the rules speak alone.';
create index model_turn_newest on alerts.model_turn (at desc, id desc);
alter table alerts.model enable row level security;
alter table alerts.model_turn enable row level security;
