-- purpose: asking a model again about a past period: runs, their shares, and what came true
-- kind: pre
-- lock: short; a foreign key on alerts.risk, which is new, and a column of alerts.model
-- rollback: forward only
create table alerts.risk_run (
    id uuid primary key,
    version text not null references alerts.model on delete restrict,
    asked_from timestamptz not null,
    asked_until timestamptz not null check (asked_until >= asked_from),
    every interval not null check (every >= interval '1 hour'),
    organisation uuid references access.party on delete restrict,
    programme text check (programme <> ''),
    reason text not null check (btrim(reason) <> ''),
    by_person uuid references access.party on delete restrict,
    at timestamptz not null,
    state text not null default 'running' check (state in ('running', 'cancelled', 'done')),
    ended_at timestamptz,
    check ((state = 'running') = (ended_at is null))
);
comment on table alerts.risk_run is
    'A model asked again about a past period. No organisation: everybody who was followed anywhere.';
comment on column alerts.risk_run.by_person is 'NULL where the operator of the service asked.';
create index risk_run_newest on alerts.risk_run (at desc, id desc);
create table alerts.risk_share (
    run_id uuid not null references alerts.risk_run on delete restrict,
    number integer not null check (number > 0),
    patients uuid[] not null check (cardinality(patients) > 0 and cardinality(patients) <= 50),
    state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
    put_out_at timestamptz,
    taken_at timestamptz,
    done_at timestamptz,
    lines integer check (lines >= 0),
    failed text,
    attempts smallint not null default 0 check (attempts >= 0),
    primary key (run_id, number),
    check ((state = 'done') = (done_at is not null)),
    check ((state = 'failed') = (failed is not null))
);
comment on table alerts.risk_share is
    'Some patients of a run, done in one transaction: either all of its lines are there, or none.';
comment on column alerts.risk_share.put_out_at is
    'When a worker was last told; told again after a while, for a broker may lose what it was told.';
comment on column alerts.risk_share.attempts is
    'How often somebody began, counted before the work: one who dies of it is counted too.';
create index risk_share_left on alerts.risk_share (run_id, number) where state <> 'done';
create table alerts.risk_truth (
    run_id uuid not null references alerts.risk_run on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    asked_at timestamptz not null,
    came_true boolean not null,
    primary key (run_id, patient_id, asked_at)
);
comment on table alerts.risk_truth is
    'Whether NEWS2 came to 7 within 12 hours of a line, where it was 4 at most and that is known.';
alter table alerts.risk add constraint risk_belongs_to_run foreign key (run_id)
    references alerts.risk_run on delete restrict;
alter table alerts.model add column kept_for text check (btrim(kept_for) <> '');
comment on column alerts.model.kept_for is
    'Why it was kept without being put into use; NULL where it was put into use at once.';
alter table alerts.risk_run enable row level security;
alter table alerts.risk_share enable row level security;
alter table alerts.risk_truth enable row level security;
