-- purpose: answers with their edition, task, source and history
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
