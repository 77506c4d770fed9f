-- purpose: the audit trail in full: retention, export, what it may show
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
