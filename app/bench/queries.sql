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
