-- name: save_contact
-- A party can be told things at this address; known already, nothing changes.
insert into messages.contact_point (id, party, channel, address, created_at)
values (%(id)s, %(party)s, %(channel)s, %(address)s, %(now)s)
on conflict (party, channel, address) where ended_at is null do nothing;

-- name: contact_id
-- The live contact point of a party at an address.
select id from messages.contact_point
where party = %(party)s and channel = %(channel)s and address = %(address)s and ended_at is null;

-- name: save_message
-- A message waits to be sent; with a key that is known already, nothing is added.
insert into messages.outbox
    (id, key, recipient, channel, address, template, params, locale, state, created_at,
    next_attempt_at, about, weight, task, expires_at, gathered_in)
values (%(id)s, %(key)s, %(recipient)s, %(channel)s, %(address)s, %(template)s, %(params)s,
    %(locale)s, case when %(gathered_in)s::uuid is null then 'waiting' else 'gathered' end,
    %(now)s, %(now)s, %(about)s, %(weight)s, %(task)s, %(expires_at)s, %(gathered_in)s)
on conflict (key) do nothing;

-- name: gate_put_out
-- A message about signing in waits to be sent.
select messages.gate_put_out(%(id)s, %(key)s, %(recipient)s, %(channel)s, %(address)s,
    %(template)s, %(params)s, %(locale)s);

-- name: gate_mail_of
-- Where a party's mail about signing in goes.
select messages.gate_mail_of(%(party)s);

-- name: take_turns
-- Whoever writes to the same recipient by the same way waits until we have committed.
select pg_advisory_xact_lock(
    hashtextextended('messages ' || %(channel)s || ' ' || %(recipient)s::text, 0));

-- name: mail_before
-- The last message that told somebody of an alert as urgent by the same way; it stays as it is
-- meanwhile.
select id, template, state, created_at from messages.outbox
where recipient = %(recipient)s and channel = %(channel)s and address = %(address)s
    and created_at > %(since)s and weight = %(weight)s and gathered_in is null
    and not params ? 'drill'
    and template in ('message_waiting', 'alerts_waiting')
    and state in ('waiting', 'sending', 'sent')
order by created_at desc
limit 1
for update;

-- name: summary_of_key
-- A summary that others may still be told in.
select id from messages.outbox where key = %(key)s and state = 'waiting' for update;

-- name: cancel_gathered
-- What a summary that is due would tell in vain: an alert that is closed, to whoever has left.
update messages.outbox g
set state = 'cancelled'
from messages.outbox s
where s.id = g.gathered_in and g.state = 'gathered' and s.state in ('waiting', 'sending')
    and s.next_attempt_at <= %(now)s and not messages.still_waits(g.id);

-- name: cancel_unwanted
-- Whoever left a circle is told nothing more about it, however he left; a dead person nothing at
-- all; nor is anybody told what is of no use now. Only what is next in a lane is asked about, so
-- that a thousand waiting messages are not gone through once for each twenty that are sent.
with head as materialized (
    select id, recipient, about from messages.outbox
    where state in ('waiting', 'sending') and next_attempt_at <= %(now)s
        and (%(lane)s = 'all' or %(lane)s = case when channel = 'webhook' then 'webhooks'
            when weight = 'reminder' then 'reminders' else 'others' end)
    order by channel = 'webhook', weight = 'reminder', weight <> 'urgent', channel = 'email',
        next_attempt_at
    limit %(limit)s
),
unwanted as materialized (
    select id from head
    where access.is_dead(recipient)
        or about is not null and not access.party_in_circle(recipient, about)
        or not messages.is_timely(id, %(now)s)
)
update messages.outbox o
set state = 'cancelled', lease_until = null
from unwanted u
where o.id = u.id and o.state in ('waiting', 'sending') and o.next_attempt_at <= %(now)s;

-- name: still_wanted
-- A leased message just before it is sent: its recipient may have left, or died, since it was leased.
select id from messages.outbox
where id = %(id)s and state = 'sending' and attempts = %(attempts)s
    and not access.is_dead(recipient)
    and (about is null or access.party_in_circle(recipient, about))
    and messages.is_timely(id, %(now)s);

-- name: claim_messages
-- Lease the messages that are due, among them those whose sender died; what is urgent first, of it
-- what rings, then the oldest, reminders last.
update messages.outbox o
set state = 'sending', attempts = o.attempts + 1, lease_until = %(lease_until)s,
    next_attempt_at = %(lease_until)s
from (
    select id from messages.outbox
    where state in ('waiting', 'sending') and next_attempt_at <= %(now)s
        and (%(lane)s = 'all' or %(lane)s = case when channel = 'webhook' then 'webhooks'
            when weight = 'reminder' then 'reminders' else 'others' end)
    order by channel = 'webhook', weight = 'reminder', weight <> 'urgent', channel = 'email',
        next_attempt_at
    limit %(limit)s
    for update skip locked
) due
where o.id = due.id
returning o.id, o.key, o.recipient, o.channel, o.address, o.template,
    o.params || case when o.template = 'alerts_waiting'
        then jsonb_build_object('count', messages.gathered_left(o.id)::text)
        else '{}'::jsonb end as params,
    o.locale,
    o.created_at, o.attempts::int as attempts, access.is_training(o.recipient) as training,
    o.weight, o.expires_at;

-- name: note_sent
-- The relay accepted the message: whoever holds the lease now, it is sent.
update messages.outbox
set state = 'sent', lease_until = null, last_error = null,
    first_sent_at = coalesce(first_sent_at, %(now)s)
where id = %(id)s and state <> 'sent';

-- name: note_retry
-- Try again later, unless another sender has taken over meanwhile.
update messages.outbox
set state = 'waiting', lease_until = null, next_attempt_at = %(at)s, last_error = %(reason)s
where id = %(id)s and state = 'sending' and attempts = %(attempts)s;

-- name: note_dead
-- Never again, unless another sender has taken over meanwhile.
update messages.outbox
set state = 'dead', lease_until = null, last_error = %(reason)s
where id = %(id)s and state = 'sending' and attempts = %(attempts)s;

-- name: is_training
-- Whether a party belongs to a training territory.
select access.is_training(%(party)s) as training;

-- name: subscription
-- A browser that takes notifications, unless it has ended.
select sealed from messages.subscription where id = %(id)s and ended_at is null;

-- name: end_subscription
-- The service says that this browser takes no more; its owner is marked when it was his last.
with ended as (
    update messages.subscription
    set ended_at = greatest(%(now)s, created_at), end_reason = 'gone'
    where id = %(id)s and ended_at is null
    returning party
)
insert into messages.contact_fault (id, party, channel, reason, found_at)
select %(fault)s, e.party, 'push', 'gone', %(now)s from ended e
where not exists (
    select from messages.subscription s
    where s.party = e.party and s.ended_at is null and s.id <> %(id)s
)
on conflict (party, channel) where cleared_at is null do nothing;

-- name: gate_receipt
-- A browser says that it has a message, or that it was opened.
select messages.gate_receipt(%(id)s, %(opened)s);

-- name: subscribe
-- The browser of the actor takes notifications.
select messages.subscribe(%(id)s, %(digest)s, %(sealed)s, %(browser)s) as id;

-- name: my_subscriptions
-- The browsers of the actor that take notifications.
select id, browser, created_at, last_received_at from messages.my_subscriptions();

-- name: end_my_subscription
-- A browser of the actor takes no more notifications.
select messages.end_my_subscription(%(id)s) as done;

-- name: my_fallback
-- What the actor chose to get when a notification has not arrived.
select messages.my_fallback() as fallback;

-- name: choose_fallback
-- What the actor gets when a notification has not arrived.
select messages.choose_fallback(%(fallback)s);

-- name: try_my_subscription
-- A trial notification to a browser of the actor.
select messages.try_my_subscription(%(id)s, %(key)s, %(subscription)s, %(locale)s) as done;

-- name: note_fault
-- A way to somebody that does not lead to him; known already, nothing changes.
insert into messages.contact_fault (id, party, channel, reason, found_at)
values (%(id)s, %(party)s, %(channel)s, %(reason)s, %(now)s)
on conflict (party, channel) where cleared_at is null do nothing;

-- name: clear_fault
-- A way to somebody leads to him again.
update messages.contact_fault set cleared_at = greatest(%(now)s, found_at)
where party = %(party)s and channel = %(channel)s and cleared_at is null;

-- name: others_are_taken
-- Whether the provider takes messages to others of a channel, since this one was put out.
select exists (
    select from messages.outbox o
    join messages.outbox mine on mine.id = %(id)s
    where o.channel = mine.channel and o.state = 'sent' and o.first_sent_at > mine.created_at
        and o.address <> mine.address
) as taken;

-- name: my_ways
-- How the actor is told of alerts.
select sms, push, quiet_from, quiet_until, digest_at, mails, number, browsers
from messages.my_ways();

-- name: choose_ways
-- How the actor wants to be told of alerts.
select messages.choose_ways(%(contact)s, %(sms)s, %(push)s, %(number)s, %(quiet_from)s,
    %(quiet_until)s, %(digest_at)s) as done;
