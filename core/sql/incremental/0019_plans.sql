-- purpose: plans of questions, pauses, tasks of the day
-- kind: pre
-- lock: none, new tables
-- rollback: forward only
create table questionnaires.plan (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    programme text not null check (programme ~ '^[a-z0-9-]+$'),
    programme_version smallint not null check (programme_version > 0),
    title jsonb not null,
    zone text not null check (zone <> ''),
    starts_on date not null,
    ends_on date check (ends_on >= starts_on),
    high_risk boolean not null,
    required_by_law boolean not null,
    silence_alert boolean not null default true,
    created_at timestamptz not null,
    created_by uuid not null references access.party on delete restrict,
    ended_at timestamptz,
    ended_by uuid references access.party on delete restrict,
    end_reason text check (end_reason ~ '^[a-z_]+$'),
    check (silence_alert or not required_by_law),
    check ((ended_at is null) = (end_reason is null))
);
comment on table questionnaires.plan is
    'What a patient is asked, how often and until when (FHIR CarePlan).';
comment on column questionnaires.plan.title is 'Language to title, as in the programme it was made of.';
comment on column questionnaires.plan.zone is 'IANA zone in which its days and times are meant.';
comment on column questionnaires.plan.ends_on is 'Last day, inclusive; null: until a person ends it.';
comment on column questionnaires.plan.required_by_law is
    'The decree of its programme (22 June 2023) forbids to switch off the alert of silence.';
comment on column questionnaires.plan.ended_by is 'Null when it came to its last day by itself.';
create unique index plan_live_once on questionnaires.plan (patient_id, programme)
    where ended_at is null;
create index plan_to_end on questionnaires.plan (ends_on) where ended_at is null;
create index plan_by_patient on questionnaires.plan (patient_id, created_at desc);

create table questionnaires.plan_line (
    id uuid primary key,
    plan_id uuid not null references questionnaires.plan on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    questionnaire text not null check (questionnaire ~ '^[a-z0-9-]+$'),
    edition text not null,
    schedule jsonb not null,
    begins_at timestamptz not null,
    ended_at timestamptz check (ended_at >= begins_at),
    planned_through timestamptz not null
);
comment on table questionnaires.plan_line is
    'One questionnaire of a plan in one pinned edition; a change ends the line and begins another.';
comment on column questionnaires.plan_line.begins_at is 'It asks at occasions after this instant.';
comment on column questionnaires.plan_line.ended_at is 'It asks at no occasion after this instant.';
comment on column questionnaires.plan_line.planned_through is
    'Every occasion before this instant has its task.';
create index plan_line_by_plan on questionnaires.plan_line (plan_id, begins_at);
create index plan_line_by_patient on questionnaires.plan_line (patient_id);
create index plan_line_to_plan on questionnaires.plan_line (planned_through)
    where ended_at is null;

create table questionnaires.pause (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    reason text not null check (reason in ('holiday', 'hospital', 'other')),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    paused_at timestamptz not null,
    paused_by uuid references access.party on delete restrict,
    resumed_at timestamptz check (resumed_at <= ends_at),
    resumed_by uuid references access.party on delete restrict,
    over_at timestamptz generated always as (coalesce(resumed_at, ends_at)) stored,
    check (ends_at <= starts_at + interval '92 days')
);
comment on table questionnaires.pause is
    'A stretch in which a patient is asked nothing; it always ends, by itself if nobody ends it.';
comment on column questionnaires.pause.paused_by is 'Null: a message of a hospital.';
create index pause_by_patient on questionnaires.pause (patient_id, over_at);
create index pause_by_end on questionnaires.pause (over_at);

create table questionnaires.pause_request (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    reason text not null check (reason in ('holiday', 'hospital', 'other')),
    from_day date not null,
    until_day date not null check (until_day >= from_day),
    note text not null default '' check (length(note) <= 500),
    asked_at timestamptz not null,
    asked_by uuid not null references access.party on delete restrict,
    answered_at timestamptz,
    answered_by uuid references access.party on delete restrict,
    pause_id uuid references questionnaires.pause on delete restrict,
    check ((answered_at is null) = (answered_by is null)),
    check (pause_id is null or answered_at is not null)
);
comment on table questionnaires.pause_request is
    'A pause that a patient asks for; with an answer and no pause it was refused.';
create index pause_request_by_patient on questionnaires.pause_request (patient_id, asked_at desc);

create table questionnaires.task (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    line_id uuid not null references questionnaires.plan_line on delete restrict,
    edition text not null,
    occasion timestamptz not null,
    opens_at timestamptz not null check (opens_at <= occasion),
    due_at timestamptz not null check (due_at >= occasion),
    alarm_at timestamptz not null check (alarm_at >= due_at),
    remind_at timestamptz[] not null default '{}',
    state text not null default 'open'
        check (state in ('open', 'done', 'missed', 'paused', 'cancelled')),
    done_at timestamptz,
    answer_id uuid references questionnaires.answer on delete restrict,
    missed_at timestamptz,
    evaluated_late boolean not null default false,
    unique (line_id, occasion),
    check (state <> 'done' or done_at is not null),
    check ((state = 'missed') = (missed_at is not null)),
    check ((done_at is null) = (answer_id is null))
);
comment on table questionnaires.task is
    'One questionnaire to answer at one occasion (FHIR Task); the clock moves it, never the data.';
comment on column questionnaires.task.occasion is 'The moment meant, in UTC.';
comment on column questionnaires.task.alarm_at is 'due_at and grace: unanswered then, it is missed.';
comment on column questionnaires.task.remind_at is 'When to remind, earliest first.';
comment on column questionnaires.task.done_at is
    'When an answer came; of a missed task, that it came after all.';
comment on column questionnaires.task.evaluated_late is
    'Found missed more than 60 s after alarm_at: nobody was looking.';
create index task_by_patient on questionnaires.task (patient_id, due_at desc);
create index task_to_alarm on questionnaires.task (alarm_at) where state = 'open';
create index task_by_answer on questionnaires.task (answer_id) where answer_id is not null;

alter table alerts.setback drop constraint setback_work_check;
alter table alerts.setback add constraint setback_work_check
    check (work in ('review', 'escalation', 'silence', 'call_back'));
create index alert_of_silence on alerts.alert (patient_id)
    where item = 'no_answer' and state <> 'closed';
