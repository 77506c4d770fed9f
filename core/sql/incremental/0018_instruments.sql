-- purpose: editions of questionnaires, each kept as it was published
-- kind: pre
-- lock: none, new table
-- rollback: forward only
create table questionnaires.edition (
    digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
    name text not null check (name ~ '^[a-z][a-z0-9-]{0,80}$'),
    version text not null check (length(version) between 1 and 40),
    url text not null check (length(url) <= 4000),
    resource jsonb not null
        check (jsonb_typeof(resource) = 'object' and resource ->> 'resourceType' = 'Questionnaire'),
    origin text not null check (origin in ('shipped', 'imported')),
    organisation uuid references access.party on delete restrict,
    state text not null check (state in ('draft', 'active', 'retired')),
    created_at timestamptz not null,
    created_by uuid references access.party on delete restrict,
    published_at timestamptz,
    published_by uuid references access.party on delete restrict,
    retired_at timestamptz,
    retired_by uuid references access.party on delete restrict,
    unique (name, version),
    check ((origin = 'imported') = (organisation is not null)),
    check ((origin = 'imported') = (created_by is not null)),
    check (state <> 'draft' or (published_at is null and retired_at is null)),
    check (state <> 'active' or (published_at is not null and retired_at is null)),
    check (state <> 'retired' or retired_at is not null)
);
comment on table questionnaires.edition is
    'One edition of a questionnaire (FHIR R4 Questionnaire). Its content never changes and no edition is ever deleted: an answer given to it reads the same for ever.';
comment on column questionnaires.edition.digest is 'SHA-256 of the canonical JSON: any change makes another edition.';
comment on column questionnaires.edition.name is 'The same in every version of a questionnaire.';
comment on column questionnaires.edition.organisation is 'Whose staff imported it; null when it is shipped with Chevet.';
comment on column questionnaires.edition.state is
    'draft: seen by those who import; active: may be planned; retired: no new plan, answers still read.';
create unique index edition_active on questionnaires.edition (name) where state = 'active';
create index edition_by_organisation on questionnaires.edition (organisation, created_at desc);
