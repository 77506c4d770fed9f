-- purpose: how professionals are told of alerts besides by mail, in which hours an orange waits,
--   messages that go out together, and of what the circle is told
-- kind: pre
-- lock: short on a small table; the outbox while two partial indexes are made, of few rows each; the
--   events of alerts while one index is made
-- rollback: forward only
alter table messages.preference
    alter column fallback set default 'sms',
    add column alert_sms boolean not null default false,
    add column alert_push boolean not null default true,
    add column quiet_from time,
    add column quiet_until time,
    add column digest_at time,
    add constraint preference_quiet check (
        (quiet_from is null) = (quiet_until is null)
        and (quiet_from is null or quiet_from <> quiet_until));
comment on table messages.preference is
    'What somebody chose: a patient instead of a notification, a professional besides the mail.';
comment on column messages.preference.alert_sms is 'Alerts also as a text message, beside the mail.';
comment on column messages.preference.alert_push is
    'Alerts also as a notification, in the browsers that take them.';
comment on column messages.preference.quiet_from is
    'From this local time on an orange alert calls somebody else or waits; a red calls at any hour.';
comment on column messages.preference.quiet_until is
    'Of the next day when not later than quiet_from.';
comment on column messages.preference.digest_at is
    'At this local time a mail leads to what happened to his patients within a day.';

alter table messages.outbox
    drop constraint outbox_channel,
    add constraint outbox_channel check (channel in ('email', 'sms', 'push', 'webhook')),
    drop constraint outbox_state,
    add constraint outbox_state
        check (state in ('waiting', 'sending', 'sent', 'dead', 'cancelled', 'gathered')),
    add column gathered_in uuid references messages.outbox on delete restrict,
    add constraint outbox_gathered check (state <> 'gathered' or gathered_in is not null);
comment on column messages.outbox.gathered_in is
    'The summary in which its recipient is told of it with others; it is not sent itself.';
create index outbox_gathered on messages.outbox (gathered_in) where gathered_in is not null;
drop index messages.outbox_waiting_about;
create index outbox_waiting_about on messages.outbox (about)
    where state in ('waiting', 'sending', 'gathered') and about is not null;
-- Made anew with another column (core/sql/idempotent/97_talk.sql).
drop function if exists alerts.told(uuid, uuid);
create index alert_event_by_time on alerts.alert_event (at);
create index pause_by_time on questionnaires.pause (paused_at);

alter table coordination.notice
    drop constraint notice_kind_check,
    add constraint notice_kind_check check (kind in ('request_sent', 'request_decided',
        'exit_letter', 'death', 'death_undone', 'account_invited', 'agreement_refused',
        'circle_red', 'circle_silence', 'circle_stay', 'circle_closure'));
create table coordination.circle_notice (
    membership_id uuid not null references access.membership on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    occasion text not null check (occasion in ('red', 'silence', 'stay', 'closure')),
    since timestamptz not null,
    chosen_by uuid not null references access.party on delete restrict,
    primary key (membership_id, occasion)
);
comment on table coordination.circle_notice is
    'Of what a member of the circle is told beside the ladder: it calls nobody and answers nothing.';
comment on column coordination.circle_notice.occasion is
    'red: a red alert; silence: a deadline missed; stay: a stay in hospital; closure: of such an alert.';
create table coordination.circle_bookmark (
    only_one boolean primary key default true check (only_one),
    through timestamptz not null
);
comment on table coordination.circle_bookmark is
    'How far the circle was told of what happened to alerts and stays: read by a pass, not by a trigger, so that nothing here can hold an alert up.';
insert into coordination.circle_bookmark (through) values (now());
alter table coordination.circle_bookmark enable row level security;
create index circle_notice_by_patient on coordination.circle_notice (patient_id, occasion);
alter table coordination.circle_notice enable row level security;
