-- purpose: answers with their edition, task, source and history
-- kind: pre
-- lock: access exclusive on questionnaires.answer, rewritten once (a version may be a date)
-- rollback: forward only
alter table questionnaires.answer
    alter column version type text using version::text,
    add column edition text references questionnaires.edition on delete restrict,
    add column task_id uuid,
    add column source text not null default 'patient' check (
        source in ('patient', 'carer', 'staff_phone', 'bedside', 'paper', 'link')),
    add column started_at timestamptz,
    add column seconds integer check (seconds >= 0),
    add column device text check (length(device) <= 60),
    add column scores jsonb not null default '{}',
    add column level text check (level in ('green', 'orange', 'red')),
    add column urgency text check (urgency in ('call_15', 'call_3114')),
    add column given_digest bytea,
    add column words text check (length(words) <= 2000),
    add column replaces uuid unique references questionnaires.answer on delete restrict,
    add column reason text,
    add check ((replaces is null) = (reason is null));
comment on column questionnaires.answer.edition is
    'Digest of the edition it was filled in; null for answers older than editions.';
comment on column questionnaires.answer.task_id is 'The task of the plan it answers, if any.';
comment on column questionnaires.answer.source is 'By which way it was entered.';
comment on column questionnaires.answer.seconds is 'How long the person took, when known.';
comment on column questionnaires.answer.scores is 'Score item to number, as calculated then.';
comment on column questionnaires.answer.level is 'The worst level its own edition gives an answer.';
comment on column questionnaires.answer.urgency is 'Whom the patient was told to call at once.';
comment on column questionnaires.answer.words is
    'What the person said beside, in his own words, written down by whoever asked him.';
comment on column questionnaires.answer.given_digest is
    'Of what was given: the same key with other answers is told from a repeat.';
comment on column questionnaires.answer.replaces is
    'The answer this one corrects; the old one stays and is read with its history.';
create index answer_by_task on questionnaires.answer (task_id) where task_id is not null;

create table questionnaires.answer_reading (
    answer_id uuid not null references questionnaires.answer on delete restrict,
    link_id text not null,
    patient_id uuid not null references access.patient on delete restrict,
    vital smallint not null,
    reading_id bigint not null,
    measured_at timestamptz not null,
    received_at timestamptz not null,
    primary key (answer_id, link_id)
);
comment on table questionnaires.answer_reading is
    'Which reading of the time series a number of an answer became.';

create table questionnaires.observation (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    answer_id uuid not null references questionnaires.answer on delete restrict,
    link_id text not null,
    loinc text not null,
    value double precision not null,
    unit text,
    observed_at timestamptz not null,
    unique (answer_id, link_id)
);
comment on table questionnaires.observation is
    'A coded number of an answer that no time series holds, and calculated scores with a code; it '
    'counts while its answer is not replaced.';
create index observation_by_patient on questionnaires.observation
    (patient_id, loinc, observed_at desc);

create table questionnaires.photo (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    by_person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    kind text not null check (kind in ('image/jpeg')),
    width integer not null check (width between 1 and 4096),
    height integer not null check (height between 1 and 4096),
    bytes bytea not null check (octet_length(bytes) <= 10485760)
);
comment on table questionnaires.photo is
    'A photograph given as an answer, drawn anew without what the camera wrote into it.';
create index photo_by_patient on questionnaires.photo (patient_id);
create index photo_by_person on questionnaires.photo (by_person, at);

create table questionnaires.photo_try (
    person uuid not null references access.party on delete restrict,
    at timestamptz not null
);
comment on table questionnaires.photo_try is
    'Recent tries to send a photograph, refused ones included: a flood is refused, not drawn.';
create index photo_try_by_person on questionnaires.photo_try (person, at);

create table questionnaires.link (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    recipient uuid not null references access.party on delete restrict,
    edition text not null references questionnaires.edition on delete restrict,
    task_id uuid,
    token_hash bytea not null unique,
    code_hash bytea not null,
    session_hash bytea unique,
    made_at timestamptz not null,
    made_by uuid references access.party on delete restrict,
    expires_at timestamptz not null,
    tries smallint not null default 0 check (tries between 0 and 5),
    opened_at timestamptz,
    ended_at timestamptz,
    check (expires_at > made_at)
);
comment on table questionnaires.link is
    'A link to one questionnaire: a token and a code, both only as digests; it opens no record.';
comment on column questionnaires.link.recipient is 'Who answers by it, with his own rights.';
comment on column questionnaires.link.tries is 'Wrong codes; at the fifth the link is dead.';
comment on column questionnaires.link.session_hash is
    'Of the cookie given for the right code: only that browser answers.';
create index link_by_patient on questionnaires.link (patient_id, made_at desc);

-- The first request for review of the transaction that amended: an older one still there says that
-- nobody had judged the value that was replaced. Readings amended before this column say nothing.
alter table vitals.amendment add column due_from bigint;
comment on column vitals.amendment.due_from is
    'The first request for review made with it: an older one left means nobody judged what it replaced.';
