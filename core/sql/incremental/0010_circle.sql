-- purpose: the circle's version and manager, consents, oppositions, break-glass, messages called off
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
create schema coordination;
comment on schema coordination is
    'The people around a patient: what was agreed to, accesses in an emergency, what they share.';

create table access.circle (
    patient_id uuid primary key references access.patient on delete restrict,
    managing_organisation uuid references access.party on delete restrict,
    version integer not null default 1 check (version > 0),
    changed_at timestamptz not null
);
comment on table access.circle is 'One care circle a patient; its members are access.membership.';
comment on column access.circle.managing_organisation is 'Who answers for the circle (FHIR CareTeam).';
comment on column access.circle.version is
    'Counts every change of the circle: a form that shows an older one is refused.';
insert into access.circle (patient_id, changed_at) select id, created_at from access.patient;

alter table access.membership
    add column ended_by uuid references access.party on delete restrict,
    add column end_reason text,
    add column measure_scope text,
    add column closed_at timestamptz,
    add constraint membership_of_a_measure check (
        measure_scope is null
        or (role = 'legal_representative' and measure_scope in ('person', 'both'))
        or (role = 'property_representative' and measure_scope = 'property'));
comment on column access.membership.measure_scope is
    'What the legal protection measure covers: the person, property, or both.';
comment on column access.membership.end_reason is 'Why he left; reason says why he joined.';
comment on column access.membership.closed_at is
    'When what hangs on an ended membership was called off; access itself ends at ends_at.';
create index membership_to_close on access.membership (ends_at)
    where ends_at is not null and closed_at is null;
alter table access.post add column closed_at timestamptz;
comment on column access.post.closed_at is 'As of a membership.';
create index post_to_close on access.post (ends_at) where ends_at is not null and closed_at is null;

alter table messages.outbox
    add column about uuid references access.patient on delete restrict,
    drop constraint outbox_state_check,
    add constraint outbox_state
        check (state in ('waiting', 'sending', 'sent', 'dead', 'cancelled'));
comment on column messages.outbox.about is
    'The record it speaks of: cancelled when the recipient has left its circle.';
create index outbox_waiting_about on messages.outbox (about)
    where state in ('waiting', 'sending') and about is not null;

create table coordination.consent (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    membership_id uuid not null references access.membership on delete restrict,
    text_id text not null check (text_id ~ '^[a-z_]+$'),
    text_version smallint not null check (text_version > 0),
    wording text not null check (wording <> ''),
    permissions text[] not null default '{}',
    given_on date not null,
    given_by uuid not null references access.party on delete restrict,
    means text not null check (means in ('paper', 'spoken', 'digital')),
    recorded_by uuid not null references access.party on delete restrict,
    recorded_at timestamptz not null,
    withdrawn_at timestamptz check (withdrawn_at >= recorded_at),
    withdrawn_by uuid references access.party on delete restrict,
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
comment on table coordination.consent is
    'What a patient agreed to for one member of the circle: the very words, when and by what means.';
comment on column coordination.consent.wording is 'The text as the person was shown or read it.';
create index consent_by_patient on coordination.consent (patient_id, recorded_at);
create index consent_by_membership on coordination.consent (membership_id);

create table coordination.opposition (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    kind text not null check (kind in ('break_glass')),
    stated_at timestamptz not null,
    stated_by uuid not null references access.party on delete restrict,
    means text not null check (means in ('paper', 'spoken', 'digital')),
    withdrawn_at timestamptz check (withdrawn_at >= stated_at),
    withdrawn_by uuid references access.party on delete restrict,
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
comment on table coordination.opposition is 'What a patient refuses; in force until withdrawn.';
create unique index opposition_in_force on coordination.opposition (patient_id, kind)
    where withdrawn_at is null;

create table coordination.break_glass (
    id uuid primary key,
    membership_id uuid not null unique references access.membership on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    person uuid not null references access.party on delete restrict,
    post uuid not null references access.post on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    reason text not null check (length(reason) >= 15),
    opened_at timestamptz not null,
    told_at timestamptz,
    review_due_at timestamptz not null check (review_due_at > opened_at),
    operator_told_at timestamptz,
    reviewed_by uuid references access.party on delete restrict,
    reviewed_at timestamptz,
    verdict text check (verdict in ('justified', 'not_justified')),
    note text not null default '',
    check ((verdict is null) = (reviewed_at is null)),
    check ((verdict is null) = (reviewed_by is null)),
    check (reviewed_by <> person)
);
comment on table coordination.break_glass is
    'A record opened in an emergency: by whom, why, and what the review found.';
comment on column coordination.break_glass.told_at is
    'When the messages to the patient and the referents were put out.';
create index break_glass_by_patient on coordination.break_glass (patient_id, opened_at);
create index break_glass_to_review on coordination.break_glass (organisation, review_due_at)
    where verdict is null;
create index break_glass_to_tell on coordination.break_glass (opened_at) where told_at is null;
