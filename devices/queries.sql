-- name: save_gateway
-- A gateway that an organisation puts into a home.
insert into devices.gateway (id, organisation, created_at)
values (%(id)s, %(organisation)s, %(now)s);

-- name: save_device
-- A measuring device that an organisation lends.
insert into devices.device (id, model, organisation, created_at)
values (%(id)s, %(model)s, %(organisation)s, %(now)s);

-- name: save_assignment
-- A device is a patient's from an instant on; no row when somebody has it then or later.
insert into devices.assignment (id, device, patient_id, valid)
values (%(id)s, %(device)s, %(patient)s, tstzrange(%(starts_at)s, null))
on conflict do nothing;

-- name: end_assignment
-- The device is nobody's any more from an instant on.
update devices.assignment set valid = tstzrange(lower(valid), %(ends_at)s)
where id = %(id)s and upper_inf(valid) and lower(valid) < %(ends_at)s;

-- name: gateways_in_service
-- Which of these names are gateways in service, and whose.
select gateway, organisation from devices.gateways_in_service(%(gateways)s);

-- name: assignments_between
-- Who lends each of these devices and who had it in a span of time; a known one has a row at least.
select device, organisation, patient_key, starts_at, ends_at
from devices.assignments_between(%(devices)s, %(from_time)s, %(until_time)s);

-- name: devices_to_lend
-- Devices of the acting organisation in nobody's hands.
select device, model from devices.to_lend();

-- name: lend_device
-- A device is the patient's from now on.
select devices.lend(%(id)s, %(device)s, %(patient)s);
