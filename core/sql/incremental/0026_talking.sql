-- purpose: answers that name who acts and before when; the nurse's question and the replies
-- kind: pre
-- lock: short, a check and a key of alerts.alert, one new table
-- rollback: forward only
alter table alerts.alert
    drop constraint alert_hold_check,
    add constraint alert_hold_check check (
        hold in ('owned', 'calling_patient', 'to_emergency', 'visit_asked')),
    add constraint alert_of_patient unique (id, patient_id);
comment on column alerts.alert.hold is
    'How the owner holds it: taken in charge, or what he promised to do before owned_until.';

create table alerts.said (
    id uuid primary key,
    alert_id uuid not null,
    patient_id uuid not null,
    kind text not null check (kind in ('question', 'reply')),
    words text not null check (words = btrim(words) and length(words) between 1 and 1000),
    by_person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    client_key text not null check (length(client_key) between 1 and 64),
    foreign key (alert_id, patient_id) references alerts.alert (id, patient_id) on delete restrict,
    unique (by_person, client_key)
);
comment on table alerts.said is
    'What professionals ask and reply about an alert; only added to.';
comment on column alerts.said.client_key is 'Made by the page: sent twice, said once.';
create index said_of_alert on alerts.said (alert_id, at);
alter table alerts.said enable row level security;
