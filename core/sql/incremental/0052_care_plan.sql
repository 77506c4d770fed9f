-- purpose: stays in hospital, actions, visits
-- kind: pre
-- lock: short, new tables; pauses and notices while a column and a check are made anew
-- rollback: forward only
alter table questionnaires.pause add column of_stay boolean not null default false;
comment on column questionnaires.pause.of_stay is
    'Made by a stay in hospital, which ends it too; the circle is told of the stay, not of this.';
-- Kinds of notices are those that whoever tells knows how to say.
alter table coordination.notice
    drop constraint notice_kind_check,
    add constraint notice_kind_check check (kind ~ '^[a-z_]+$');

create table coordination.stay (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    state text not null check (state in ('emergency', 'admitted', 'discharged', 'cancelled')),
    started_at timestamptz not null,
    planned_out_on date,
    ended_at timestamptz check (ended_at >= started_at),
    call_due_at timestamptz check (call_due_at > ended_at),
    called_at timestamptz,
    called_by uuid references access.party on delete restrict,
    asks_at timestamptz,
    asked_at timestamptz,
    opened_by uuid not null references access.party on delete restrict,
    opened_at timestamptz not null,
    version integer not null default 1 check (version > 0),
    check (state in ('discharged', 'cancelled') or ended_at is null),
    check (state <> 'discharged' or ended_at is not null),
    check ((called_at is null) = (called_by is null)),
    -- An open stay always asks a human some day.
    check (state not in ('emergency', 'admitted') or asks_at is not null)
);
comment on table coordination.stay is
    'A stay in hospital or a visit to the emergency department, marked by hand (FHIR Encounter). It holds no unit and no reason: a ward is a diagnosis.';
comment on column coordination.stay.call_due_at is 'Until when somebody speaks with the patient who is home again.';
comment on column coordination.stay.asks_at is 'When a person is asked: a stay that goes on too long, or a call that is late.';
comment on column coordination.stay.version is 'Of two who change it at once, the second is told.';
create unique index stay_open_once on coordination.stay (patient_id)
    where state in ('emergency', 'admitted');
create index stay_by_patient on coordination.stay (patient_id, started_at desc);
create index stay_asks on coordination.stay (asks_at) where asked_at is null and asks_at is not null;

create table coordination.stay_event (
    id uuid primary key,
    stay_id uuid not null references coordination.stay on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    by_person uuid references access.party on delete restrict,
    what text not null check (what in ('emergency', 'admitted', 'planned', 'still', 'discharged',
        'corrected', 'cancelled', 'called', 'asked')),
    started_at timestamptz not null,
    planned_out_on date,
    ended_at timestamptz
);
comment on table coordination.stay_event is
    'Who marked what of a stay, and how it stood from then on; a stay is never changed without one.';
create index stay_event_of on coordination.stay_event (stay_id, at);
create index stay_event_by_time on coordination.stay_event (at);

alter table access.item
    drop constraint item_kind_check,
    add constraint item_kind_check check (kind in ('note', 'document', 'social', 'action'));

create table coordination.action (
    item_id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    author uuid not null references access.party on delete restrict,
    wording text not null check (length(btrim(wording)) between 1 and 300),
    owner uuid references access.party on delete restrict,
    owner_role text check (owner_role ~ '^[a-z_]+$'),
    due_on date not null,
    state text not null check (state in ('proposed', 'accepted', 'done', 'refused', 'returned',
        'abandoned')),
    accept_by timestamptz,
    result text not null default '' check (length(result) <= 500),
    note_item uuid references coordination.note on delete restrict,
    alert_id uuid references alerts.alert on delete restrict,
    given_at timestamptz not null,
    version integer not null default 1 check (version > 0),
    foreign key (item_id, patient_id, author)
        references access.item (item_id, patient_id, author) on delete restrict,
    check (num_nonnulls(owner, owner_role) = 1),
    -- What nobody has accepted always goes back some day.
    check (state <> 'proposed' or accept_by is not null)
);
comment on table coordination.action is
    'Something to do for a patient, given to somebody who accepts it in time or it goes back to its author (FHIR Task).';
comment on column coordination.action.owner is 'Who does it: a person or an organisation of the circle.';
comment on column coordination.action.owner_role is 'Or whoever holds that role.';
comment on column coordination.action.note_item is
    'The note it came from: whoever does not read that one sees nothing of this.';
create index action_by_patient on coordination.action (patient_id, due_on);
create index action_of_owner on coordination.action (owner) where state in ('proposed', 'accepted');
create index action_of_author on coordination.action (author)
    where state in ('refused', 'returned');
create index action_to_return on coordination.action (accept_by) where state = 'proposed';

create table coordination.action_event (
    id uuid primary key,
    item_id uuid not null references coordination.action on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    at timestamptz not null,
    by_person uuid references access.party on delete restrict,
    what text not null check (what in ('give', 'accept', 'refuse', 'take', 'done', 'reopen',
        'abandon', 'return')),
    words text not null default '' check (length(words) <= 500)
);
comment on table coordination.action_event is 'Who said what of an action; nobody: the machine gave it back.';
create index action_event_of on coordination.action_event (item_id, at);

create table coordination.visit_line (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    party uuid not null references access.party on delete restrict,
    what text not null check (length(btrim(what)) between 1 and 200),
    weekdays smallint[] not null check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) > 0),
    at_time time,
    starts_on date not null,
    ended_on date check (ended_on >= starts_on),
    made_by uuid not null references access.party on delete restrict,
    made_at timestamptz not null,
    ended_by uuid references access.party on delete restrict,
    check ((ended_on is null) = (ended_by is null))
);
comment on table coordination.visit_line is
    'Who comes to a patient on which days of the week, and for what (FHIR CarePlan.activity).';
comment on column coordination.visit_line.weekdays is '1 is Monday.';
comment on column coordination.visit_line.ended_on is 'The first day without it.';
create index visit_line_by_patient on coordination.visit_line (patient_id);
create index visit_line_of on coordination.visit_line (party);

create table coordination.visit_report (
    id uuid primary key,
    line_id uuid not null references coordination.visit_line on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    day date not null,
    outcome text not null check (outcome in ('done', 'not_done', 'problem')),
    words text not null default '' check (length(words) <= 500),
    by_person uuid not null references access.party on delete restrict,
    at timestamptz not null,
    undone_at timestamptz check (undone_at >= at),
    undone_by uuid references access.party on delete restrict,
    check ((undone_at is null) = (undone_by is null))
);
comment on table coordination.visit_report is 'What came of a visit, and who said so.';
create unique index visit_report_once on coordination.visit_report (line_id, day)
    where undone_at is null;
create index visit_report_by_patient on coordination.visit_report (patient_id, day);
