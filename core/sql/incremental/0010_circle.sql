-- purpose: break-glass and its review, oppositions, hidden items, shared notes
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
