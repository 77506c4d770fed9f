-- name: coordinates
-- The members of now, in the order in which they are to be reached.
select membership_id, party, kind, name, role, starts_at, ends_at, place, channel, channel_here,
    note, noted_phone, own_phone, own_mail, mssante, version, changed_by_name, changed_at,
    replaces_name
from doorway.coordinates
where patient_id = any (access.record_of(%(patient)s))
order by place nulls last, name, membership_id;

-- name: add_contact
-- The first that is written of how a member is reached; nothing when somebody was quicker.
insert into coordination.member_contact
    (membership_id, patient_id, place, channel, phone, note, changed_at, changed_by)
select m.membership_id, m.patient_id, %(place)s, %(channel)s, %(phone)s, %(note)s, %(now)s, %(by)s
from doorway.coordinates m
where m.membership_id = %(membership)s and m.patient_id = any (access.record_of(%(patient)s))
on conflict (membership_id) do nothing;

-- name: change_contact
-- How a member is reached is changed, unless somebody else has changed it meanwhile.
update coordination.member_contact
set place = %(place)s, channel = %(channel)s, phone = %(phone)s, note = %(note)s,
    version = version + 1, changed_at = %(now)s, changed_by = %(by)s
where membership_id = %(membership)s and patient_id = any (access.record_of(%(patient)s))
    and version = %(version)s;

-- name: own_coordinates
-- How the actor wants to be reached.
select phone, phone_to, mail, mail_to, channel, version
from coordination.own_coordinates where party = %(person)s;

-- name: add_own
-- The first that somebody says of himself.
insert into coordination.own_coordinates
    (party, phone, phone_to, mail, mail_to, channel, changed_at)
values (%(person)s, %(phone)s, %(phone_to)s, %(mail)s, %(mail_to)s, %(channel)s, %(now)s)
on conflict (party) do nothing;

-- name: change_own
-- He says something else, unless he has done so meanwhile in another window.
update coordination.own_coordinates
set phone = %(phone)s, phone_to = %(phone_to)s, mail = %(mail)s, mail_to = %(mail_to)s,
    channel = %(channel)s, version = version + 1, changed_at = %(now)s
where party = %(person)s and version = %(version)s;

-- name: name_attending
-- The attending physician of a circle is flagged, or nobody any more.
select access.name_attending(%(patient)s, %(stay)s);

-- name: stay_to_replace
-- The stay in which the actor may be replaced, if there is one.
select access.stay_to_replace(%(patient)s);

-- name: my_replacements
-- Who replaces the actor in this circle, now or later.
select membership_id, name, starts_at, ends_at from access.my_replacements(%(patient)s);

-- name: name_replacement
-- Somebody takes the actor's place for some days.
select access.name_replacement(%(id)s, %(patient)s, %(login)s, %(starts_at)s, %(ends_at)s);

-- name: end_replacement
-- The actor needs to be replaced no longer.
select access.end_replacement(%(patient)s, %(stay)s);
