-- purpose: second factors, challenges, remembered phones, sessions that can be listed and ended
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
