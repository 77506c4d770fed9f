-- purpose: why a membership opens a record, what the patient agreed to, through which right it was
-- kind: pre
-- lock: short; memberships are rewritten once
-- rollback: forward only
alter table access.role_permission
    add column needs_agreement boolean not null default false;
comment on column access.role_permission.needs_agreement is
    'The patient must have agreed to this permission on the membership itself.';
comment on table access.role_permission is
    'Which role grants what: core/matrix.py with the changes of the deployment.';

alter table access.membership
    add column basis text,
    add column agreed text[] not null default '{}';
comment on column access.membership.basis is
    'Why it may open the record: self, care team, consent, legal representative, break-glass.';
comment on column access.membership.agreed is
    'Permissions beyond the role''s own that the patient explicitly agreed to.';
update access.membership set basis = case role
    when 'patient' then 'self'
    when 'carer' then 'consent'
    else 'care_team'
end;
alter table access.membership
    alter column basis set not null,
    add constraint membership_basis check (
        basis in ('self', 'care_team', 'consent', 'legal_representative', 'break_glass')),
    add constraint membership_of_oneself check ((role = 'patient') = (basis = 'self')),
    add constraint membership_in_an_emergency check (
        (role = 'emergency') = (basis = 'break_glass')
        and (basis <> 'break_glass' or ends_at is not null)),
    add constraint membership_agreed check (array_position(agreed, null) is null);

-- Only breaking the glass gives that role, for an hour.
alter table access.post add constraint post_is_no_patient
    check (role not in ('patient', 'emergency', 'carer', 'trusted_person',
        'legal_representative', 'property_representative'));

alter table audit.event add column role text, add column basis text;
comment on column audit.event.role is 'Role through which the access was granted.';
comment on column audit.event.basis is 'Basis of the membership that granted it.';
