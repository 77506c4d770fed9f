-- purpose: no alert is closed without a coded outcome and a name
-- kind: pre
-- lock: short, one scan of alerts.alert to check what is there
-- rollback: forward only
alter table alerts.alert
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
