-- purpose: bases, consents, agreements, substitutes: why a membership grants what it grants
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
