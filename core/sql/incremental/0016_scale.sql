-- purpose: indexes that hold 100,000 records
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only

-- What a party holds is read from the index alone: a centre's 20,000 patients lie all over the table.
drop index access.membership_by_party;
create index membership_by_party on access.membership (party, patient_id)
    include (role, basis, agreed, starts_at, ends_at);

-- Lists of patients by name: a page of a long one is walked in this order.
create index patient_by_names on identity.patient (search_names, patient_id);
