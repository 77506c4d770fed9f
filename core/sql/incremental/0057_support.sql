-- purpose: requests for support to a DAC
-- kind: pre
-- lock: short, new tables
-- rollback: forward only
create table coordination.support_request (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    requester uuid not null references access.party on delete restrict,
    organisation uuid references access.party on delete restrict,
    performer uuid not null references access.party on delete restrict,
    code text not null check (code in ('information', 'orientation', 'coordination', 'complex')),
    note text not null check (length(btrim(note)) between 3 and 2000),
    told boolean not null,
    untold_reason text not null default '' check (length(untold_reason) <= 300),
    authored_on timestamptz not null,
    answer_by timestamptz not null check (answer_by > authored_on),
    receive_by timestamptz not null check (receive_by > authored_on and receive_by <= answer_by),
    state text not null check (state in ('submitted', 'received', 'answered', 'completed',
        'revoked')),
    answer text not null default '' check (length(answer) <= 2000),
    outcome text check (outcome in ('informed', 'oriented', 'coordinated', 'declined')),
    told_late_at timestamptz,
    version integer not null default 1 check (version > 0),
    -- Whoever was not told was not told for a reason.
    check (told = (btrim(untold_reason) = '')),
    check ((state = 'completed') = (outcome is not null)),
    check (state <> 'answered' or answer <> '')
);
comment on table coordination.support_request is
    'A demande d''appui: a professional of the circle asks a DAC for support (FHIR ServiceRequest).';
comment on column coordination.support_request.performer is
    'The organisation of the DAC; of the record it reads nothing by being asked.';
comment on column coordination.support_request.receive_by is
    'When it is told again, once, if nobody has received it.';
comment on column coordination.support_request.untold_reason is 'Why the patient does not know of it yet.';
create index support_request_by_patient on coordination.support_request (patient_id, authored_on);
create index support_request_of_performer on coordination.support_request (performer, answer_by);
create index support_request_to_receive on coordination.support_request (receive_by)
    where state = 'submitted' and told_late_at is null;

create table coordination.support_event (
    id uuid primary key,
    request_id uuid not null references coordination.support_request on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    by_person uuid references access.party on delete restrict,
    what text not null check (what in ('submit', 'receive', 'answer', 'close', 'reopen', 'withdraw',
        'late')),
    words text not null default '' check (length(words) <= 2000)
);
comment on table coordination.support_event is
    'Who did what with a request for support; nobody: the machine told of it again.';
create index support_event_of on coordination.support_event (request_id, at);
