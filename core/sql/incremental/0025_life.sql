-- purpose: the cause and the condition of an alert, its sleep, whom it was given to
-- kind: pre
-- lock: short, one table of alerts is checked once
-- rollback: forward only
alter table alerts.alert
    drop constraint alert_state_check,
    add constraint alert_state_check
        check (state in ('raised', 'seen', 'owned', 'asleep', 'closed')),
    add column cause text not null default 'abnormal'
        check (cause in ('abnormal', 'worsening', 'silent', 'technical', 'call_back')),
    add column cleared_at timestamptz,
    add column sleep jsonb,
    add column slept_seconds integer not null default 0 check (slept_seconds >= 0),
    add column assignment jsonb;
update alerts.alert set cause = case item when 'no_answer' then 'silent' else 'call_back' end
where item in ('no_answer', 'call_back');
alter table alerts.alert
    alter column cause drop default,
    add constraint alert_asleep_until check ((state = 'asleep') <= (sleep is not null)),
    add constraint alert_closed_with_outcome check (
        (state = 'closed') = (outcome is not null) and (state = 'closed') = (closed_by is not null)
    ),
    add constraint alert_outcome_coded check (outcome in (
        'patient_called_reassured', 'advice_given', 'treatment_adjusted',
        'consultation_arranged', 'home_visit_arranged', 'emergency_called_15',
        'hospitalised', 'unreachable_home_visit', 'usual_for_this_person',
        'technical_problem', 'false_alarm_sensor', 'duplicate',
        'follow_up_ended', 'patient_died'
    ));
comment on column alerts.alert.cause is 'Why it was raised; precision is counted by cause.';
comment on column alerts.alert.cleared_at is
    'Since when its values are within their limits again; that closes nothing.';
comment on column alerts.alert.sleep is 'Who put it to sleep, when, until when, why; one at a time.';
comment on column alerts.alert.slept_seconds is
    'How long it has slept at its present level: the silence of a red has a hard limit.';
comment on column alerts.alert.assignment is 'The colleague who was asked to take it, by whom, when.';
