-- purpose: two more ends of an alert: the GP was called, the patient was sent to an emergency department
-- kind: pre
-- lock: short; a check that is wider than before, validated over alerts.alert
-- rollback: forward only
alter table alerts.alert drop constraint alert_outcome_coded;
alter table alerts.alert add constraint alert_outcome_coded check (outcome in (
    'patient_called_reassured', 'advice_given', 'gp_called', 'treatment_adjusted',
    'consultation_arranged', 'home_visit_arranged', 'sent_to_emergency', 'emergency_called_15',
    'hospitalised', 'unreachable_home_visit', 'usual_for_this_person',
    'technical_problem', 'false_alarm_sensor', 'duplicate',
    'follow_up_ended', 'patient_died'
));
