-- purpose: web push, receipts, caps, reminders, links
-- kind: pre
-- lock: none
-- rollback: forward only
select 1;
