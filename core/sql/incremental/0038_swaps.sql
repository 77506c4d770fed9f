-- purpose: who answered a swap, and that a shift which was taken was given on since
-- kind: pre
-- lock: short, two columns of a small table
-- rollback: forward only
alter table alerts.swap
    add column answered_by uuid references access.party on delete restrict,
    add column given_on_at timestamptz check (given_on_at >= answered_at);
comment on column alerts.swap.answered_by is
    'Who accepted it, said no, or asked no more; null for what was answered before this was kept.';
comment on column alerts.swap.given_on_at is
    'Since when it counts no more, because whoever took the shift gave it on.';
