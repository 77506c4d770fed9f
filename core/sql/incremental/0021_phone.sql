-- purpose: what the patient asks for on his phone: to be called back, what a carer may do for him
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table questionnaires.called (
    answer_id uuid primary key references questionnaires.answer on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    called boolean not null,
    said_at timestamptz not null,
    said_by uuid not null references access.party on delete restrict
);
comment on table questionnaires.called is
    'What was said of calling for help when an answer showed whom to call.';
create index called_by_patient on questionnaires.called (patient_id, said_at desc);

create table alerts.call_back (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    asked_at timestamptz not null,
    asked_by uuid not null references access.party on delete restrict,
    client_key text not null check (length(client_key) between 8 and 64),
    alert_id uuid references alerts.alert on delete restrict,
    unique (patient_id, client_key)
);
comment on table alerts.call_back is
    'Somebody asks the team to call him; its alert is raised at once, or by the next pass.';
comment on column alerts.call_back.alert_id is
    'The alert that calls the team; several requests feed one that is open.';
create index call_back_by_patient on alerts.call_back (patient_id, asked_at desc);
create index call_back_to_raise on alerts.call_back (asked_at) where alert_id is null;
