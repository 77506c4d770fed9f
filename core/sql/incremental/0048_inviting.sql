-- purpose: coordinates and order of a circle, its attending physician, replacements, invitations
-- kind: pre
-- lock: short, new columns without a scan, one index on a small table
-- rollback: forward only
alter table access.membership
    add column replaces uuid references access.membership on delete restrict
        check (replaces <> id),
    add constraint membership_of_record unique (id, patient_id);
comment on column access.membership.replaces is
    'The stay of the member whose place this one takes for some days; it never outlasts that one.';
create index membership_replaced on access.membership (replaces) where replaces is not null;

alter table access.circle
    add column attending uuid,
    add constraint circle_attending foreign key (attending, patient_id)
        references access.membership (id, patient_id) on delete restrict;
comment on column access.circle.attending is
    'The stay of the attending physician (médecin traitant, CSS L.162-5-3): one, of this circle.';

create table coordination.own_coordinates (
    party uuid primary key references access.party on delete restrict,
    phone text not null default '' check (phone = '' or phone ~ '^([0-9]{10}|\+[0-9]{6,15})$'),
    phone_to text not null check (phone_to in ('circle', 'professionals', 'nobody')),
    mail text not null default '' check (length(mail) <= 120),
    mail_to text not null check (mail_to in ('circle', 'professionals', 'nobody')),
    channel text not null default '' check (channel in ('', 'call', 'text', 'mail')),
    version integer not null default 1 check (version > 0),
    changed_at timestamptz not null
);
comment on table coordination.own_coordinates is
    'How somebody wants to be reached by the circles he is in, and by whom: his own to say.';
comment on column coordination.own_coordinates.phone_to is
    'Who is shown the number: the whole circle, its professionals alone, or nobody.';

create table coordination.member_contact (
    membership_id uuid primary key,
    patient_id uuid not null,
    place smallint not null check (place between 1 and 99),
    channel text not null default '' check (channel in ('', 'call', 'text', 'mail')),
    phone text not null default '' check (phone = '' or phone ~ '^([0-9]{10}|\+[0-9]{6,15})$'),
    note text not null default '' check (length(note) <= 120),
    version integer not null default 1 check (version > 0),
    changed_at timestamptz not null,
    changed_by uuid not null references access.party on delete restrict,
    foreign key (membership_id, patient_id)
        references access.membership (id, patient_id) on delete restrict
);
comment on table coordination.member_contact is
    'In which order and by which way a member of a circle is to be reached, as it was written there.';
comment on column coordination.member_contact.phone is
    'A number the circle was given for him; shown to professionals alone.';

create table coordination.invitation (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    invited_by uuid not null references access.party on delete restrict,
    organisation uuid references access.party on delete restrict,
    name text not null check (length(btrim(name)) >= 1 and length(name) <= 100),
    address text not null check (length(address) <= 120 and address = lower(address)
        and address ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    role text not null check (role ~ '^[a-z_]+$'),
    basis text not null check (basis in ('care_team', 'consent')),
    agreed text[] not null default '{}',
    rpps text check (rpps is null or rpps ~ '^[0-9]{11}$'),
    stay_ends_at timestamptz,
    text_id text check (text_id ~ '^[a-z_]+$'),
    text_version smallint check (text_version > 0),
    wording text,
    means text check (means in ('paper', 'spoken', 'digital')),
    given_on date,
    person uuid references access.party on delete restrict,
    token_hash bytea not null unique,
    sends smallint not null default 0 check (sends >= 0),
    invited_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > invited_at),
    asks smallint not null default 0 check (asks >= 0),
    asked_family text check (length(asked_family) <= 120),
    asked_given text check (length(asked_given) <= 120),
    asked_rpps text check (asked_rpps ~ '^[0-9]{11}$'),
    asked_at timestamptz,
    confirmed_by uuid references access.party on delete restrict,
    confirmed_at timestamptz,
    answer text check (answer in ('accepted', 'refused', 'withdrawn')),
    answered_at timestamptz,
    answered_by uuid references access.party on delete restrict,
    membership_id uuid references access.membership on delete restrict,
    check ((text_id is null) = (wording is null) and (text_id is null) = (means is null)
        and (text_id is null) = (given_on is null) and (text_id is null) = (text_version is null)),
    check (basis = 'care_team' or text_id is not null),
    check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    check ((membership_id is not null) = (answer is not distinct from 'accepted')),
    check ((confirmed_at is null) = (confirmed_by is null))
);
comment on table coordination.invitation is
    'Somebody was asked by mail to enter a circle: it opens nothing until he has accepted.';
comment on column coordination.invitation.token_hash is
    'Digest of what the link of the last mail holds; a new mail replaces it.';
comment on column coordination.invitation.person is
    'Who may answer it: whose account it turned out to be, or was opened for it.';
create unique index invitation_waiting on coordination.invitation (patient_id, address, role)
    where answer is null;
create index invitation_of on coordination.invitation (patient_id, invited_at);
create index invitation_by on coordination.invitation (invited_by, invited_at);
create index invitation_to on coordination.invitation (person) where answer is null;
create index invitation_to_confirm on coordination.invitation (organisation)
    where answer is null and asked_at is not null and confirmed_at is null;
