-- purpose: web push, receipts, weights, preferences, reminders, calls to the silent
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
alter table messages.outbox
    drop constraint outbox_channel_check,
    add constraint outbox_channel check (channel in ('email', 'sms', 'push')),
    add column weight text not null default 'notice'
        check (weight in ('urgent', 'notice', 'reminder', 'own')),
    add column task uuid references questionnaires.task on delete restrict,
    add column expires_at timestamptz,
    add column received_at timestamptz,
    add column opened_at timestamptz;
comment on column messages.outbox.weight is
    'urgent: a red, a repeat request, a call-back; reminder: held back beyond the cap of the day; '
    'own: asked for by its recipient and not counted.';
comment on column messages.outbox.task is
    'The task it reminds of: cancelled once that is answered, paused or over.';
comment on column messages.outbox.expires_at is 'Of no use later than that.';
comment on column messages.outbox.received_at is
    'When the recipient''s browser said that it had it: accepted is not received.';
create index outbox_of_a_day on messages.outbox (recipient, created_at)
    where weight <> 'own' and state <> 'cancelled';
create index outbox_of_task on messages.outbox (task) where task is not null;

create table messages.subscription (
    id uuid primary key,
    party uuid not null references access.party on delete restrict,
    endpoint_digest bytea not null check (length(endpoint_digest) = 32),
    sealed text not null,
    browser text not null,
    created_at timestamptz not null,
    ended_at timestamptz check (ended_at >= created_at),
    end_reason text check (end_reason in ('off', 'gone', 'replaced')),
    check ((ended_at is null) = (end_reason is null))
);
comment on table messages.subscription is 'A browser that takes notifications (RFC 8030).';
comment on column messages.subscription.sealed is
    'Endpoint and keys, sealed: whoever has them writes to this browser.';
comment on column messages.subscription.browser is 'What its owner recognises it by.';
create unique index subscription_live on messages.subscription (endpoint_digest)
    where ended_at is null;
create index subscription_of_party on messages.subscription (party) where ended_at is null;
alter table messages.subscription enable row level security;

create table messages.preference (
    party uuid primary key references access.party on delete restrict,
    fallback text not null check (fallback in ('sms', 'email', 'none')),
    changed_at timestamptz not null
);
comment on table messages.preference is
    'What somebody chose to get when a notification has not arrived.';
alter table messages.preference enable row level security;

create table messages.contact_fault (
    id uuid primary key,
    party uuid not null references access.party on delete restrict,
    channel text not null check (channel in ('email', 'sms', 'phone', 'push')),
    reason text not null
        check (reason in ('not_mobile', 'refused', 'undeliverable', 'wrong_number', 'gone')),
    found_at timestamptz not null,
    cleared_at timestamptz check (cleared_at >= found_at)
);
comment on table messages.contact_fault is
    'A way to somebody that does not lead to him: to be checked by who calls next.';
create unique index contact_fault_live on messages.contact_fault (party, channel)
    where cleared_at is null;
alter table messages.contact_fault enable row level security;

create table questionnaires.reminder (
    id uuid primary key,
    task_id uuid not null references questionnaires.task on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    number smallint not null check (number >= 0),
    next_at timestamptz not null,
    step text not null check (step in ('first', 'second', 'third', 'end')),
    ended_at timestamptz,
    outcome text check (outcome in ('quiet', 'told', 'held', 'silent')),
    check ((ended_at is null) = (outcome is null)),
    unique (task_id, number)
);
comment on table questionnaires.reminder is
    'One reminder of a task and where it stands: notification, then SMS or mail, then the call list.';
create index reminder_due on questionnaires.reminder (next_at) where ended_at is null;
create index reminder_of_patient on questionnaires.reminder (patient_id);
alter table questionnaires.reminder enable row level security;
create index task_to_remind on questionnaires.task (opens_at) where state = 'open';

create index task_unanswered on questionnaires.task (due_at)
    where answer_id is null and state in ('open', 'missed');

create table coordination.told_of_silence (
    membership_id uuid primary key references access.membership on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    since timestamptz not null,
    agreed_by uuid not null references access.party on delete restrict
);
comment on table coordination.told_of_silence is
    'Members of the family whom the patient lets be told when he does not answer.';
create index told_of_silence_by_patient on coordination.told_of_silence (patient_id);
alter table coordination.told_of_silence enable row level security;

create table coordination.call (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    by_person uuid not null references access.party on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    outcome text not null
        check (outcome in ('no_answer', 'message_left', 'call_later', 'reached', 'wrong_number')),
    next_at timestamptz check (next_at > at)
);
comment on table coordination.call is 'A telephone call to a patient who has not answered.';
create index call_of_patient on coordination.call (patient_id, at desc);
alter table coordination.call enable row level security;

create table coordination.call_in_hand (
    patient_id uuid primary key references access.patient on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    by_person uuid not null references access.party on delete restrict,
    until timestamptz not null
);
comment on table coordination.call_in_hand is 'Who is calling a patient now, so that two do not.';
alter table coordination.call_in_hand enable row level security;
