-- purpose: rooms in which the people of a circle talk, and conversations of professionals
-- kind: pre
-- lock: short, new tables; the trigger on memberships is put on by 98_chat.sql
-- rollback: forward only
create table coordination.chat_room (
    id uuid primary key,
    kind text not null check (kind in ('carers', 'team', 'patient', 'direct', 'group')),
    patient_id uuid references access.patient on delete restrict,
    title text check (length(btrim(title)) >= 1 and length(title) <= 80),
    opened_by uuid references access.party on delete restrict,
    opened_at timestamptz not null,
    last_seq bigint not null default 0 check (last_seq >= 0),
    last_at timestamptz,
    removed_through bigint not null default 0 check (removed_through between 0 and last_seq),
    check (kind in ('direct', 'group') or patient_id is not null),
    check ((kind in ('direct', 'group')) = (opened_by is not null)),
    check ((kind = 'group') = (title is not null))
);
comment on table coordination.chat_room is
    'A room of a patient, of one of three kinds that say who reads it, or a conversation of professionals.';
comment on column coordination.chat_room.kind is
    'carers: health professionals; team: those who help at home and the social side too; patient: the patient and the family too.';
comment on column coordination.chat_room.last_seq is
    'Number of the last message: given in the transaction that inserts it, without a gap.';
comment on column coordination.chat_room.removed_through is
    'Messages up to this number were removed by retention.';
create unique index chat_room_of_kind on coordination.chat_room (patient_id, kind)
    where kind in ('carers', 'team', 'patient');
create index chat_room_of_patient on coordination.chat_room (patient_id);

create table coordination.chat_member (
    room_id uuid not null references coordination.chat_room on delete restrict,
    person uuid not null references access.party on delete restrict,
    joined_at timestamptz not null,
    added_by uuid not null references access.party on delete restrict,
    left_at timestamptz check (left_at >= joined_at),
    primary key (room_id, person, joined_at)
);
comment on table coordination.chat_member is
    'Who is in a conversation, and since when; whoever comes later reads nothing said before.';
create unique index chat_member_now on coordination.chat_member (person, room_id)
    where left_at is null;

create table coordination.chat_since (
    membership_id uuid primary key references access.membership on delete restrict,
    since timestamptz not null
);
comment on table coordination.chat_since is
    'Since when a membership gives what it gives now, where its role or what the patient agreed to changed on the way.';

create table coordination.chat_message (
    room_id uuid not null references coordination.chat_room on delete restrict,
    seq bigint not null check (seq > 0),
    id uuid not null unique,
    key uuid not null,
    patient_id uuid references access.patient on delete restrict,
    author uuid not null references access.party on delete restrict,
    author_name text not null,
    author_role text not null,
    author_organisation text,
    sent timestamptz not null,
    urgent boolean not null,
    text text not null check (length(text) <= 4000),
    item_id uuid references access.item on delete restrict,
    withdrawn_at timestamptz check (withdrawn_at >= sent),
    withdrawn_by uuid references access.party on delete restrict,
    reason text check (length(btrim(reason)) >= 1 and length(reason) <= 500),
    primary key (room_id, seq),
    unique (author, key),
    check ((withdrawn_at is null) = (withdrawn_by is null)),
    check ((withdrawn_at is null) = (length(btrim(text)) >= 1)),
    check (reason is null or withdrawn_at is not null)
);
comment on table coordination.chat_message is 'What was said in a room, in its order.';
comment on column coordination.chat_message.key is
    'Chosen by who sends it: the same sent again is stored once.';
comment on column coordination.chat_message.item_id is
    'An item of the record it speaks of, such as a note or a document: shown to whoever reads that.';
comment on column coordination.chat_message.reason is
    'Why somebody else than its author withdrew it.';
create index chat_message_by_time on coordination.chat_message (room_id, sent);

create table coordination.chat_withdrawn (
    room_id uuid not null,
    seq bigint not null,
    text text not null,
    primary key (room_id, seq),
    foreign key (room_id, seq) references coordination.chat_message on delete cascade
);
comment on table coordination.chat_withdrawn is
    'The words of withdrawn messages, which no page shows: the trace of what was said.';

create table coordination.chat_mention (
    room_id uuid not null,
    seq bigint not null,
    person uuid not null references access.party on delete restrict,
    primary key (room_id, seq, person),
    foreign key (room_id, seq) references coordination.chat_message on delete cascade
);
comment on table coordination.chat_mention is 'For whose attention a message is: readers of the room.';
create index chat_mention_of on coordination.chat_mention (person);

create table coordination.chat_reading (
    room_id uuid not null references coordination.chat_room on delete restrict,
    person uuid not null references access.party on delete restrict,
    through bigint not null check (through >= 0),
    at timestamptz not null,
    muted_until timestamptz,
    primary key (room_id, person)
);
comment on table coordination.chat_reading is 'How far somebody has read a room, and until when he is told of nothing but what is urgent.';

create table coordination.chat_removed (
    room_id uuid not null references coordination.chat_room on delete restrict,
    first bigint not null check (first > 0),
    last bigint not null check (last >= first),
    removed_at timestamptz not null,
    primary key (room_id, first)
);
comment on table coordination.chat_removed is 'Which messages retention removed, and when.';

alter table coordination.chat_room enable row level security;
alter table coordination.chat_member enable row level security;
alter table coordination.chat_since enable row level security;
alter table coordination.chat_message enable row level security;
alter table coordination.chat_withdrawn enable row level security;
alter table coordination.chat_mention enable row level security;
alter table coordination.chat_reading enable row level security;
alter table coordination.chat_removed enable row level security;
