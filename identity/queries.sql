-- name: save_party
-- A new person or organisation.
insert into access.party (id, kind, name, created_at)
values (%(id)s, %(kind)s, %(name)s, %(now)s);

-- name: save_post
-- A person's post in an organisation.
insert into access.post (id, person, organisation, role, starts_at)
values (%(id)s, %(person)s, %(organisation)s, %(role)s, %(now)s);

-- name: save_patient_key
-- A person becomes a patient.
insert into access.patient (id, created_at) values (%(patient)s, %(now)s);

-- name: save_traits
-- The strict traits of a patient.
insert into identity.patient
    (patient_id, birth_name, birth_first_names, birth_first_name, used_name, used_first_name,
    birth_date, sex, birth_place, ins, ins_oid, ins_status, is_homonym, is_doubtful, is_fictitious,
    source, document, phone)
values (%(patient_id)s, %(birth_name)s, %(birth_first_names)s, %(birth_first_name)s, %(used_name)s,
    %(used_first_name)s, %(birth_date)s, %(sex)s, %(birth_place)s, %(ins)s, %(ins_oid)s,
    %(ins_status)s, %(is_homonym)s, %(is_doubtful)s, %(is_fictitious)s, %(source)s, %(document)s,
    %(phone)s);

-- name: save_account
-- What a person signs in with.
insert into identity.account (person, login, password_hash, locale, time_zone, created_at)
values (%(person)s, %(login)s, %(password_hash)s, %(locale)s, %(time_zone)s, %(now)s);

-- name: save_membership
-- A party enters a patient's circle.
insert into access.membership
    (id, patient_id, party, role, basis, starts_at, ends_at, granted_by, reason)
values (%(id)s, %(patient)s, %(party)s, %(role)s, %(basis)s, %(starts_at)s, %(ends_at)s,
    %(granted_by)s, %(reason)s);

-- name: load_traits
-- The traits of a patient the actor may see; those of the record it was merged into, if it was.
select patient_id, birth_name, birth_first_names, birth_first_name, used_name, used_first_name,
    birth_date, sex, birth_place, ins, ins_oid, ins_status, is_homonym, is_doubtful, is_fictitious,
    source, document, validated_at, i.version, phone, coalesce(h.shared, true) as is_shared,
    h.archived_at is not null as is_archived
from identity.patient i
left join doorway.record_head h using (patient_id)
where patient_id = (select access.kept_patient(%(patient)s));

-- name: open_unshared
-- The record of a patient just registered is read by the actor's organisation alone.
select access.open_unshared(%(id)s, %(patient)s);

-- name: note_search
-- Whether one more search by this person is within bounds; notes it when it is.
select identity.note_search(%(most)s, %(minutes)s);

-- name: find_patients
-- People by the beginning of a name and a first name, and a birth date.
select patient_id, birth_name, birth_first_names, used_name, used_first_name, birth_date, sex,
    ins_status, in_my_circle, is_archived
from identity.find_patients(%(name)s, %(first_name)s, %(birth_date)s, %(most)s);

-- name: find_patients_by_ins
-- People by their matricule INS.
select patient_id, birth_name, birth_first_names, used_name, used_first_name, birth_date, sex,
    ins_status, in_my_circle, is_archived
from identity.find_patients_by_ins(%(ins)s, %(most)s);

-- name: gate_account
-- The account behind a login, and whether a patient's.
select person, password_hash, is_patient from identity.gate_account(%(login)s);

-- name: gate_posts
-- The posts a person may sign in to.
select post, role, organisation, organisation_name from identity.gate_posts(%(person)s);

-- name: gate_open_session
-- A new session; only the hash of its token is kept.
select identity.gate_open_session(%(id)s, %(token_hash)s, %(person)s, %(post)s, %(aal)s,
    %(idle_seconds)s, %(ends_at)s, %(address)s, %(device)s, %(only_alert)s);

-- name: gate_session
-- Who is behind a session token, if it is live.
select session, person, post, role, organisation, organisation_name, name, locale, time_zone,
    patient_id, aal, proved_at, training, only_alert
from identity.gate_session(%(token_hash)s);

-- name: gate_phones
-- The phones a person had remembered, newest first.
select id, device, created_at, last_seen_at, ends_at from identity.gate_phones(%(person)s);

-- name: gate_forget_phone
-- A phone is remembered no longer.
select identity.gate_forget_phone(%(person)s, %(id)s);

-- name: gate_end_other_sessions
-- End every session and remembered phone of a person, except one.
select identity.gate_end_other_sessions(%(person)s, %(keep)s);

-- name: gate_try
-- Count an attempt before it is judged, and tell how many there were lately.
select attempt, here, anywhere, known
from identity.gate_try(%(kind)s, %(subject)s, %(address)s, %(browser)s, %(known)s);

-- name: gate_forgive
-- An attempt was right: it counts no longer.
select identity.gate_forgive(%(attempt)s);

-- name: gate_know_browser
-- Two factors were given in this browser; is it new to its owner, who is told in his language?
select is_new, locale from identity.gate_know_browser(%(person)s, %(browser)s);

-- name: gate_account_of
-- The account of a person.
select person, login, name, password_hash, is_patient, locale
from identity.gate_account_of(%(person)s);

-- name: gate_set_password
-- A new password, or the same one hashed anew.
select identity.gate_set_password(%(person)s, %(hash)s);

-- name: gate_factors
-- Which second factors a person has.
select totp, passkeys, sms, recovery_left from identity.gate_factors(%(person)s);

-- name: gate_totp
-- The sealed secret of a code application, in use or being set up.
select id, secret, last_step from identity.gate_totp(%(person)s, %(confirmed)s);

-- name: gate_begin_totp
-- A secret to be confirmed by a first code.
select identity.gate_begin_totp(%(id)s, %(person)s, %(secret)s);

-- name: gate_use_totp
-- Use the code of a step, once.
select identity.gate_use_totp(%(id)s, %(step)s);

-- name: gate_confirm_totp
-- The first code was right: this secret replaces any other.
select identity.gate_confirm_totp(%(id)s, %(step)s);

-- name: gate_remove_totp
-- No code application any longer.
select identity.gate_remove_totp(%(person)s);

-- name: gate_passkeys
-- The passkeys of a person, oldest first.
select id, person, credential_id, public_key, sign_count, name, created_at, last_used_at
from identity.gate_passkeys(%(person)s);

-- name: gate_passkey
-- The passkey of a credential.
select id, person, credential_id, public_key, sign_count, name, created_at, last_used_at
from identity.gate_passkey(%(credential_id)s);

-- name: gate_save_passkey
-- A new passkey.
select identity.gate_save_passkey(%(id)s, %(person)s, %(credential_id)s, %(public_key)s,
    %(sign_count)s, %(name)s);

-- name: gate_use_passkey
-- A passkey signed.
select identity.gate_use_passkey(%(id)s, %(sign_count)s);

-- name: gate_remove_passkey
-- A passkey opens nothing any longer.
select identity.gate_remove_passkey(%(person)s, %(id)s);

-- name: gate_save_sms_phone
-- A telephone to which codes go, confirmed by one.
select identity.gate_save_sms_phone(%(person)s, %(number)s);

-- name: gate_remove_sms_phone
-- No code goes to a telephone any longer.
select identity.gate_remove_sms_phone(%(person)s);

-- name: gate_save_recovery_codes
-- New recovery codes; the ones before serve no longer.
select identity.gate_save_recovery_codes(%(person)s, %(hashes)s);

-- name: gate_use_recovery_code
-- Use a recovery code, once.
select identity.gate_use_recovery_code(%(person)s, %(hash)s);

-- name: gate_save_ticket
-- Something that serves once and expires.
select identity.gate_save_ticket(%(id)s, %(kind)s, %(person)s, %(token_hash)s, %(code_hash)s,
    %(challenge)s, %(phone)s, %(ends_at)s);

-- name: gate_ticket_by_token
-- What a link stands for, while it can be used.
select id, person, code_hash, phone from identity.gate_ticket_by_token(%(kind)s, %(token_hash)s);

-- name: gate_ticket_of
-- The code a person was sent, while it can be used.
select id, person, code_hash, phone from identity.gate_ticket_of(%(kind)s, %(person)s);

-- name: gate_use_ticket
-- Use it, once.
select identity.gate_use_ticket(%(id)s);

-- name: gate_take_challenge
-- The challenge of a passkey's signature, once.
select challenge from identity.gate_take_challenge(%(id)s, %(person)s) as taken(challenge);

-- name: gate_end_session
-- Sign out.
select identity.gate_end_session(%(token_hash)s);

-- name: gate_choose_language
-- Keep the language of the account behind a session.
select identity.gate_choose_language(%(token_hash)s, %(locale)s);

-- name: alike_patients
-- Who is registered already with that birth date or that INS.
select patient_id, birth_name, birth_first_names, birth_first_name, used_name, used_first_name,
    birth_date, sex, ins, ins_status
from identity.alike_patients(%(birth_date)s, %(ins)s, %(most)s);

-- name: note_suspect
-- Two records may be of one person.
select identity.note_suspect(%(id)s, %(patient)s, %(other)s, %(cause)s);

-- name: include_patient
-- A professional registers a patient and enters his circle; false without the right.
select identity.include_patient(%(patient)s, %(memberships)s, %(name)s, %(traits)s);

-- name: change_traits
-- The identity as it is from now on, if nobody has changed it meanwhile.
update identity.patient
set birth_name = %(birth_name)s, birth_first_names = %(birth_first_names)s,
    birth_first_name = %(birth_first_name)s, used_name = %(used_name)s,
    used_first_name = %(used_first_name)s, birth_date = %(birth_date)s, sex = %(sex)s,
    birth_place = %(birth_place)s, ins = %(ins)s, ins_oid = %(ins_oid)s,
    ins_status = %(ins_status)s, is_homonym = %(is_homonym)s, is_doubtful = %(is_doubtful)s,
    is_fictitious = %(is_fictitious)s, source = %(source)s, document = %(document)s,
    phone = %(phone)s, change_reason = %(reason)s
where patient_id = (select access.kept_patient(%(patient_id)s)) and version = %(version)s;

-- name: identity_history
-- Earlier identities of a patient the actor may see, latest first.
select version, until_at, by_name, reason, traits
from doorway.identity_history
where patient_id = (select access.kept_patient(%(patient)s))
order by version desc
limit %(most)s;

-- name: suspects
-- Pairs of records that may be of one person, a row for each record.
select pair_id, cause, found_at, patient_id, birth_name, birth_first_names, used_name,
    used_first_name, birth_date, sex, birth_place, ins, ins_status, is_homonym, registered_at, own,
    members, answers, open_alerts
from identity.suspects(%(pair)s, %(most)s);

-- name: merges
-- Records that are read as one now.
select link_id, kept_id, kept_name, merged_id, merged_name, birth_date, linked_at, linked_by,
    reason
from identity.merges(%(link)s, %(most)s);

-- name: merge_pair
-- Read two records as one from now on; says what came of it.
select identity.merge_pair(%(id)s, %(pair)s, %(keep)s, %(reason)s);

-- name: part_pair
-- Two records are of two persons.
select identity.part_pair(%(pair)s, %(reason)s);

-- name: unlink_pair
-- Read two records apart again.
select identity.unlink_pair(%(link)s, %(reason)s);

-- name: person_of_login
-- Who is behind a sign-in name, for the administrator's commands.
select person from identity.account where login = %(login)s;

-- name: gate_terms
-- Whether the person of a session accepted one of the texts in force, and may be ill.
select accepted, is_patient from identity.gate_terms(%(token_hash)s, %(digests)s);

-- name: save_acceptance
-- A person accepts a text of the terms of use; accepted already, the first time stands.
insert into identity.terms_acceptance (person, digest, version, locale, session, accepted_at)
values (%(person)s, %(digest)s, %(version)s, %(locale)s, %(session)s, %(now)s)
on conflict (person, digest) do nothing;

-- name: acceptances
-- The texts of the terms of use the actor accepted, the latest first.
select digest, version, locale, accepted_at
from identity.terms_acceptance
where person = %(person)s
order by accepted_at desc;

-- name: enter_training
-- A party that is still alone becomes part of a training territory.
update access.party set training = true where id = %(party)s;

-- name: forget_training
-- The training territory and everything that points at it is gone; how many rows that was.
select access.forget_training() as rows;

-- name: training_counts
-- How many parties and patients are in training, and how many are real.
select count(*) filter (where y.training) as training,
    count(p.id) filter (where y.training) as training_patients,
    count(*) filter (where not y.training) as real,
    count(p.id) filter (where not y.training) as real_patients
from access.party y
left join access.patient p on p.id = y.id;

-- name: gate_begin_federation
-- A sign-in at a provider begins.
select identity.gate_begin_federation(%(state_hash)s, %(browser_hash)s, %(provider)s, %(nonce)s,
    %(verifier)s, %(next)s, %(expires_at)s);

-- name: gate_answer_federation
-- The sign-in an answer belongs to, once.
select nonce, verifier, next
from identity.gate_answer_federation(%(state_hash)s, %(browser_hash)s, %(provider)s);

-- name: gate_recognise_professional
-- The account behind an RPPS number.
select person, is_live, is_other
from identity.gate_recognise_professional(%(issuer)s, %(subject)s, %(rpps)s);

-- name: gate_recognise_patient
-- The account of the one patient with these strict traits.
select person, is_live, is_other
from identity.gate_recognise_patient(%(issuer)s, %(subject)s, %(birth_name)s, %(first_names)s,
    %(birth)s, %(sex)s, %(place)s);

-- name: gate_note_federated
-- Keep which provider opened a session, and whom its subject is.
select identity.gate_note_federated(%(token_hash)s, %(provider)s, %(issuer)s, %(subject)s,
    %(id_token)s);

-- name: gate_carry_federated
-- A session replaces another: what sign-out at the provider needs goes with it.
select identity.gate_carry_federated(%(from_hash)s, %(to_hash)s);

-- name: gate_federated_session
-- The provider of a live session.
select provider, id_token from identity.gate_federated_session(%(token_hash)s);

-- name: my_sessions
-- The live sessions of whoever acts.
select session, begun_at, last_seen_at, role, organisation_name, device, provider
from identity.my_sessions();

-- name: end_my_sessions
-- End one session of whoever acts, or all.
select identity.end_my_sessions(%(session)s);

-- name: admin_posts
-- The posts of the organisation whose accounts the actor administers.
select post, person, name, rpps, role, starts_at, ends_at, replaces_name, state, expires_at,
    is_ours, is_me
from identity.admin_posts();

-- name: admin_invite
-- A post for a professional, and an account where he has none.
select outcome, person
from identity.admin_invite(%(person)s, %(post)s, %(contact)s, %(family)s, %(given)s, %(rpps)s,
    %(mail)s, %(role)s, %(starts_at)s, %(ends_at)s);

-- name: admin_waiting
-- Where an invitation that nobody took up goes again.
select mail, locale from identity.admin_waiting(%(person)s);

-- name: admin_end_post
-- A post of the organisation ends, or is kept open.
select identity.admin_end_post(%(post)s, %(ends_at)s);

-- name: admin_account
-- Suspend an account of the organisation alone, let it sign in again, or set its end.
select identity.admin_account(%(person)s, %(act)s, %(expires_at)s);

-- name: substitute
-- Somebody replaces a post for some time.
select identity.substitute(%(id)s, %(post)s, %(login)s, %(starts_at)s, %(ends_at)s);

-- name: my_substitutes
-- Who replaces the actor in his post.
select post, name, starts_at, ends_at from identity.my_substitutes();

-- name: end_my_substitute
-- The actor needs no substitute any longer.
select identity.end_my_substitute(%(post)s);

-- name: operator_account
-- The account behind a sign-in name, for the operator.
select a.person, y.name, identity.account_state(a.person) as state
from identity.account a
join access.party y on y.id = a.person
where a.login = %(login)s;

-- name: operator_person_of_rpps
-- Who has an RPPS number, for the operator.
select person from identity.professional where rpps = %(rpps)s;

-- name: operator_suspend
-- The operator suspends an account, or lets it sign in again.
select identity.suspend(%(person)s, %(suspended)s);

-- name: operator_end_post
-- The operator ends a post.
select identity.end_post(%(post)s, %(now)s);

-- name: operator_posts
-- The live posts of a person, for the operator.
select p.id as post, p.role, o.id as organisation, o.name as organisation_name
from access.post p
join access.party o on o.id = p.organisation
where p.person = %(person)s and p.starts_at <= %(now)s and (p.ends_at is null or p.ends_at > %(now)s)
order by p.starts_at, p.id;

-- name: operator_organisation
-- An organisation by its identifier or FINESS number, for the operator.
select y.id as organisation, y.name
from access.party y
left join identity.organisation o on o.organisation = y.id
where y.kind = 'organisation' and (y.id::text = %(which)s or o.finess = %(which)s);

-- name: save_organisation_number
-- The FINESS number of an organisation.
insert into identity.organisation (organisation, finess, kind, changed_at)
values (%(organisation)s, %(finess)s, %(kind)s, %(now)s);

-- name: save_professional_number
-- The RPPS number of a professional.
insert into identity.professional (person, rpps, family_name, given_names, changed_at)
values (%(person)s, %(rpps)s, %(family)s, %(given)s, %(now)s);

-- name: save_post_until
-- A person's post in an organisation, which may have an end.
insert into access.post (id, person, organisation, role, starts_at, ends_at)
values (%(id)s, %(person)s, %(organisation)s, %(role)s, %(now)s, %(ends_at)s);

-- name: patient_account
-- Whether a patient has an account.
select identity.patient_account(%(patient)s);

-- name: invite_patient
-- An account for a patient, to be opened by invitation.
select identity.invite_patient(%(patient)s, %(contact)s, %(mail)s, %(code_by)s, %(invitation)s);

-- name: invitation_phone
-- The telephone of a record, for whoever invites the patient.
select coalesce(identity.invitation_phone(%(patient)s), '');

-- name: patient_invitations
-- Who invited the patient in hand, where to, and who had the code; newest first.
select mail, code_by, invited_at, by_name from identity.patient_invitations(%(patient)s);

-- name: directory_imports
-- Imports of the directory, latest first.
select id, at, format, source, dry_run, created, updated, unchanged, ended, closed, refused
from identity.directory_imports(%(id)s, %(most)s);

-- name: known_professionals
-- Professionals with one of these numbers.
select person, rpps, adeli, directory_id, family_name, given_names, civility, profession,
    specialty, mssante, active
from identity.professional
where rpps = any(%(rpps)s) or adeli = any(%(adeli)s) or directory_id = any(%(ids)s);

-- name: known_organisations
-- Organisations with one of these numbers.
select o.organisation, o.finess, o.national_id, o.directory_id, y.name, o.kind, o.sector, o.parent,
    o.mssante, o.postcode, o.town, o.commune, o.phone, o.active
from identity.organisation o
join access.party y on y.id = o.organisation
where o.finess = any(%(finess)s) or o.national_id = any(%(nst)s) or o.directory_id = any(%(ids)s);

-- name: known_posts
-- Posts that came from the directory under these ids.
select d.directory_id, d.post, p.person, p.organisation, p.ends_at
from identity.directory_post d
join access.post p on p.id = d.post
where d.directory_id = any(%(ids)s);

-- name: save_professional
-- A professional of the directory.
insert into identity.professional
    (person, rpps, adeli, family_name, given_names, civility, profession, specialty, mssante,
    directory_id, active, changed_at)
values (%(party)s, %(rpps)s, %(adeli)s, %(family_name)s, %(given_names)s, %(civility)s,
    %(profession)s, %(specialty)s, %(mssante)s, %(directory_id)s, %(active)s, %(now)s);

-- name: change_professional
-- A professional as the directory has him now.
update identity.professional
set rpps = %(rpps)s, adeli = %(adeli)s, family_name = %(family_name)s,
    given_names = %(given_names)s, civility = %(civility)s, profession = %(profession)s,
    specialty = %(specialty)s, mssante = %(mssante)s, directory_id = %(directory_id)s,
    active = %(active)s, changed_at = %(now)s
where person = %(party)s;

-- name: save_organisation
-- An organisation of the directory.
insert into identity.organisation
    (organisation, finess, national_id, kind, sector, mssante, postcode, town, commune, phone,
    directory_id, active, changed_at)
values (%(party)s, %(finess)s, %(national_id)s, %(kind)s, %(sector)s, %(mssante)s, %(postcode)s,
    %(town)s, %(commune)s, %(phone)s, %(directory_id)s, %(active)s, %(now)s);

-- name: change_organisation
-- An organisation as the directory has it now.
update identity.organisation
set finess = %(finess)s, national_id = %(national_id)s, kind = %(kind)s, sector = %(sector)s,
    mssante = %(mssante)s, postcode = %(postcode)s, town = %(town)s, commune = %(commune)s,
    phone = %(phone)s, directory_id = %(directory_id)s, active = %(active)s, changed_at = %(now)s
where organisation = %(party)s;

-- name: set_parent
-- What an organisation is part of.
update identity.organisation set parent = %(parent)s
where organisation = %(party)s and parent is distinct from %(parent)s;

-- name: rename_party
-- The name on screens.
update access.party set name = %(name)s where id = %(party)s and name <> %(name)s;

-- name: save_dated_post
-- A post between two days, or without end.
insert into access.post (id, person, organisation, role, starts_at, ends_at)
values (%(post)s, %(person)s, %(organisation)s, %(role)s, %(starts_at)s, %(ends_at)s);

-- name: save_directory_post
-- Where a post stands in the directory.
insert into identity.directory_post (post, directory_id, function_code, practice_mode)
values (%(post)s, %(directory_id)s, %(function_code)s, %(practice_mode)s);

-- name: end_directory_post
-- A post ends.
update access.post set ends_at = %(ends_at)s
where id = %(post)s and starts_at < %(ends_at)s
    and (ends_at is null or ends_at > %(ends_at)s);

-- name: save_import
-- What an import did.
insert into identity.directory_import
    (id, at, by_person, format, source, dry_run, created, updated, unchanged, ended, closed,
    refused)
values (%(id)s, %(at)s, null, %(format)s, %(source)s, %(dry_run)s, %(created)s, %(updated)s,
    %(unchanged)s, %(ended)s, %(closed)s, %(refused)s);

-- name: api_key
-- The live key another system gave.
select key, organisation, scopes from identity.gate_api_key(%(token_hash)s);

-- name: save_api_key
-- A key of another system, for the operator.
insert into identity.api_key (id, organisation, name, scopes, token_hash, made_at, expires_at)
values (%(id)s, %(organisation)s, %(name)s, %(scopes)s, %(token_hash)s, %(now)s, %(expires_at)s);

-- name: api_keys_of
-- The keys of an organisation, ended ones too, for the operator.
select k.id as key, k.name, k.scopes, k.made_at, k.expires_at, k.ended_at
from identity.api_key k
where k.organisation = %(organisation)s
order by k.made_at, k.id;

-- name: end_api_key
-- The operator ends a key.
update identity.api_key set ended_at = %(now)s
where id = %(key)s and ended_at is null
returning id;
