-- purpose: plans of questions, pauses, tasks of the day
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
