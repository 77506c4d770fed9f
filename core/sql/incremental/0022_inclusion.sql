-- purpose: requests for telemonitoring, inclusions, exits, death
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
