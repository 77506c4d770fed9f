-- purpose: what the patient sets and asks on his phone
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
