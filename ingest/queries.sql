-- name: ensure_streams
-- Make the streams of a batch known, in the order in which every batch locks them.
insert into ingest.stream (source, epoch, last_received_at)
select source, epoch, %(now)s
from unnest(%(sources)s::text[], %(epochs)s::text[]) as named(source, epoch)
order by source, epoch
on conflict (source, epoch) do nothing;

-- name: lock_streams
-- Lock the streams of a batch in order and tell what each has received.
select s.id, s.source, s.epoch, s.received
from ingest.stream s
join unnest(%(sources)s::text[], %(epochs)s::text[]) as named(source, epoch)
    on named.source = s.source and named.epoch = s.epoch
order by s.source, s.epoch
for update of s;

-- name: widen_streams
-- Add the numbers stored now to what each stream has received.
update ingest.stream s
set received = s.received + fresh.numbers::int8multirange, last_received_at = %(now)s
from unnest(%(ids)s::integer[], %(numbers)s::text[]) as fresh(id, numbers)
where s.id = fresh.id;

-- name: copy_readings
-- Single values.
copy vitals.reading (measured_at, received_at, patient_key, source, value, vital, quality)
from stdin (format binary);

-- name: copy_sampled
-- Sampled stretches.
copy vitals.sampled
    (start_at, received_at, patient_key, source, period_ms, vital, quality, samples)
from stdin (format binary);

-- name: copy_minutes
-- Summaries of the minutes of sampled stretches.
copy vitals.minute (minute_at, patient_key, vital, low, median, high, count, quality)
from stdin (format binary);

-- name: save_device_event
-- Something that happened to a device.
insert into ingest.device_event
    (id, received_at, source, device, patient_key, event, at, detail)
values (%(id)s, %(now)s, %(source)s, %(device)s, %(patient)s, %(event)s, %(at)s, %(detail)s);

-- name: save_quarantined
-- What could not be used; the same thing waits there once.
insert into ingest.quarantine
    (id, received_at, source, epoch, item_number, reason, detail, device, patient_key,
    measured_at, payload, digest)
values (%(id)s, %(now)s, %(source)s, %(epoch)s, %(item_number)s, %(reason)s, %(detail)s,
    %(device)s, %(patient)s, %(measured_at)s, %(payload)s, %(digest)s)
on conflict do nothing;

-- name: save_due
-- Patients whose new readings nobody has judged.
insert into core.due (kind, patient_key, from_time, until_time, received_at)
select 'reading', patient_key, from_time, until_time, %(now)s
from unnest(%(patients)s::integer[], %(from_times)s::timestamptz[],
    %(until_times)s::timestamptz[]) as due(patient_key, from_time, until_time);

-- name: save_gateway_seen
-- A sign of life of a gateway, or word that it went away.
insert into ingest.gateway_seen (gateway, online, at, spooled)
values (%(gateway)s, %(online)s, %(now)s, %(spooled)s)
on conflict (gateway) do update
set online = excluded.online, at = excluded.at, spooled = excluded.spooled;

-- name: list_quarantine
-- What waits in quarantine and the actor may see, newest first.
select id, received_at, source, reason, detail, device, measured_at
from ingest.quarantine
where resolved_at is null
order by received_at desc, id
limit %(limit)s;

-- name: resolve_quarantined
-- A person has looked at it.
update ingest.quarantine
set resolved_at = %(now)s, resolved_by = %(person)s
where id = %(id)s and resolved_at is null;
