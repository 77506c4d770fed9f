-- name: search_directory
-- Entries of the directory, the likeliest first; none without `directory:read`.
select party, kind, name, family_name, given_names, profession, specialty, organisation_kind, rpps,
    finess, mssante, phone, own_phone, postcode, town, places, offers, availability, said_at,
    active, starred, has_account, km
from identity.search_directory(%(party)s, %(number)s, %(words)s, %(kind)s, %(profession)s,
    %(starred)s, %(commune)s, %(most)s);

-- name: speaks_for
-- Whether the actor speaks for an entry.
select identity.speaks_for(%(party)s);

-- name: private_number
-- The private number of an entry, for whoever speaks for it.
select identity.private_number(%(party)s);

-- name: say_offer
-- What an entry says of itself; false for whoever does not speak for it.
select identity.say_offer(%(party)s, %(offers)s, %(availability)s, %(phone)s, %(private)s);

-- name: star
-- Keep an entry at hand, or no longer; false where there is none.
select identity.star(%(party)s, %(starred)s);

-- name: patient_commune
-- The commune of the patient in hand.
select code, name from identity.patient_commune(%(patient)s);

-- name: save_commune
-- A commune and its centre, as the file has it.
insert into identity.commune (code, name, postcodes, latitude, longitude)
values (%(code)s, %(name)s, %(postcodes)s, %(latitude)s, %(longitude)s)
on conflict (code) do update
set name = excluded.name, postcodes = excluded.postcodes, latitude = excluded.latitude,
    longitude = excluded.longitude
where (commune.name, commune.postcodes, commune.latitude, commune.longitude)
    is distinct from (excluded.name, excluded.postcodes, excluded.latitude, excluded.longitude);

-- name: refresh_directory
-- Where everybody is, once the communes are known.
select identity.refresh_directory();
