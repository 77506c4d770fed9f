-- purpose: indexes that hold 100,000 records
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
