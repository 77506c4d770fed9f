-- name: naive_insert
-- One reading, as somebody writes it who writes each by itself.
insert into vitals.reading
    (measured_at, received_at, patient_key, source, value, vital, quality)
values (%(measured_at)s, %(now)s, %(patient)s, 0, %(value)s, %(vital)s, %(quality)s);

-- name: patient_keys
-- The compact keys of patients.
select id, key from access.patient where id = any(%(patients)s);

-- name: count_in_streams
-- How many items are committed as received under a boot.
select coalesce(sum(upper(span) - lower(span)), 0)::bigint
from ingest.stream s, unnest(s.received) as span
where s.epoch = %(boot)s;

-- name: count_readings
-- How many readings of these patients are committed within a window.
select count(*) from vitals.reading
where patient_key = any(%(patients)s) and vital = %(vital)s
    and measured_at >= %(first)s and measured_at < %(end)s;

-- name: read_readings
-- The readings of these patients within a window.
select patient_key, measured_at, value from vitals.reading
where patient_key = any(%(patients)s) and vital = %(vital)s
    and measured_at >= %(first)s and measured_at < %(end)s;

-- name: populate_ids
-- The ids of a region: app.bench.population.Region gives the same.
create function pg_temp.bench_id(seed int, kind text, number int) returns uuid
language sql immutable as $$ select md5(concat_ws(' ', seed, kind, number))::uuid $$;

-- name: populate_parties
-- Everybody and every organisation: five centres, and a practice for four professionals.
insert into access.party (id, kind, name, created_at)
select pg_temp.bench_id(%(seed)s, 'patient', n), 'person', 'Patient ' || n, now()
from generate_series(1, %(patients)s) n
union all
select pg_temp.bench_id(%(seed)s, 'professional', n), 'person', 'Professionnel ' || n, now()
from generate_series(1, %(professionals)s) n
union all
select pg_temp.bench_id(%(seed)s, 'centre', n), 'organisation', 'Centre ' || n, now()
from generate_series(0, 4) n
union all
select pg_temp.bench_id(%(seed)s, 'practice', n), 'organisation', 'Cabinet ' || n, now()
from generate_series(0, %(professionals)s / 4) n;

-- name: populate_patients
-- Their records and circles.
with made as (
    insert into access.patient (id, created_at)
    select pg_temp.bench_id(%(seed)s, 'patient', n), now() from generate_series(1, %(patients)s) n
    returning id
)
insert into access.circle (patient_id, changed_at) select id, now() from made;

-- name: populate_traits
-- Names drawn from forty and thirty, with the marks of French; birth dates over seventy years.
with names as (
    select array['Martin', 'Bernard', 'Thomas', 'Petit', 'Robert', 'Richard', 'Durand', 'Dubois',
        'Moreau', 'Laurent', 'Simon', 'Michel', 'Lefèvre', 'Leroy', 'Roux', 'David', 'Bertrand',
        'Morel', 'Fournier', 'Girard', 'Bonnet', 'Dupont', 'Lambert', 'Fontaine', 'Rousseau',
        'Vincent', 'Müller', 'Faure', 'André', 'Mercier', 'Le Gall', 'Guérin', 'Boyer',
        'Garnier', 'Chevalier', 'François', 'Legrand', 'Gauthier', 'Benoît', 'N’Diaye'] as family,
    array['Jeanne', 'Hélène', 'François', 'Aïcha', 'Marie', 'Jean', 'Chloé', 'Noël', 'Zoé',
        'Louis', 'Agnès', 'Paul', 'Joël', 'Inès', 'Marc', 'Lucie', 'René', 'Thérèse', 'Hugo',
        'Gaëlle', 'Émile', 'Solène', 'Malik', 'Anaïs', 'Jérôme', 'Fatou', 'Élise', 'Yves',
        'Anne-Marie', 'Loïc'] as given
), drawn as (
    select n, abs(hashint8extended(n, %(seed)s)) as h from generate_series(1, %(patients)s) n
), traits as (
    select n, family[1 + h %% 40] as family, given[1 + (h / 64) %% 30] as given,
        date '1930-01-01' + (h / 4096 %% 25550)::int as born,
        case when n %% 2 = 0 then 'female' else 'male' end as sex
    from drawn, names
), named as (
    update access.party y set name = t.given || ' ' || t.family
    from traits t where y.id = pg_temp.bench_id(%(seed)s, 'patient', t.n)
)
insert into identity.patient
    (patient_id, birth_name, birth_first_names, birth_first_name, birth_date, sex)
select pg_temp.bench_id(%(seed)s, 'patient', n), family, given, given, born, sex from traits;

-- name: populate_posts
-- One post each: the third and every fortieth in a centre, the others in practices.
insert into access.post (id, person, organisation, role, starts_at)
select pg_temp.bench_id(%(seed)s, 'post', n), pg_temp.bench_id(%(seed)s, 'professional', n),
    case when n %% 40 = 3 then pg_temp.bench_id(%(seed)s, 'centre', (n / 40) %% 5)
        else pg_temp.bench_id(%(seed)s, 'practice', n / 4) end,
    case when n %% 40 = 3 then 'telemonitoring_nurse' when n %% 3 = 1 then 'home_nurse'
        when n %% 3 = 2 then 'gp' else 'pharmacist' end,
    now() - interval '1 year'
from generate_series(1, %(professionals)s) n;

-- name: populate_memberships
-- Six a patient: himself, his centre, a general practitioner, a nurse and two more professionals.
insert into access.membership (id, patient_id, party, role, basis, starts_at)
select pg_temp.bench_id(%(seed)s, m.role || m.nth, n), pg_temp.bench_id(%(seed)s, 'patient', n),
    m.party, m.role, case when m.role = 'patient' then 'self' else 'care_team' end,
    now() - interval '30 days'
from generate_series(1, %(patients)s) n
cross join lateral (
    values ('patient', 0, pg_temp.bench_id(%(seed)s, 'patient', n)),
        ('telemonitoring_centre', 0, pg_temp.bench_id(%(seed)s, 'centre', n %% 5)),
        ('gp', 0, pg_temp.bench_id(%(seed)s, 'professional',
            case when n <= %(many)s then 2 else 5 + 3 * (n %% (%(professionals)s / 3 - 2)) end)),
        ('home_nurse', 0, pg_temp.bench_id(%(seed)s, 'professional',
            case when n <= %(few)s then 1 else 4 + 3 * (n %% (%(professionals)s / 3 - 2)) end)),
        ('pharmacist', 0, pg_temp.bench_id(%(seed)s, 'professional',
            6 + 3 * (n * 7 %% (%(professionals)s / 3 - 2)))),
        ('physiotherapist', 0, pg_temp.bench_id(%(seed)s, 'professional',
            6 + 3 * (n * 11 %% (%(professionals)s / 3 - 2))))
) as m (role, nth, party);

-- name: count_region
-- What stands in the region.
select (select count(*) from access.patient), (select count(distinct person) from access.post),
    (select count(*) from access.membership);

-- name: bare_traits
-- The identity of a patient, as somebody reads it whom nothing hinders.
select * from identity.patient where patient_id = %(patient)s;

-- name: bare_names
-- By what some patients are looked for.
select birth_name, birth_first_names, birth_date from identity.patient
where patient_id = any (%(patients)s);

-- name: bare_search
-- Who has these traits.
select * from identity.patient
where birth_date = %(born)s and birth_name = %(name)s and birth_first_names = %(first_name)s;

-- name: bare_list
-- The first hundred patients of a professional and of his organisation, by name.
select i.patient_id, y.name
from identity.patient i join access.party y on y.id = i.patient_id
where i.patient_id in (
    select m.patient_id from access.membership m
    where m.party = %(person)s
        or m.party = (select p.organisation from access.post p where p.id = %(post)s)
)
order by i.search_names, i.patient_id
limit 100;

-- name: populate_plans
-- A plan for each patient: fourteen first days, and every twentieth lives overseas.
insert into questionnaires.plan (id, patient_id, programme, programme_version, title, zone,
    starts_on, high_risk, required_by_law, created_at, created_by)
select pg_temp.bench_id(%(seed)s, 'plan', n), pg_temp.bench_id(%(seed)s, 'patient', n),
    'covid-14', 1, '{"fr": "COVID-19", "en": "COVID-19"}',
    case n %% 20 when 0 then 'Indian/Reunion' when 1 then 'America/Martinique'
        else 'Europe/Paris' end,
    %(today)s::date - n %% 14, n %% 10 = 0, false, %(now)s,
    pg_temp.bench_id(%(seed)s, 'professional', 1)
from generate_series(1, %(patients)s) n;

-- name: populate_lines
-- One questionnaire of each plan, planned to the end of today.
insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire, edition, schedule,
    begins_at, planned_through)
select pg_temp.bench_id(%(seed)s, 'line', n), pg_temp.bench_id(%(seed)s, 'plan', n),
    pg_temp.bench_id(%(seed)s, 'patient', n), %(questionnaire)s, %(edition)s, %(schedule)s::jsonb,
    %(now)s::timestamptz - interval '14 days',
    ((%(today)s::date + 1)::timestamp at time zone p.zone)
from generate_series(1, %(patients)s) n
join questionnaires.plan p on p.id = pg_temp.bench_id(%(seed)s, 'plan', n);

-- name: naive_tasks
-- Where somebody who writes each task by itself writes it.
create temp table bench_task (like questionnaires.task including all);

-- name: naive_task
-- One task, as somebody writes it who writes each by itself.
insert into bench_task (id, patient_id, line_id, edition, occasion, opens_at, due_at, alarm_at,
    remind_at)
select gen_random_uuid(), l.patient_id, l.id, l.edition, %(at)s, %(at)s, %(at)s, %(at)s, '{}'
from questionnaires.plan_line l where l.id = %(line)s
on conflict (line_id, occasion) do nothing;

-- name: count_tasks
-- How many tasks there are.
select count(*) from questionnaires.task;

-- name: answer_most
-- All but these patients have answered everything.
update questionnaires.task t
set state = 'done', done_at = occasion, answer_id = gen_random_uuid()
where t.patient_id <> all (%(silent)s::uuid[]);

-- name: move_before_now
-- Days to come become days that have passed.
update questionnaires.task
set occasion = occasion + %(shift)s, opens_at = opens_at + %(shift)s, due_at = due_at + %(shift)s,
    alarm_at = alarm_at + %(shift)s, done_at = done_at + %(shift)s;

-- name: miss_before_now
-- What nobody answered in time is missed.
update questionnaires.task set state = 'missed', missed_at = alarm_at
where state = 'open' and alarm_at <= %(now)s;

-- name: naive_silence
-- Whether one patient is silent, as somebody asks who asks for each.
select exists (
    select from questionnaires.task t
    where t.patient_id = %(patient)s and t.state = 'open' and t.alarm_at <= %(now)s
);

-- name: naive_answer
-- One answer, with nothing that makes it safe: no right asked, no trail, no review.
insert into questionnaires.answer (id, patient_id, instrument, version, answers, answered_at,
    received_at, entered_by, client_key)
values (gen_random_uuid(), %(patient)s, 'home-daily', 1, '{}', now(), now(), %(patient)s, %(key)s);

-- name: chat_people
-- Everybody of an evening: patients and professionals.
insert into access.party (id, kind, name, created_at)
select x.id, 'person', 'Personne ' || x.n, %(now)s
from unnest(%(patients)s::uuid[] || %(people)s::uuid[]) with ordinality as x(id, n);

-- name: chat_patients
-- The patients whose rooms they talk in.
insert into access.patient (id, created_at) select x.id, %(now)s
from unnest(%(patients)s::uuid[]) as x(id);

-- name: chat_circles
-- Each professional is a nurse of one circle.
insert into access.membership (id, patient_id, party, role, basis, starts_at)
select gen_random_uuid(), x.patient, x.person, 'home_nurse', 'care_team',
    %(now)s - interval '1 minute'
from unnest(%(people)s::uuid[], %(of)s::uuid[]) as x(person, patient);

-- name: chat_accounts
-- Each has an account nobody signs in with.
insert into identity.account (person, login, password_hash, created_at)
select x.id, 'talker-' || x.id, '!', %(now)s from unnest(%(people)s::uuid[]) as x(id);

-- name: chat_sessions
-- Each has given two factors.
insert into identity.session (id, token_hash, person, created_at, last_seen_at, idle_seconds,
    ends_at, aal)
select gen_random_uuid(), sha256(convert_to(x.token, 'UTF8')), x.person, %(now)s, %(now)s, 36000,
    %(now)s + interval '8 hours', 'two'
from unnest(%(people)s::uuid[], %(tokens)s::text[]) as x(person, token);

-- name: chat_rooms
-- One room a patient.
insert into coordination.chat_room (id, kind, patient_id, opened_at)
select x.id, 'team', x.patient, %(now)s
from unnest(%(rooms)s::uuid[], %(patients)s::uuid[]) as x(id, patient);

-- name: chat_stored
-- What is stored in some rooms.
select room_id, seq, text from coordination.chat_message
where room_id = any(%(rooms)s::uuid[]) order by room_id, seq;

-- name: chat_bare_table
-- A table for the bare way, of this connection alone.
create temporary table chat_bare (id bigint generated always as identity, text text);

-- name: chat_bare_listen
-- The bare way of hearing.
listen chat_bare;

-- name: chat_bare_say
-- The bare way of saying.
with said as (insert into chat_bare (text) values ('x') returning id)
select pg_notify('chat_bare', id::text) from said;
-- name: populate_communes
-- Three hundred communes on a grid of a few kilometres, a postcode for each three.
insert into identity.commune (code, name, postcodes, latitude, longitude)
select '01' || lpad(n::text, 3, '0'),
    (array['Saint-Aubin', 'Beaumont', 'La Chapelle', 'Villeneuve', 'Montigny', 'Rochefort',
        'Lagny', 'Clermont', 'Neuilly', 'Sévérac'])[1 + n %% 10] || ' ' || n,
    array['01' || lpad((n / 3)::text, 3, '0')], 46 + (n / 20) * 0.04, 5 + (n %% 20) * 0.05
from generate_series(1, 300) n;

-- name: populate_practices
-- Where professionals work: a practice in each commune in turn.
insert into identity.organisation
    (organisation, national_id, kind, postcode, town, commune, phone, changed_at)
select pg_temp.bench_id(%(seed)s, 'practice', n), 'bench ' || n, 'practice', c.postcodes[1], c.name,
    c.code, '0199' || lpad(n::text, 6, '0'), now()
from generate_series(0, %(professionals)s / 4) n
join identity.commune c on c.code = '01' || lpad((1 + n %% 300)::text, 3, '0');

-- name: populate_professionals
-- Professionals with double names, of four professions.
with names as (
    select array['Martin', 'Bernard', 'Thomas', 'Petit', 'Robert', 'Richard', 'Durand', 'Dubois',
        'Moreau', 'Laurent', 'Simon', 'Michel', 'Lefèvre', 'Leroy', 'Roux', 'David', 'Bertrand',
        'Morel', 'Fournier', 'Girard', 'Bonnet', 'Dupont', 'Lambert', 'Fontaine', 'Rousseau',
        'Vincent', 'Müller', 'Faure', 'André', 'Mercier', 'Le Gall', 'Guérin', 'Boyer',
        'Garnier', 'Chevalier', 'François', 'Legrand', 'Gauthier', 'Benoît', 'N’Diaye'] as family,
        array['Jeanne', 'Hélène', 'François', 'Aïcha', 'Marie', 'Jean', 'Chloé', 'Noël', 'Zoé',
        'Louis', 'Agnès', 'Paul', 'Joël', 'Inès', 'Marc', 'Lucie', 'René', 'Thérèse', 'Hugo',
        'Gaëlle', 'Émile', 'Solène', 'Malik', 'Anaïs', 'Jérôme', 'Fatou', 'Élise', 'Yves',
        'Anne-Marie', 'Loïc'] as given
), drawn as (
    select n, abs(hashint8extended(n, %(seed)s + 7)) as h
    from generate_series(1, %(professionals)s) n
), made as (
    select pg_temp.bench_id(%(seed)s, 'professional', n) as person, lpad(n::text, 9, '0') as adeli,
        family[1 + h %% 40] || case when h %% 3 = 0 then '-' || family[1 + (h / 7) %% 40] else '' end
            as family,
        given[1 + (h / 64) %% 30] as given, (array['10', '60', '70', '21'])[1 + n %% 4] as profession
    from drawn, names
), named as (
    update access.party y set name = m.given || ' ' || m.family from made m where y.id = m.person
)
insert into identity.professional
    (person, adeli, family_name, given_names, profession, mssante, changed_at)
select person, adeli, family, given, profession, 'p' || adeli || '@bench.mssante.fr', now()
from made;

-- name: populate_entries
-- What the search reads of each.
select identity.refresh_directory();

-- name: count_entries
-- How many entries the directory has.
select count(*) from identity.directory_entry;

-- name: bare_entries
-- The entries with a word near to each, compared one by one, as whom nothing hinders reads them.
select party, name from identity.directory_entry
where active and (
    select bool_and(public.word_similarity(w.word, array_to_string(words, ' ')) >= 0.3)
    from unnest(%(words)s::text[]) w (word)
)
order by sort_name
limit 31;

-- name: some_names
-- Names of professionals, to be looked for.
select family_name, given_names from identity.professional order by adeli limit %(most)s;
-- name: fill_items
-- Twenty notes of each record, many of the long lives, over three years.
insert into access.item (item_id, patient_id, kind, author, author_name, author_role, patient_name,
    signed_at)
select pg_temp.bench_id(%(seed)s, 'note ' || n, k), pg_temp.bench_id(%(seed)s, 'patient', n),
    'note', pg_temp.bench_id(%(seed)s, 'professional', 1 + n %% 1000), 'Professionnel', 'gp',
    'Patient', %(now)s::timestamptz - (k * (1000.0 / m.times)) * interval '1 day'
        - (n %% 1440) * interval '1 minute'
from generate_series(1, %(patients)s) n
cross join lateral (select case when n <= %(lives)s then %(long)s else %(each)s * 2 / 5 end) m (times)
cross join lateral generate_series(1, m.times) k;

-- name: fill_notes
-- The texts of these notes.
insert into coordination.note (item_id, patient_id, author, category, sent, text)
select i.item_id, i.patient_id, i.author, 'visit', i.signed_at, 'Plaie sèche, pansement refait'
from access.item i where i.kind = 'note';

-- name: fill_alerts
-- Two alerts of each record, closed.
insert into alerts.alert (id, patient_id, patient_key, item, level, state, raised_at,
    first_breach_at, late, evidence, ladder, round, from_rung, rung, exhaustions, closed_at,
    outcome, cause, closed_by)
select pg_temp.bench_id(%(seed)s, 'alert ' || k, n), p.id, p.key, 'spo2', 'orange', 'closed',
    w.at, w.at, false, '[]', '{}', 1, 0, 0, 0, w.at + interval '1 hour', 'advice_given',
    'abnormal', p.id
from generate_series(1, %(patients)s) n
join access.patient p on p.id = pg_temp.bench_id(%(seed)s, 'patient', n)
cross join generate_series(1, 2) k
cross join lateral (select %(now)s::timestamptz - (n %% 9 + k * 40) * interval '1 day' as at) w;

-- name: fill_events
-- Five steps in the life of each of these alerts.
insert into alerts.alert_event (alert_id, patient_id, at, what)
select a.id, a.patient_id, a.raised_at + k * interval '12 minutes',
    (array['raised', 'seen', 'owned', 'calling_patient', 'closed'])[k]
from alerts.alert a cross join generate_series(1, 5) k;

-- name: fill_answers
-- Twenty answers of each record, one a day.
insert into questionnaires.answer (id, patient_id, instrument, version, answers, answered_at,
    received_at, entered_by, client_key)
select gen_random_uuid(), p.id, 'home-daily', '1', '{}', w.at, w.at, p.id, 'bench-' || n || '-' || k
from generate_series(1, %(patients)s) n
cross join lateral (select pg_temp.bench_id(%(seed)s, 'patient', n) as id) p
cross join generate_series(1, %(each)s * 2 / 5) k
cross join lateral (
    select %(now)s::timestamptz - k * interval '1 day' - (n %% 600) * interval '1 minute' as at
) w;

-- name: fill_readings
-- A month of two vitals every half hour of the long lives and of the next hundred records.
insert into vitals.reading (measured_at, received_at, patient_key, source, value, vital, quality)
select t.at, t.at, p.key, 0, case v.vital when 1 then 95 + k %% 4 else 70 + k %% 20 end, v.vital, 0
from generate_series(1, least(%(patients)s, %(lives)s + 100)) n
join access.patient p on p.id = pg_temp.bench_id(%(seed)s, 'patient', n)
cross join (values (1), (2)) v (vital)
cross join generate_series(1, 48 * 31) k
cross join lateral (select %(now)s::timestamptz - k * interval '30 minutes' as at) t;

-- name: count_things
-- How many things stand in all timelines.
select (select count(*) from coordination.note) + (select count(*) from alerts.alert_event)
    + (select count(*) from questionnaires.answer) + (select count(*) from access.membership);

-- name: bare_notes
-- The latest notes of a record, as somebody reads them whom nothing hinders.
select * from coordination.note where patient_id = %(patient)s order by sent desc limit 41;
