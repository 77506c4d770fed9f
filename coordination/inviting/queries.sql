-- name: may_invite
-- Whether one more invitation may go to an address.
select coordination.may_invite(%(patient)s, %(address)s);

-- name: find_by_rpps
-- Whose RPPS number it is in the directory, and where his mail goes.
select party, name, address from coordination.find_by_rpps(%(patient)s, %(rpps)s);

-- name: add_invitation
-- Somebody is invited; his mail follows in the same transaction.
insert into coordination.invitation
    (id, patient_id, invited_by, organisation, name, address, role, basis, agreed, rpps,
    stay_ends_at, text_id, text_version, wording, means, given_on, person, token_hash, invited_at,
    expires_at)
values (%(id)s, %(patient)s, %(by)s,
    coalesce(access.current_organisation(), (
        select h.managing_organisation from doorway.circle_head h where h.patient_id = %(patient)s
    )), %(name)s, %(address)s, %(role)s, %(basis)s, %(agreed)s, %(rpps)s, %(stay_ends_at)s, %(text_id)s, %(text_version)s, %(wording)s,
    %(means)s, %(given_on)s, %(person)s, %(token_hash)s, %(now)s, %(ends_at)s);

-- name: mail_invitation
-- The mail goes out with a new link; the one before serves no more.
select coordination.mail_invitation(%(patient)s, %(id)s, %(message)s, %(token_hash)s, %(sealed)s,
    %(locale)s, %(ends_at)s);

-- name: withdraw_invitation
-- An invitation is taken back.
select coordination.withdraw_invitation(%(patient)s, %(id)s);

-- name: invitations
-- The invitations into a circle, latest first; those answered long ago are left out.
select id, name, address, role, family, invited_by_name, invited_at, expires_at, sends, answer,
    answered_at, asked_family, asked_given, asked_at, confirmed_at, known, undeliverable
from doorway.invitation
where patient_id = any (access.record_of(%(patient)s))
    and (answer is null or answered_at > %(since)s)
order by answer is not null, invited_at desc, id
limit 100;

-- name: gate_invitation
-- What the page of a link says before anybody signed in.
select id, invited_by_name, role, family, expires_at, asked, confirmed, has_office
from coordination.gate_invitation(%(token_hash)s);

-- name: gate_ask_account
-- Somebody invited asks for an account.
select coordination.gate_ask_account(%(token_hash)s, %(family)s, %(given)s, %(rpps)s);

-- name: my_invitations
-- Invitations that wait for the actor.
select id, invited_by_name, organisation_name, patient_name, role, family, proved, invited_at,
    expires_at, stay_ends_at
from coordination.my_invitations();

-- name: answer_invitation
-- The invited accepts or refuses.
select coordination.answer_invitation(%(id)s, %(membership)s, %(consent)s, %(accepts)s);

-- name: patient_of_invitation
-- Whose record an accepted invitation opened.
select coordination.patient_of_invitation(%(id)s);

-- name: accounts_asked
-- Professionals who wait until an administrator has confirmed who they are.
select id, family, given, rpps, address, role, asked_at, invited_by_name, directory_name, same_name
from coordination.accounts_asked();

-- name: confirm_account
-- Who it is is confirmed, or the request is sent back.
select outcome, person, address
from coordination.confirm_account(%(id)s, %(person)s, %(contact)s, %(is_he)s,
    %(asked_at)s);
