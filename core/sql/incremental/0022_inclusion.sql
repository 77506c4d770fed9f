-- purpose: requests for telemonitoring, inclusions, follow-ups, first contacts, households, death
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
alter table access.patient
    add column died_on date,
    add column death_noted_at timestamptz,
    add constraint patient_death_is_noted check ((died_on is null) = (death_noted_at is null));
comment on column access.patient.died_on is
    'Day of death; while it stands nothing is sent to him, nor to his family about him.';
create index patient_dead on access.patient (id) where died_on is not null;

create table coordination.request (
    id uuid primary key,
    requested_by uuid not null references access.party on delete restrict,
    post uuid not null references access.post on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    centre uuid not null references access.party on delete restrict,
    patient_id uuid references access.patient on delete restrict,
    birth_name text not null check (birth_name <> ''),
    first_name text not null check (first_name <> ''),
    birth_date date not null,
    sex text not null check (sex in ('female', 'male', 'unknown')),
    phone text not null,
    programme text not null check (programme ~ '^[a-z0-9-]+$'),
    risk text not null check (risk in ('usual', 'raised', 'high')),
    reason text not null check (length(reason) between 3 and 2000),
    discharge_on date,
    oxygen_l_min numeric(3, 1) check (oxygen_l_min > 0 and oxygen_l_min <= 15),
    patient_told boolean not null check (patient_told),
    sent_at timestamptz not null,
    state text not null check (state in ('sent', 'accepted', 'refused', 'withdrawn')),
    decided_at timestamptz,
    decided_by uuid references access.party on delete restrict,
    refusal text check (refusal in ('not_eligible', 'no_capacity', 'patient_refuses',
        'unreachable', 'already_followed', 'other')),
    note text not null default '' check (length(note) <= 1000),
    check ((state = 'sent') = (decided_at is null)),
    check ((decided_at is null) = (decided_by is null)),
    check ((state = 'refused') = (refusal is not null))
);
comment on table coordination.request is
    'Somebody asks a telemonitoring centre to follow a person (demande de télésuivi).';
comment on column coordination.request.patient_id is
    'The record, if the person has one, or the one the centre made of the request.';
comment on column coordination.request.oxygen_l_min is 'Oxygen at home, in litres a minute.';
comment on column coordination.request.patient_told is
    'The requester says that the person knows of the request and does not oppose it.';
create index request_of_centre on coordination.request (centre, sent_at) where state = 'sent';
create index request_by_centre on coordination.request (centre, decided_at desc);
create index request_by_requester on coordination.request (requested_by, sent_at desc);
create unique index request_waiting_once on coordination.request (patient_id, centre, programme)
    where state = 'sent' and patient_id is not null;

create table coordination.inclusion (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    request_id uuid references coordination.request on delete restrict,
    state text not null check (state in ('open', 'included', 'refused')),
    typed jsonb not null default '{}',
    opened_by uuid not null references access.party on delete restrict,
    opened_at timestamptz not null,
    saved_at timestamptz not null,
    decided_by uuid references access.party on delete restrict,
    decided_at timestamptz,
    refusal text check (refusal in ('not_eligible', 'patient_refuses', 'cannot_answer',
        'unreachable', 'other')),
    note text not null default '' check (length(note) <= 1000),
    check ((state = 'open') = (decided_at is null)),
    check ((state = 'refused') = (refusal is not null))
);
comment on table coordination.inclusion is
    'The path from a person to a follow-up; what was typed is kept until it is decided.';
create unique index inclusion_open_once on coordination.inclusion (patient_id, organisation)
    where state = 'open';
create index inclusion_by_organisation on coordination.inclusion (organisation, saved_at desc);

create table coordination.episode (
    id uuid primary key,
    inclusion_id uuid not null unique references coordination.inclusion on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    programme text not null check (programme ~ '^[a-z0-9-]+$'),
    plan_id uuid,
    prescription_id uuid references alerts.prescription on delete restrict,
    eligibility jsonb not null,
    person_to_call jsonb,
    included_by uuid not null references access.party on delete restrict,
    included_at timestamptz not null,
    ends_on date,
    first_contact_due_at timestamptz not null check (first_contact_due_at > included_at),
    first_contact_at timestamptz,
    first_contact_by uuid references access.party on delete restrict,
    late_at timestamptz,
    ended_at timestamptz check (ended_at >= included_at),
    ended_by uuid references access.party on delete restrict,
    end_reason text check (end_reason in ('planned_end', 'recovery', 'refusal',
        'hospitalisation', 'move', 'death')),
    end_note text not null default '' check (length(end_note) <= 2000),
    check ((first_contact_at is null) = (first_contact_by is null)),
    check ((ended_at is null) = (end_reason is null)),
    check ((ended_at is null) = (ended_by is null))
);
comment on table coordination.episode is
    'A follow-up of a patient by an organisation, from inclusion to exit (FHIR EpisodeOfCare).';
comment on column coordination.episode.eligibility is 'Criterion to answer, as ticked.';
comment on column coordination.episode.person_to_call is
    'Personne à prévenir: name, telephone and tie; no right on the record comes of it.';
comment on column coordination.episode.late_at is
    'When the machine saw that the first contact is late and moved the patient up in the queues.';
create unique index episode_live_once on coordination.episode (patient_id, programme)
    where ended_at is null;
create index episode_by_organisation on coordination.episode (organisation, included_at desc);
create index episode_by_patient on coordination.episode (patient_id, included_at desc);
create index episode_contact_due on coordination.episode (first_contact_due_at)
    where first_contact_at is null and ended_at is null;

create table coordination.agreement (
    id uuid primary key,
    episode_id uuid not null references coordination.episode on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    kind text not null check (kind in ('telemonitoring', 'usage_data')),
    agreed boolean not null,
    text_id text not null check (text_id ~ '^[a-z_]+$'),
    text_version smallint not null check (text_version > 0),
    wording text not null check (wording <> ''),
    means text not null check (means in ('paper', 'spoken', 'digital')),
    given_by uuid not null references access.party on delete restrict,
    recorded_by uuid not null references access.party on delete restrict,
    at timestamptz not null
);
comment on table coordination.agreement is
    'What a patient was told and answered, in the very words; the latest of a kind counts.';
create index agreement_by_episode on coordination.agreement (episode_id, kind, at desc);

create table coordination.first_contact (
    id uuid primary key,
    episode_id uuid not null references coordination.episode on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    by_person uuid not null references access.party on delete restrict,
    outcome text not null check (outcome in ('reached', 'no_answer', 'wrong_number', 'later')),
    note text not null default '' check (length(note) <= 500)
);
comment on table coordination.first_contact is 'Attempts to speak with a patient just included.';
create index first_contact_by_episode on coordination.first_contact (episode_id, at desc);

create table coordination.household_link (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    other_id uuid not null references access.patient on delete restrict,
    kind text not null check (kind in ('household', 'contact')),
    noted_by uuid not null references access.party on delete restrict,
    noted_at timestamptz not null,
    ended_at timestamptz check (ended_at >= noted_at),
    ended_by uuid references access.party on delete restrict,
    check (patient_id <> other_id),
    check ((ended_at is null) = (ended_by is null))
);
comment on table coordination.household_link is
    'Lives with, or was in contact with, the index patient: opens neither record to the other.';
create unique index household_link_live on coordination.household_link
    (least(patient_id, other_id), greatest(patient_id, other_id)) where ended_at is null;
create index household_link_other on coordination.household_link (other_id)
    where ended_at is null;

create table coordination.kit_return (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    assignment uuid not null unique references devices.assignment on delete restrict,
    device text not null,
    asked_at timestamptz not null,
    settled_at timestamptz,
    settled_by uuid references access.party on delete restrict,
    outcome text check (outcome in ('returned', 'lost')),
    check ((settled_at is null) = (outcome is null)),
    check ((settled_at is null) = (settled_by is null))
);
comment on table coordination.kit_return is 'A device to fetch from a home after the follow-up.';
create index kit_return_waiting on coordination.kit_return (organisation, asked_at)
    where settled_at is null;

create table coordination.death (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    died_on date not null,
    noted_by uuid not null references access.party on delete restrict,
    organisation uuid not null references access.party on delete restrict,
    noted_at timestamptz not null,
    stopped jsonb not null,
    undone_at timestamptz check (undone_at >= noted_at),
    undone_by uuid references access.party on delete restrict,
    undo_reason text,
    check ((undone_at is null) = (undone_by is null)),
    check ((undone_at is null) = (undo_reason is null))
);
comment on table coordination.death is
    'That a patient has died: who said so, what was stopped by it, and whether it was an error.';
create unique index death_stands_once on coordination.death (patient_id) where undone_at is null;

create table coordination.relative_told (
    death_id uuid not null references coordination.death on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    party uuid not null references access.party on delete restrict,
    told_at timestamptz not null,
    told_by uuid not null references access.party on delete restrict,
    primary key (death_id, party)
);
comment on table coordination.relative_told is
    'Relatives whom a person has told of a death, by voice: the machine writes to none of them.';

create table coordination.exit_letter (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    episode_id uuid unique references coordination.episode on delete restrict,
    death_id uuid unique references coordination.death on delete restrict,
    made_at timestamptz not null,
    made_by uuid not null references access.party on delete restrict,
    pdf bytea not null check (octet_length(pdf) between 1 and 2097152),
    check (num_nonnulls(episode_id, death_id) = 1)
);
comment on table coordination.exit_letter is
    'The letter to the attending doctor when a follow-up ends, kept as it was on that day.';
create index exit_letter_by_patient on coordination.exit_letter (patient_id, made_at desc);

create table coordination.notice (
    id uuid primary key,
    kind text not null check (kind in ('request_sent', 'request_decided', 'exit_letter', 'death',
        'death_undone', 'account_invited', 'agreement_refused')),
    subject uuid not null,
    patient_id uuid references access.patient on delete restrict,
    created_at timestamptz not null,
    told_at timestamptz,
    unique (kind, subject)
);
comment on table coordination.notice is
    'Something to tell people by mail, without a word of it in the mail; told once.';
comment on column coordination.notice.subject is 'Id of the request, the follow-up, the death or the invitation.';
create index notice_to_tell on coordination.notice (created_at) where told_at is null;

create table identity.patient_invitation (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    mail text not null check (mail <> ''),
    code_by text not null check (code_by in ('sms', 'hand')),
    invited_by uuid not null references access.party on delete restrict,
    invited_at timestamptz not null
);
comment on table identity.patient_invitation is
    'Who invited a patient to open his account, where the link went and who had the code.';
comment on column identity.patient_invitation.code_by is
    'sms: to the telephone of the record, unseen by whoever invites; hand: shown to him, to give.';
create index patient_invitation_by_patient
    on identity.patient_invitation (patient_id, invited_at desc);
