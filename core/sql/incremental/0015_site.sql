-- purpose: training territories apart from real ones; terms of use and who accepted them
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only
alter table access.party add column training boolean not null default false;
comment on column access.party.training is
    'Belongs to a training territory: invented data, never in one circle or post with real people.';
create index party_in_training on access.party (id) where training;

create table identity.terms_acceptance (
    person uuid not null references access.party on delete restrict,
    digest bytea not null check (length(digest) = 32),
    version text not null check (version <> ''),
    locale text not null check (locale in ('fr', 'en')),
    session uuid,
    accepted_at timestamptz not null,
    primary key (person, digest)
);
comment on table identity.terms_acceptance is
    'Which text of the terms of use a person accepted, and when; rows are never changed.';
comment on column identity.terms_acceptance.digest is
    'SHA-256 of the very text that was shown, in the language in which it was shown.';
