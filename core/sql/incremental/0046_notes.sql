-- purpose: notes that are answered, mentioned, tagged, reminded of, read by name, or withheld
-- kind: pre
-- lock: short, new columns without a scan
-- rollback: forward only
alter table access.item add column within uuid references access.item on delete restrict;
comment on column access.item.within is
    'The item this one belongs to, such as the note it answers: nobody to whom that one is not shown reads this one.';
create index item_within on access.item (within) where within is not null;

create table access.item_withheld (
    id uuid primary key,
    item_id uuid not null references access.item on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    cause text not null check (cause in ('third_party', 'abuse')),
    reason text not null check (length(btrim(reason)) >= 1 and length(reason) <= 500),
    review_on date not null,
    by uuid not null references access.party on delete restrict,
    at timestamptz not null,
    ended_by uuid references access.party on delete restrict,
    ended_at timestamptz check (ended_at >= at),
    end_reason text check (length(end_reason) <= 500),
    check ((ended_at is null) = (ended_by is null)),
    check ((ended_at is null) = (end_reason is null))
);
comment on table access.item_withheld is
    'Not communicable (CSP L.1111-7): never shown to the patient, his family or who represents him. A review ends a row; another one follows when it stays withheld.';
comment on column access.item_withheld.review_on is 'On which day it is judged again.';
create unique index item_withheld_now on access.item_withheld (item_id) where ended_at is null;
create index item_withheld_of on access.item_withheld (patient_id) where ended_at is null;

alter table coordination.note
    add column tags text[] not null default '{}' check (cardinality(tags) <= 8),
    add column corrects uuid references coordination.note on delete restrict;
comment on column coordination.note.tags is 'Words to find it by, in small letters.';
comment on column coordination.note.corrects is
    'The note of the same author that this one adds to or corrects: a signed text never changes.';

create table coordination.note_reading (
    item_id uuid not null references coordination.note on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    person uuid not null references access.party on delete restrict,
    organisation uuid references access.party on delete restrict,
    role text not null check (role ~ '^[a-z_]+$'),
    first_at timestamptz not null,
    primary key (item_id, person)
);
comment on table coordination.note_reading is
    'Who opened a note, for the first time, and as what; its author is not a reader of it.';
create index note_reading_of on coordination.note_reading (person, item_id);

create table coordination.note_mention (
    item_id uuid not null references coordination.note on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    party uuid not null references access.party on delete restrict,
    primary key (item_id, party)
);
comment on table coordination.note_mention is
    'For whose attention a note is: a person, or an organisation of the circle.';
create index note_mention_of on coordination.note_mention (party);

create table coordination.note_reminder (
    id uuid primary key,
    item_id uuid not null references coordination.note on delete restrict,
    patient_id uuid not null references access.patient on delete restrict,
    due_on date not null,
    party uuid references access.party on delete restrict,
    role text check (role ~ '^[a-z_]+$'),
    made_by uuid not null references access.party on delete restrict,
    made_at timestamptz not null,
    done_by uuid references access.party on delete restrict,
    done_at timestamptz check (done_at >= made_at),
    check (num_nonnulls(party, role) = 1),
    check ((done_at is null) = (done_by is null))
);
comment on table coordination.note_reminder is
    'On which day a note comes back, to oneself or to whoever holds a role in the circle.';
create index note_reminder_of_note on coordination.note_reminder (item_id);
create index note_reminder_due on coordination.note_reminder (patient_id, due_on)
    where done_at is null;
