-- purpose: terms of use and who accepted them
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
