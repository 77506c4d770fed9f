-- purpose: INS identities, professionals, organisations, duplicates, merges
-- kind: pre
-- lock: short, small or new tables
-- rollback: forward only

-- Names as they are compared: without diacritics, case, hyphens, apostrophes or spaces. The Python
-- twin is identity.names.fold; a test holds the two equal. Lives here because a column needs it.
create function identity.fold(p_text text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return regexp_replace(
    lower(replace(replace(replace(replace(replace(replace(replace(replace(
        translate(normalize(p_text, NFKD), 'ØøŁłĐđ', 'ooLldd'),
        'Œ', 'oe'), 'œ', 'oe'), 'Æ', 'ae'), 'æ', 'ae'), 'ß', 'ss'), 'ẞ', 'ss'), 'Þ', 'th'),
        'þ', 'th') collate "C"),
    '[^a-z0-9]', '', 'g');

-- The Luhn key of RPPS and FINESS; Corsican FINESS numbers count A as 1 and B as 2.
create function identity.luhn_ok(p_number text) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return (
    select sum(case when (length(p_number) - n) % 2 = 0 then d
        when d > 4 then 2 * d - 9 else 2 * d end) % 10 = 0
    from generate_series(1, length(p_number)) n
    cross join lateral (select translate(substr(p_number, n, 1), 'AB', '12')::integer as d) digit
);

alter table identity.patient
    add column birth_first_name text check (birth_first_name <> ''),
    add column birth_place text check (birth_place ~ '^([0-9]{2}|2A|2B)[0-9]{3}$'),
    add column ins text check (ins is null or case when ins ~ '^[1-8][0-9]{4}([0-9]{2}|2A|2B)[0-9]{8}$'
        then 97 - replace(replace(left(ins, 13), '2A', '19'), '2B', '18')::bigint % 97
            = right(ins, 2)::integer
        else false end),
    add column ins_oid text check (ins_oid in
        ('1.2.250.1.213.1.4.8', '1.2.250.1.213.1.4.9', '1.2.250.1.213.1.4.10')),
    add column is_homonym boolean not null default false,
    add column is_doubtful boolean not null default false,
    add column is_fictitious boolean not null default false,
    add column source text not null default 'declared'
        check (source in ('declared', 'document', 'insi', 'other_system')),
    add column document text check (document in
        ('identity_card', 'passport', 'residence_permit', 'family_record', 'birth_certificate',
        'electronic')),
    add column validated_at timestamptz,
    add column version integer not null default 1 check (version > 0),
    add column changed_at timestamptz,
    add column changed_by uuid references access.party on delete restrict,
    add column change_reason text,
    add column registered_by uuid references access.party on delete restrict,
    add constraint patient_ins_with_oid check ((ins is null) = (ins_oid is null)),
    -- A matricule comes from the INSi service: provisional and validated identities have none.
    add constraint patient_ins_by_status
        check (ins is null or ins_status in ('recovered', 'qualified')),
    add constraint patient_doubt_is_not_validated
        check (not (is_doubtful or is_fictitious) or ins_status in ('provisional', 'recovered')),
    add column search_names text generated always as (
        '=' || identity.fold(birth_name) || coalesce('=' || identity.fold(used_name), '')
        || '/=' || identity.fold(birth_first_names)
        || coalesce('=' || identity.fold(used_first_name), '')) stored;
update identity.patient set birth_first_name = split_part(birth_first_names, ' ', 1);
comment on column identity.patient.birth_first_name is
    'First of the birth first names, a strict trait of its own: « Jean Pierre » may be one name.';
comment on column identity.patient.birth_place is
    'INSEE code of the place of birth: commune, or 99 and the country.';
comment on column identity.patient.ins is 'Matricule INS (NIR or NIA) with its key, 15 characters.';
comment on column identity.patient.ins_oid is 'OID of the authority: NIR .8, NIA .9, test .10.';
comment on column identity.patient.registered_by is
    'Who registered the record: somebody else has to merge it with another.';
comment on column identity.patient.source is 'Where the traits come from.';
comment on column identity.patient.document is 'The document of high confidence that was seen.';
comment on column identity.patient.validated_at is
    'First validation; from then on the traits are read-only while the installation is a slave.';
comment on column identity.patient.search_names is
    'Folded family names, a slash, folded first names: what a search compares.';
create index patient_by_birth on identity.patient (birth_date, search_names);
create index patient_by_ins on identity.patient (ins, ins_oid) where ins is not null;

create table identity.patient_history (
    id bigint generated always as identity primary key,
    patient_id uuid not null references access.patient on delete restrict,
    version integer not null,
    until_at timestamptz not null,
    ended_by uuid references access.party on delete restrict,
    reason text,
    traits jsonb not null,
    unique (patient_id, version)
);
comment on table identity.patient_history is 'Earlier identities of a patient, as they stood.';
comment on column identity.patient_history.reason is 'Why the version was ended by a newer one.';
comment on column identity.patient_history.traits is
    'The whole row of identity.patient before the change that ended it.';

create table identity.installation (
    only_one boolean primary key default true check (only_one),
    identity_mode text not null default 'slave' check (identity_mode in ('slave', 'master'))
);
comment on table identity.installation is
    'Whether this installation may change validated traits; written by migrations only.';
insert into identity.installation default values;

create table identity.search_made (
    person uuid not null references access.party on delete cascade,
    at timestamptz not null
);
comment on table identity.search_made is 'Recent searches for patients, to bound them by person.';
create index search_made_recent on identity.search_made (person, at);

create table identity.suspected_duplicate (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    other_id uuid not null references access.patient on delete restrict,
    cause text not null check (cause in ('same_ins', 'same_traits', 'close_names')),
    found_at timestamptz not null,
    judged_at timestamptz,
    judged_by uuid references access.party on delete restrict,
    verdict text check (verdict in ('merged', 'distinct')),
    reason text,
    check (patient_id <> other_id),
    check ((judged_at is null) = (verdict is null))
);
comment on table identity.suspected_duplicate is
    'Two records that may be of one person, until somebody has judged them.';
create unique index suspected_once on identity.suspected_duplicate
    (least(patient_id, other_id), greatest(patient_id, other_id)) where judged_at is null;

create table access.patient_link (
    id uuid primary key,
    patient_id uuid not null references access.patient on delete restrict,
    into_patient uuid not null references access.patient on delete restrict,
    linked_at timestamptz not null,
    linked_by uuid not null references access.party on delete restrict,
    reason text not null check (reason <> ''),
    unlinked_at timestamptz check (unlinked_at >= linked_at),
    unlinked_by uuid references access.party on delete restrict,
    unlink_reason text,
    check (patient_id <> into_patient),
    check ((unlinked_at is null) = (unlinked_by is null))
);
comment on table access.patient_link is
    'Two records read as one while the link lives; nothing is rewritten, so unlinking restores.';
comment on column access.patient_link.into_patient is 'The record whose traits are shown.';
create unique index patient_link_live on access.patient_link (patient_id)
    where unlinked_at is null;
create index patient_link_into on access.patient_link (into_patient) where unlinked_at is null;

create table identity.professional (
    person uuid primary key references access.party on delete restrict,
    rpps text unique
        check (rpps is null or case when rpps ~ '^[0-9]{11}$' then identity.luhn_ok(rpps) else false end),
    adeli text unique check (adeli ~ '^[0-9AB]{9}$'),
    family_name text not null check (family_name <> ''),
    given_names text not null default '',
    civility text,
    profession text check (profession ~ '^[0-9]{2}$'),
    specialty text,
    mssante text check (mssante ~ '^[^@ ]+@[^@ ]+$'),
    directory_id text unique,
    active boolean not null default true,
    changed_at timestamptz not null,
    check (rpps is not null or adeli is not null)
);
create index professional_by_name on identity.professional
    ((identity.fold(family_name) collate "C"));
comment on table identity.professional is 'A health professional as the national directory has it.';
comment on column identity.professional.rpps is 'National number, 11 digits, Luhn.';
comment on column identity.professional.adeli is 'The number before RPPS; kept to find old entries.';
comment on column identity.professional.profession is 'Code of TRE_G15-ProfessionSante (ANS).';
comment on column identity.professional.specialty is 'Code of a know-how, TRE_R38 and others (ANS).';
comment on column identity.professional.mssante is 'Address in the secured mail MSSanté.';
comment on column identity.professional.directory_id is 'Technical id in the directory.';

create table identity.organisation (
    organisation uuid primary key references access.party on delete restrict,
    finess text unique check (
        finess is null or case when finess ~ '^[0-9][0-9AB][0-9]{7}$' then identity.luhn_ok(finess) else false end),
    national_id text unique,
    kind text not null default 'other' check (kind in ('hospital', 'practice', 'pharmacy',
        'laboratory', 'health_centre', 'nursing_home', 'home_care', 'telemonitoring_centre', 'dac',
        'social', 'other')),
    sector text,
    parent uuid references identity.organisation on delete restrict check (parent <> organisation),
    mssante text check (mssante ~ '^[^@ ]+@[^@ ]+$'),
    directory_id text unique,
    active boolean not null default true,
    changed_at timestamptz not null
);
comment on table identity.organisation is 'A structure as the national directory has it.';
comment on column identity.organisation.finess is 'FINESS number, 9 characters, Luhn key.';
comment on column identity.organisation.national_id is
    'IDNST: 1 and FINESS, 3 and SIRET, 4 and RPPS-rang, for structures without FINESS too.';
comment on column identity.organisation.sector is 'Code of TRE_R02-SecteurActivite (ANS).';
comment on column identity.organisation.parent is 'Legal entity or structure it is part of.';

create table identity.directory_post (
    post uuid primary key references access.post on delete restrict,
    directory_id text not null unique,
    function_code text,
    practice_mode text
);
comment on table identity.directory_post is
    'Posts that came from the directory: the only ones an extract may end.';

create table identity.directory_import (
    id uuid primary key,
    at timestamptz not null,
    by_person uuid references access.party on delete restrict,
    format text not null check (format in ('fhir', 'csv')),
    source text not null,
    dry_run boolean not null,
    created integer not null,
    updated integer not null,
    unchanged integer not null,
    ended integer not null,
    refused jsonb not null
);
comment on table identity.directory_import is 'What each import of the directory did and refused.';
create index directory_import_recent on identity.directory_import (at desc);
