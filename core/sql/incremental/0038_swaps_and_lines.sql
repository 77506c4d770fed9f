-- purpose: who answered a swap, and that a shift which was taken was given on since; of what a role of
--   the circle is told, and when
-- kind: pre
-- lock: short, two columns of a small table and new tables
-- rollback: forward only
alter table alerts.swap
    add column answered_by uuid references access.party on delete restrict,
    add column given_on_at timestamptz check (given_on_at >= answered_at);
comment on column alerts.swap.answered_by is
    'Who accepted it, said no, or asked no more; null for what was answered before this was kept.';
comment on column alerts.swap.given_on_at is
    'Since when it counts no more, because whoever took the shift gave it on.';

create table coordination.circle_role_notice (
    patient_id uuid not null references access.patient on delete restrict,
    role text not null,
    occasion text not null check (occasion in ('red', 'silence', 'stay', 'closure')),
    since timestamptz not null,
    chosen_by uuid not null references access.party on delete restrict,
    primary key (patient_id, role, occasion)
);
comment on table coordination.circle_role_notice is
    'Of what whoever has a role in the circle is told, now or later, unless his own line says otherwise.';
alter table coordination.circle_role_notice enable row level security;

create table coordination.circle_line (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    membership_id uuid references access.membership on delete restrict,
    role text,
    moment text not null check (moment in ('at_once', 'by_day', 'daily')),
    red_waits boolean not null,
    changed_at timestamptz not null,
    chosen_by uuid not null references access.party on delete restrict,
    check ((membership_id is null) <> (role is null))
);
comment on table coordination.circle_line is
    'That a person, or a role, of the circle has a line of its own, and when it is told.';
comment on column coordination.circle_line.moment is
    'by_day: from 8 to 20 local time; daily: one mail a day.';
comment on column coordination.circle_line.red_waits is 'Else a red is told at once whatever moment.';
create unique index circle_line_of_person on coordination.circle_line (membership_id)
    where membership_id is not null;
create unique index circle_line_of_role on coordination.circle_line (patient_id, role)
    where role is not null;
alter table coordination.circle_line enable row level security;
-- Made anew with other columns and parameters (core/sql/idempotent/98_circle_notices.sql).
drop function if exists coordination.circle_notices(uuid);
drop function if exists coordination.choose_notices(uuid, uuid, text);
