-- purpose: answers to questionnaires
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create schema questionnaires;
comment on schema questionnaires is 'Asking: answers to versioned instruments.';

create table questionnaires.answer (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    instrument text not null,
    version smallint not null,
    answers jsonb not null,
    answered_at timestamptz not null,
    received_at timestamptz not null,
    entered_by uuid not null references access.party on delete restrict,
    client_key text not null,
    unique (patient_id, client_key)
);
comment on table questionnaires.answer is 'One filled-in questionnaire, stored once per client key.';
comment on column questionnaires.answer.answers is 'Item code to answer code or number.';
create index answer_by_patient on questionnaires.answer (patient_id, answered_at desc);
