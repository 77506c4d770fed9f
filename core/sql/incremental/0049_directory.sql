-- purpose: a directory that is searched with slips of keys, by distance, with what people say of themselves
-- kind: pre
-- lock: short, new tables, and new columns without a scan
-- rollback: forward only
create extension if not exists pg_trgm with schema public;

alter table identity.organisation
    add column postcode text check (postcode ~ '^[0-9]{5}$'),
    add column town text check (town <> ''),
    add column commune text check (commune ~ '^([0-9]{2}|2A|2B)[0-9]{3}$'),
    add column phone text check (phone <> '');
comment on column identity.organisation.commune is 'INSEE code of the commune where it stands.';
comment on column identity.organisation.phone is 'Number of its switchboard, as the directory has it.';

create table identity.commune (
    code text primary key check (code ~ '^([0-9]{2}|2A|2B)[0-9]{3}$'),
    name text not null check (name <> ''),
    postcodes text[] not null default '{}',
    latitude double precision not null check (latitude between -90 and 90),
    longitude double precision not null check (longitude between -180 and 180)
);
comment on table identity.commune is
    'Communes and their centres, imported by the operator: what a distance is measured from.';
comment on column identity.commune.code is 'INSEE code.';
comment on column identity.commune.latitude is 'Degrees north, WGS 84.';
comment on column identity.commune.longitude is 'Degrees east, WGS 84.';
create index commune_by_postcode on identity.commune using gin (postcodes);

create table identity.directory_entry (
    party uuid primary key references access.party on delete restrict,
    kind text not null check (kind in ('person', 'organisation')),
    name text not null check (name <> ''),
    sort_name text not null collate "C",
    profession text,
    words text[] not null,
    communes text[] not null default '{}',
    active boolean not null
);
comment on table identity.directory_entry is
    'What the search of the directory reads of each professional and organisation; derived.';
comment on column identity.directory_entry.sort_name is 'The name in plain letters, family name first.';
comment on column identity.directory_entry.words is
    'Words of name, profession, structures, towns and offers in plain letters: what is looked for is among them.';
comment on column identity.directory_entry.communes is 'INSEE codes of where the places are.';
create index directory_entry_by_words on identity.directory_entry using gin (words);
create index directory_entry_by_profession on identity.directory_entry
    (profession, sort_name);

create table identity.directory_word (
    word text primary key collate "C"
);
comment on table identity.directory_word is
    'Every word of the directory once: letters are compared with a few thousand words, not with each entry.';
create index directory_word_by_letters on identity.directory_word
    using gin (word public.gin_trgm_ops);

create table identity.directory_offer (
    party uuid primary key references access.party on delete restrict,
    offers text not null default '' check (length(offers) <= 300),
    availability text not null default '' check (length(availability) <= 200),
    phone text check (phone ~ '^[+0-9 ]{4,20}$'),
    said_by uuid not null references access.party on delete restrict,
    said_at timestamptz not null
);
comment on table identity.directory_offer is
    'What a professional or an organisation says of itself to those who search the directory.';
comment on column identity.directory_offer.availability is
    'Note of availability; shown as old once it has stood for some weeks.';
comment on column identity.directory_offer.phone is 'Number of work, for whoever reads the directory.';

create table identity.directory_private (
    party uuid primary key references access.party on delete restrict,
    phone text not null check (phone ~ '^[+0-9 ]{4,20}$'),
    said_by uuid not null references access.party on delete restrict,
    said_at timestamptz not null
);
comment on table identity.directory_private is
    'Private numbers: for the person and his administrator, and in no list, file or answer.';

create table identity.directory_favourite (
    person uuid not null references access.party on delete restrict,
    party uuid not null references access.party on delete restrict,
    since timestamptz not null,
    primary key (person, party)
);
comment on table identity.directory_favourite is 'Entries of the directory that a person keeps at hand.';

alter table identity.directory_import
    add column closed integer not null default 0;
comment on column identity.directory_import.closed is
    'Entries that the extract says have ceased; they stay, marked, and are found no more.';
