-- purpose: how professionals are told of alerts besides by mail, and in which hours an orange waits
-- kind: pre
-- lock: short, one small table
-- rollback: forward only
alter table messages.preference
    alter column fallback set default 'sms',
    add column alert_sms boolean not null default false,
    add column alert_push boolean not null default true,
    add column quiet_from time,
    add column quiet_until time,
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
