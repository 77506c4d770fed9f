-- name: actions
-- The actions of a record that the actor sees, what is open first, by day.
select item_id, patient_id, author, author_name, wording, owner, owner_name, owner_role, due_on,
    state, accept_by, result, note_item, alert_id, given_at, version, mine
from doorway.action
where patient_id = any (access.record_of(%(patient)s))
order by state in ('done', 'abandoned'), due_on, given_at, item_id
limit %(most)s;

-- name: action
-- One action that the actor sees.
select item_id, patient_id, author, author_name, wording, owner, owner_name, owner_role, due_on,
    state, accept_by, result, note_item, alert_id, given_at, version, mine
from doorway.action
where item_id = %(item)s and patient_id = any (access.record_of(%(patient)s));

-- name: action_events
-- Who said what of the actions of a record, in order.
select id, item_id, at, by_name, what, words
from doorway.action_event
where patient_id = any (access.record_of(%(patient)s))
order by at, id;

-- name: sign_action
-- A new item of a record; the database writes who signs it.
insert into access.item (item_id, patient_id, kind, within)
values (%(item)s, %(patient)s, 'action', %(note)s);

-- name: give_action
-- The action of the item just signed.
select coordination.give_action(%(item)s, %(wording)s, %(owner)s, %(role)s, %(due_on)s, %(state)s,
    %(accept_by)s, %(alert)s, %(event)s, %(notice)s) as done;

-- name: move_action
-- What somebody says of an action.
select coordination.move_action(%(item)s, %(what)s, %(state)s, %(mine)s, %(words)s, %(version)s,
    %(event)s, %(notice)s) as said;

-- name: my_actions
-- What waits for the actor in the actions of all his patients.
select item_id, patient_id, patient_name, wording, due_on, state, accept_by, author_name, mine
from coordination.my_actions(%(most)s);

-- name: return_actions
-- What nobody accepted in time goes back to its author.
select coordination.return_actions(%(limit)s) as count;
