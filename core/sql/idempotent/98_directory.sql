-- The directory: who is found by some letters of a name, a profession, a place or an offer, how far
-- from a commune, and what each says of himself.

-- Letters as they are looked for: small, without accents, anything else one space. The Python twin
-- is identity.finding.letters.plain; a test holds the two equal. NFKD is immutable, which the
-- function unaccent() is not: no dictionary file can change what the index was built with.
create or replace function identity.plain(p_text text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return btrim(regexp_replace(
    lower(replace(replace(replace(replace(replace(replace(
        regexp_replace(translate(normalize(p_text, NFKD), 'ØøŁłĐđ', 'ooLldd'),
            '[\u0300-\u036f]', '', 'g'),
        'Œ', 'oe'), 'œ', 'oe'), 'Æ', 'ae'), 'æ', 'ae'), 'ß', 'ss'), 'ẞ', 'ss') collate "C"),
    '[^a-z0-9]+', ' ', 'g'));

-- The words of a text in plain letters, each once.
create or replace function identity.words_of(p_text text) returns text[]
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return array(
    select distinct u.word from unnest(string_to_array(identity.plain(p_text), ' ')) u (word)
    where u.word <> '' order by u.word);

-- A commune by its code, or by a postcode and a name; the name decides between several.
create or replace function identity.commune_of(p_code text, p_postcode text, p_town text)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce(
    (select c.code from identity.commune c where c.code = p_code),
    (select c.code from identity.commune c
    where c.postcodes @> array[p_postcode]
    order by identity.plain(c.name) = identity.plain(p_town) desc, c.code
    limit 1));

-- What a profession is called in a search; the pages have their own words from the catalogue.
create or replace function identity.profession_words(p_profession text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return case p_profession
    when '10' then 'medecin docteur doctor'
    when '21' then 'pharmacien pharmacienne pharmacie pharmacist'
    when '40' then 'chirurgien dentiste dentist'
    when '50' then 'sage femme midwife'
    when '60' then 'infirmier infirmiere idel nurse'
    when '70' then 'masseur kinesitherapeute kine physiotherapist'
    when '80' then 'pedicure podologue podiatrist'
    when '91' then 'orthophoniste speech therapist'
    when '92' then 'orthoptiste orthoptist'
    when '93' then 'psychologue psychologist'
    when '94' then 'ergotherapeute occupational therapist'
    when '95' then 'dieteticien dieteticienne dietitian'
    when '96' then 'psychomotricien psychomotricienne psychomotor therapist'
    else '' end;

create or replace function identity.kind_words(p_kind text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return case p_kind
    when 'hospital' then 'hopital clinique hospital'
    when 'practice' then 'cabinet practice'
    when 'pharmacy' then 'pharmacie pharmacy'
    when 'laboratory' then 'laboratoire laboratory'
    when 'health_centre' then 'centre de sante health centre'
    when 'nursing_home' then 'ehpad maison de retraite nursing home'
    when 'home_care' then 'soins a domicile ssiad had home care'
    when 'telemonitoring_centre' then 'telesuivi telemonitoring'
    when 'dac' then 'dispositif appui coordination dac'
    when 'social' then 'service social'
    else '' end;

-- Write anew what the search reads of some parties; those that are not of the directory are left.
create or replace function identity.refresh_entries(p_parties uuid[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into identity.directory_entry
        (party, kind, name, sort_name, profession, words, communes, active)
    select f.person, 'person', y.name, identity.plain(f.family_name || ' ' || f.given_names),
        f.profession,
        identity.words_of(concat_ws(' ', f.family_name, f.given_names,
            identity.profession_words(f.profession), w.words, o.offers)),
        coalesce(w.communes, '{}'), f.active
    from identity.professional f
    join access.party y on y.id = f.person
    left join identity.directory_offer o on o.party = f.person
    left join lateral (
        select string_agg(concat_ws(' ', s.name, g.town, g.postcode), ' ') as words,
            array_agg(distinct c.code) filter (where c.code is not null) as communes
        from access.post p
        join access.party s on s.id = p.organisation
        left join identity.organisation g on g.organisation = p.organisation
        left join lateral (
            select identity.commune_of(g.commune, g.postcode, g.town) as code) c on true
        where p.person = f.person
            and (p.ends_at is null or p.ends_at > coalesce(access.current_instant(), now()))
    ) w on true
    where f.person = any (p_parties)
    union all
    select g.organisation, 'organisation', y.name, identity.plain(y.name), null::text,
        identity.words_of(concat_ws(' ', y.name, identity.kind_words(g.kind), g.town, g.postcode,
            o.offers)),
        array_remove(array[identity.commune_of(g.commune, g.postcode, g.town)], null), g.active
    from identity.organisation g
    join access.party y on y.id = g.organisation
    left join identity.directory_offer o on o.party = g.organisation
    where g.organisation = any (p_parties)
    on conflict (party) do update
    set name = excluded.name, sort_name = excluded.sort_name, profession = excluded.profession,
        words = excluded.words, communes = excluded.communes, active = excluded.active
    where (directory_entry.name, directory_entry.sort_name, directory_entry.words,
            directory_entry.communes, directory_entry.active)
        is distinct from (excluded.name, excluded.sort_name, excluded.words, excluded.communes,
            excluded.active)
        or directory_entry.profession is distinct from excluded.profession;
    insert into identity.directory_word (word)
    select distinct u.word
    from identity.directory_entry e
    cross join lateral unnest(e.words) u (word)
    where e.party = any (p_parties)
    on conflict do nothing;
end;
$$;

-- The whole of it, after communes were imported.
create or replace function identity.refresh_directory() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp
return (select identity.refresh_entries(array(
    select f.person from identity.professional f
    union all
    select g.organisation from identity.organisation g)));

create or replace function identity.entry_changed() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    case tg_table_name
        when 'professional' then perform identity.refresh_entries(array[new.person]);
        when 'directory_offer' then perform identity.refresh_entries(array[new.party]);
        when 'post' then
            perform identity.refresh_entries(array[new.person])
            where exists (select from identity.professional f where f.person = new.person);
        when 'party' then
            perform identity.refresh_entries(array[new.id] || array(
                select p.person from access.post p where p.organisation = new.id));
        else perform identity.refresh_entries(array[new.organisation] || array(
            select p.person from access.post p where p.organisation = new.organisation));
    end case;
    return null;
end;
$$;
drop trigger if exists entry_follows on identity.professional;
create trigger entry_follows after insert or update on identity.professional
    for each row execute function identity.entry_changed();
drop trigger if exists entry_follows on identity.organisation;
create trigger entry_follows after insert or update on identity.organisation
    for each row execute function identity.entry_changed();
drop trigger if exists entry_follows on identity.directory_offer;
create trigger entry_follows after insert or update on identity.directory_offer
    for each row execute function identity.entry_changed();
drop trigger if exists entry_follows on access.post;
create trigger entry_follows after insert or update of ends_at on access.post
    for each row execute function identity.entry_changed();
drop trigger if exists entry_follows on access.party;
create trigger entry_follows after update of name on access.party
    for each row when (new.name <> old.name) execute function identity.entry_changed();

-- Words of the directory near to what was typed, a row for each: those that begin so are as near as
-- can be (1), of the others the nearest, by the part of the longer one's trigrams that both have.
-- Where some word begins so, only close likenesses stand beside it (0.5), else distant ones too
-- (0.33, proposed): of five letters or more, two in the wrong order pass.
create or replace function identity.near_words(p_words text[])
returns table (place integer, word text, alike real)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    -- For this transaction: as a setting of the function it could only be restored by a superuser.
    perform set_config('pg_trgm.similarity_threshold', '0.15', true);
    return query
    select r.place, r.word, r.alike
    from (
        select f.place, f.word, f.alike, max(f.alike) over (partition by f.place) as best,
            row_number() over (partition by f.place order by f.alike desc, f.near desc, f.word)
                as rank
        from (
            select t.place::integer as place, v.word, 1::real as alike, 1::real as near
            from unnest(p_words) with ordinality t (word, place)
            join identity.directory_word v on v.word >= t.word and v.word < t.word || '~'
            union all
            select t.place::integer as place, v.word,
                least(0.95, g.same * (length(t.word) + length(v.word) + 2)
                    / ((1 + g.same) * (greatest(length(t.word), length(v.word)) + 1)))::real
                    as alike,
                g.same as near
            from unnest(p_words) with ordinality t (word, place)
            join identity.directory_word v on v.word operator(public.%) t.word
                and not starts_with(v.word, t.word)
            cross join lateral (select public.similarity(t.word, v.word) as same) g
        ) f
    ) r
    where (r.alike = 1 and r.rank <= 200) or (r.rank <= 10 and r.alike >= 0.33
        and (r.best < 1 or r.alike >= 0.5))
    order by r.place, r.word;
end;
$$;

-- Entries of the directory for a post with `directory:read`: one of them, those of a number, those
-- that hold each word or one near to it, those of a profession, or the favourites. First whose name
-- begins so, then the nearest words, then favourites, then the nearest place.
drop function if exists identity.find_professionals;
drop function if exists identity.search_directory;
create function identity.search_directory(
    p_party uuid, p_number text, p_words text[], p_kind text, p_profession text,
    p_starred boolean, p_commune text, p_most integer
) returns table (
    party uuid, kind text, name text, family_name text, given_names text, profession text,
    specialty text, organisation_kind text, rpps text, finess text, mssante text, phone text,
    own_phone text, postcode text, town text, places jsonb, offers text, availability text, said_at timestamptz,
    active boolean, starred boolean, has_account boolean, km double precision
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
-- A small directory stands in the cache, and the planner would read it in sequence for each word.
set enable_seqscan = off set jit = off set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_places integer[];
    v_words text[];
    v_alike real[];
    v_latitude double precision;
    v_longitude double precision;
    v_first text[];
    v_second text[];
    v_third text[];
    v_fourth text[];
    v_fifth text[];
    v_sixth text[];
begin
    select coalesce(array_agg(n.place), '{}'), coalesce(array_agg(n.word), '{}'),
        coalesce(array_agg(n.alike), '{}')
    into v_places, v_words, v_alike
    from identity.near_words(p_words) n;
    v_first := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(1, cardinality(p_words)));
    v_second := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(2, cardinality(p_words)));
    v_third := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(3, cardinality(p_words)));
    v_fourth := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(4, cardinality(p_words)));
    v_fifth := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(5, cardinality(p_words)));
    v_sixth := array(select u.word from unnest(v_places, v_words) u (place, word)
        where u.place = least(6, cardinality(p_words)));
    select c.latitude, c.longitude into v_latitude, v_longitude
    from identity.commune c where c.code = p_commune;
    return query
    with found as materialized (
        select e.*
        from identity.directory_entry e
        where e.active and p_party is null and p_number is null and cardinality(p_words) > 0
            and e.words && v_first
            and e.words && v_second
            and e.words && v_third
            and e.words && v_fourth
            and e.words && v_fifth
            and e.words && v_sixth
        union all
        select e.*
        from identity.directory_entry e
        where e.active and p_party is null and p_number is null and cardinality(p_words) = 0
            and not p_starred and e.profession = p_profession
        union all
        select e.*
        from identity.directory_entry e
        where e.active and p_party is null and p_number is null and cardinality(p_words) = 0
            and not p_starred and p_profession is null and e.kind = p_kind
        union all
        select e.*
        from identity.directory_favourite v
        join identity.directory_entry e on e.party = v.party
        where p_starred and p_party is null and p_number is null and cardinality(p_words) = 0
            and v.person = access.current_person()
        union all
        select e.*
        from identity.directory_entry e
        where p_party is null and p_number is not null and e.party in (
            select f.person from identity.professional f
            where f.rpps = p_number or f.adeli = p_number
            union all
            select g.organisation from identity.organisation g where g.finess = p_number
        )
        union all
        select e.* from identity.directory_entry e where e.party = p_party
    ), allowed as (
        select f.*,
            exists (
                select from identity.directory_favourite v
                where v.person = access.current_person() and v.party = f.party
            ) as starred
        from found f
        where (select access.acting_organisation('directory:read')) is not null
            and (p_kind is null or f.kind = p_kind)
            and (p_profession is null or f.profession = p_profession)
    ), shown as (
        select f.*,
            -- Haversine, mean radius 6371 km; in place, for a function of its own would be called
            -- for each entry, which costs more than what it reckons.
            (select min(12742 * asin(least(1, sqrt(
                power(sin(radians(c.latitude - v_latitude) / 2), 2)
                + cos(radians(v_latitude)) * cos(radians(c.latitude))
                    * power(sin(radians(c.longitude - v_longitude) / 2), 2)))))
            from identity.commune c where c.code = any (f.communes)) as km,
            coalesce((
                select round(sum(w.best)::numeric, 1)
                from (
                    select max(n.alike) as best
                    from unnest(v_places, v_words, v_alike) n (place, word, alike)
                    where n.word = any (f.words)
                    group by n.place
                ) w
            ), 0) as alike,
            f.sort_name like array_to_string(p_words, ' ') || '%' as begins
        from allowed f
        where not p_starred or f.starred
        order by begins desc, alike desc, f.starred desc, km nulls last, f.sort_name, f.party
        limit p_most
    )
    select s.party, s.kind, s.name, f.family_name, f.given_names, s.profession, f.specialty,
        g.kind, f.rpps, g.finess, coalesce(f.mssante, g.mssante), coalesce(o.phone, g.phone),
        o.phone, g.postcode, g.town,
        coalesce((
            select jsonb_agg(jsonb_build_object('party', y.id, 'name', y.name, 'kind', t.kind,
                'finess', t.finess, 'postcode', t.postcode, 'town', t.town, 'phone', t.phone)
                order by y.name)
            from access.post p
            join access.party y on y.id = p.organisation
            left join identity.organisation t on t.organisation = p.organisation
            where p.person = s.party and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
        ), '[]'::jsonb),
        coalesce(o.offers, ''), coalesce(o.availability, ''), o.said_at, s.active, s.starred,
        exists (
            select from identity.account a where a.person = s.party and a.disabled_at is null
        ), s.km
    from shown s
    left join identity.professional f on f.person = s.party
    left join identity.organisation g on g.organisation = s.party
    left join identity.directory_offer o on o.party = s.party
    order by s.begins desc, s.alike desc, s.starred desc, s.km nulls last, s.sort_name, s.party;
end;
$$;

-- Whether the actor speaks for an entry: himself, or the administrator of where he works.
create or replace function identity.speaks_for(p_party uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce(
    exists (select from identity.directory_entry e where e.party = p_party)
    and (p_party = access.current_person()
        or p_party = access.acting_organisation('accounts:manage')
        or exists (
            select from access.post p
            where p.person = p_party and p.organisation = access.acting_organisation('accounts:manage')
                and p.starts_at <= access.current_instant()
                and (p.ends_at is null or p.ends_at > access.current_instant())
        )), false);

-- The private number of an entry, for whoever speaks for it and nobody else.
create or replace function identity.private_number(p_party uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
return (select n.phone from identity.directory_private n
    where n.party = p_party and identity.speaks_for(p_party)
        and (p_party = access.current_person() or n.said_by = access.current_person()
            or p_party = access.acting_organisation('accounts:manage')));

-- What an entry says of itself; false for whoever does not speak for it.
create or replace function identity.say_offer(
    p_party uuid, p_offers text, p_availability text, p_phone text, p_private text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not identity.speaks_for(p_party) then
        return false;
    end if;
    insert into identity.directory_offer as o
        (party, offers, availability, phone, said_by, said_at)
    values (p_party, p_offers, p_availability, p_phone, access.current_person(),
        access.current_instant())
    on conflict (party) do update
    set offers = excluded.offers, availability = excluded.availability, phone = excluded.phone,
        said_by = excluded.said_by, said_at = excluded.said_at;
    if p_private is null then
        delete from identity.directory_private n
        where n.party = p_party and (p_party = access.current_person()
            or n.said_by = access.current_person()
            or p_party = access.acting_organisation('accounts:manage'));
    else
        insert into identity.directory_private as n (party, phone, said_by, said_at)
        values (p_party, p_private, access.current_person(), access.current_instant())
        on conflict (party) do update
        set phone = excluded.phone, said_by = excluded.said_by, said_at = excluded.said_at
        where p_party = access.current_person() or n.said_by = access.current_person()
            or p_party = access.acting_organisation('accounts:manage');
    end if;
    return true;
end;
$$;

-- Keep an entry at hand, or no longer; false where there is none or without `directory:read`.
create or replace function identity.star(p_party uuid, p_starred boolean) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if access.acting_organisation('directory:read') is null or not exists (
        select from identity.directory_entry e where e.party = p_party) then
        return false;
    end if;
    if p_starred then
        insert into identity.directory_favourite (person, party, since)
        values (access.current_person(), p_party, access.current_instant())
        on conflict do nothing;
    else
        delete from identity.directory_favourite v
        where v.person = access.current_person() and v.party = p_party;
    end if;
    return true;
end;
$$;

-- The commune of a patient whose identity the actor reads, from the sheet of his home.
create or replace function identity.patient_commune(p_patient uuid)
returns table (code text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select c.code, c.name
    from coordination.home h
    join identity.commune c on c.code = identity.commune_of(null, h.postcode, h.commune)
    where h.patient_id = any (access.record_of(p_patient))
        and access.may_open(p_patient, 'identity:read')
    order by h.changed_at desc
    limit 1;
end;

-- What imports of the directory did, for those who answer for it.
drop function if exists identity.directory_imports;
create function identity.directory_imports(p_import uuid, p_most integer) returns table (
    id uuid, at timestamptz, format text, source text, dry_run boolean,
    created integer, updated integer, unchanged integer, ended integer, closed integer,
    refused jsonb
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select i.id, i.at, i.format, i.source, i.dry_run, i.created, i.updated, i.unchanged,
        i.ended, i.closed, i.refused
    from identity.directory_import i
    where (p_import is null or i.id = p_import)
        and (select access.acting_organisation('directory:import')) is not null
    order by i.at desc, i.id
    limit p_most;
end;

do $$
declare
    v_table text;
begin
    foreach v_table in array array['identity.commune', 'identity.directory_entry',
        'identity.directory_word', 'identity.directory_offer', 'identity.directory_private', 'identity.directory_favourite']
    loop
        execute format('alter table %s enable row level security', v_table);
    end loop;
end;
$$;
drop policy if exists worker_all on identity.commune;
create policy worker_all on identity.commune to chevet_worker using (true) with check (true);
grant select, insert, update, delete on identity.commune to chevet_worker;

revoke execute on function identity.plain, identity.words_of, identity.near_words,
    identity.commune_of,
    identity.profession_words, identity.kind_words, identity.refresh_entries,
    identity.refresh_directory, identity.entry_changed, identity.search_directory,
    identity.speaks_for, identity.private_number, identity.say_offer, identity.star,
    identity.patient_commune, identity.directory_imports from public;
grant execute on function identity.plain, identity.search_directory, identity.speaks_for,
    identity.private_number, identity.say_offer, identity.star, identity.patient_commune,
    identity.directory_imports to chevet_app;
grant execute on function identity.refresh_directory to chevet_worker;

-- The directory of organisations registered before it could be searched so.
select identity.refresh_directory()
where not exists (select from identity.directory_entry);
