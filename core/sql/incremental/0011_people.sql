-- purpose: INS identities, professionals, organisations, duplicates, merges
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
