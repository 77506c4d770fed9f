-- purpose: identities of other providers, invitations, the life of an account
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
select;
