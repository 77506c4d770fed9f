-- purpose: editions of questionnaires
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
