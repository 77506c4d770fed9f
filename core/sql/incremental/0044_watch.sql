-- purpose: looks at the model in use: whether it still fits the people here, and what follows
-- kind: pre
-- lock: none, a new table
-- rollback: forward only
create table alerts.model_look (
    id uuid primary key,
    at timestamptz not null,
    version text not null references alerts.model on delete restrict,
    lines_from timestamptz not null,
    lines_until timestamptz not null check (lines_until >= lines_from),
    lines integer not null check (lines >= 0),
    patients integer not null check (patients >= 0),
    verdict text not null check (verdict in ('in_range', 'out_of_range', 'too_few')),
    findings jsonb not null,
    reason text not null,
    check (verdict <> 'out_of_range' or btrim(reason) <> '')
);
comment on table alerts.model_look is
    'What each look at the model in use found, of how many of its lines and patients; only added to. The next look is due six hours after the newest.';
comment on column alerts.model_look.reason is
    'What the verdict rests on, as it stands in the turn it led to; empty when nothing is amiss.';
create index model_look_newest on alerts.model_look (at desc, id desc);
alter table alerts.model_look enable row level security;
