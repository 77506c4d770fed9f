-- purpose: prescriptions that are drafted, signed, versioned, and named by what they produced
-- kind: pre
-- lock: short, columns of three tables; versions of the prescriptions there are are counted once
-- rollback: forward only
alter table alerts.prescription
    add column version integer,
    add column content text,
    add column digest text,
    add column ends_on date,
    add column looked_at timestamptz,
    add column look_at timestamptz;
update alerts.prescription r set version = n.version
from (
    select id, row_number() over (partition by patient_id order by starts_at, id) as version
    from alerts.prescription
) n
where n.id = r.id;
alter table alerts.prescription
    alter column version set not null,
    add constraint prescription_version unique (patient_id, version),
    add constraint prescription_digest check (
        (content is null) = (digest is null)
        and digest = encode(sha256(convert_to(content, 'UTF8')), 'hex'));
comment on column alerts.prescription.version is 'Counts from 1 for each patient.';
comment on column alerts.prescription.content is
    'The canonical text that was signed; null where a programme''s template was taken as it is.';
comment on column alerts.prescription.digest is 'SHA-256 of the content, as it was signed.';
comment on column alerts.prescription.ends_on is
    'The last day that was prescribed; watching goes on and says so.';
comment on column alerts.prescription.looked_at is
    'Up to when deadlines of silence and of the end were looked for.';
comment on column alerts.prescription.look_at is 'When to look next; null: nothing to look for.';
create index prescription_to_look_at on alerts.prescription (look_at)
    where ends_at is null and look_at is not null;

create table alerts.prescription_draft (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    base_version integer not null check (base_version >= 0),
    content text not null check (length(content) between 2 and 60000),
    reason text not null default '' check (length(reason) <= 1000),
    alert_id uuid,
    made_by uuid not null references access.party on delete restrict,
    made_at timestamptz not null,
    changed_by uuid not null references access.party on delete restrict,
    changed_at timestamptz not null,
    revision integer not null default 1 check (revision >= 1),
    state text not null default 'open' check (state in ('open', 'signed', 'discarded')),
    foreign key (alert_id, patient_id) references alerts.alert (id, patient_id) on delete restrict
);
comment on table alerts.prescription_draft is
    'A prescription nobody has signed yet: it judges nothing, and stays when the browser closes.';
comment on column alerts.prescription_draft.base_version is
    'The version it was written on; signed only while that one is the live one.';
comment on column alerts.prescription_draft.revision is
    'Counts what was saved: who signs, signs what he has seen.';
comment on column alerts.prescription_draft.alert_id is 'The alert it was proposed from, if any.';
create unique index draft_open_once on alerts.prescription_draft (patient_id, made_by)
    where state = 'open';
alter table alerts.prescription_draft enable row level security;

alter table alerts.assessment
    add column prescription_id uuid references alerts.prescription on delete restrict,
    add column prescription_version integer;
comment on column alerts.assessment.prescription_id is 'The version it was judged by.';
alter table questionnaires.answer
    add column prescription_id uuid references alerts.prescription on delete restrict,
    add column prescription_version integer;
comment on column questionnaires.answer.prescription_id is
    'The prescription in force when it was given; null while nobody watched.';
