-- purpose: a session that opens one alert alone, by the link of its message and a code
-- kind: pre
-- lock: short, one small table
-- rollback: forward only
alter table identity.session
    drop constraint session_aal_check,
    add constraint session_aal_check check (aal in ('remembered', 'one', 'two', 'link')),
    add column only_alert uuid,
    add constraint session_of_a_link check ((aal = 'link') = (only_alert is not null));
comment on column identity.session.aal is
    'What was proved: one factor, two, only that this is a phone its owner had remembered, or the link of a message and a code.';
comment on column identity.session.only_alert is
    'The alert that a session of a link opens, and nothing besides.';
