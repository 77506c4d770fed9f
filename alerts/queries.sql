-- name: end_prescription
-- A new prescription takes the place of the one before.
update alerts.prescription set ends_at = %(now)s
where patient_id = %(patient)s and ends_at is null;

-- name: save_prescription
-- By which profile and ladder a patient is watched from now on.
insert into alerts.prescription
    (id, patient_id, patient_key, profile_id, profile_version, ladder_id, ladder_version,
    adjustments, usual_values, spo2_scale, prescribed_by, starts_at)
select %(id)s, p.id, p.key, %(profile_id)s, %(profile_version)s, %(ladder_id)s,
    %(ladder_version)s, %(adjustments)s, %(usual_values)s, %(spo2_scale)s, %(prescribed_by)s,
    %(now)s
from access.patient p
where p.id = %(patient)s;

-- name: save_first_summary
-- A patient who is watched stands in the queue before anything was measured.
insert into alerts.patient_summary
    (patient_id, level, rank, since, judged_at, items, missing, doubtful, latest, news2,
    open_alerts, open_red)
values (%(patient)s, 'unknown', 0, %(now)s, %(now)s, '[]', %(missing)s, '[]', '[]', %(news2)s, 0, 0)
on conflict (patient_id) do nothing;

-- name: ask_first_review
-- What came in the last hours while no prescription was live is judged once one is.
insert into core.due (kind, patient_key, from_time, until_time, received_at)
select 'reading', p.key, min(came.at), max(came.at), came.received_at
from access.patient p
cross join lateral (
    select r.measured_at as at, r.received_at from doorway.review_reading r
    where r.patient_key = p.key and r.measured_at >= %(since)s
    union all
    select r.start_at, r.received_at from doorway.review_sampled r
    where r.patient_key = p.key and r.start_at >= %(since)s
    union all
    select a.answered_at, a.received_at from alerts.answer_to_review a
    where a.patient_id = p.id and a.answered_at >= %(since)s
) came
where p.id = %(patient)s
    and came.received_at >= coalesce(
        (select max(r.ends_at) from alerts.prescription r where r.patient_id = p.id), '-infinity')
group by p.key, came.received_at;

-- name: start_watching
-- The patient is watched by what is signed here from now on.
select alerts.start_watching(%(id)s, %(patient)s, %(before)s::uuid, %(content)s, %(digest)s,
    %(look_at)s::timestamptz, %(missing)s, %(news2)s, %(since)s);

-- name: patients_due
-- Patients with data nobody has judged, longest waiting first, but for those set back for now.
select d.patient_key
from core.due d
where not exists (
    select from alerts.setback b
    where b.work = 'review' and b.subject = d.patient_key::text and b.retry_at > %(now)s
)
group by d.patient_key
order by min(d.id)
limit %(limit)s;

-- name: lock_patient
-- One reviewer per patient at a time, until the transaction ends.
select pg_try_advisory_xact_lock(7309454, %(patient_key)s) as locked;

-- name: due_of_patient
-- What is due for one patient.
select id, from_time, until_time, received_at from core.due
where patient_key = %(patient_key)s order by id limit %(limit)s;

-- name: delete_due
-- Exactly the rows that were judged.
delete from core.due where patient_key = %(patient_key)s and id = any (%(ids)s);

-- name: watched_patient
-- The patient behind a key, with the live prescription and what was judged before.
select p.id as patient_id, r.profile_id, r.profile_version, r.ladder_id, r.ladder_version,
    r.adjustments, r.usual_values, r.spo2_scale, r.id as prescription_id,
    r.version as prescription_version, r.content, s.level, s.since, s.judged_through,
    s.last_measured_at, a.birth_date
from access.patient p
left join alerts.person_to_ask a on a.patient_key = p.key
left join alerts.prescription r on r.patient_id = p.id and r.ends_at is null
left join alerts.patient_summary s on s.patient_id = p.id
where p.key = %(patient_key)s;

-- name: new_readings
-- Readings that came in the batches to judge, by vital so that each is found by the index.
select distinct r.reading_id, r.vital, r.value, r.measured_at, r.quality
from unnest(%(from_times)s::timestamptz[], %(until_times)s::timestamptz[],
        %(received)s::timestamptz[]) as d(from_time, until_time, received_at)
cross join unnest(%(vitals)s::smallint[]) as v(vital)
cross join lateral (
    select r.reading_id, r.vital, r.value, r.measured_at, r.quality
    from doorway.review_reading r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.measured_at between d.from_time and d.until_time
        and r.received_at = d.received_at
) r;

-- name: replaced_readings
-- What readings said before they were amended, when that was before anybody had judged it.
select distinct r.reading_id, r.vital, r.value, r.measured_at, r.quality
from unnest(%(dues)s::bigint[], %(from_times)s::timestamptz[], %(until_times)s::timestamptz[],
        %(received)s::timestamptz[]) as d(id, from_time, until_time, received_at)
join doorway.review_replaced r on r.patient_key = %(patient_key)s
    and r.measured_at between d.from_time and d.until_time
    and r.received_at = d.received_at and d.id < r.due_from
where r.value is not null;

-- name: new_stretches
-- Sampled stretches that came in the batches to judge.
select distinct r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
from unnest(%(from_times)s::timestamptz[], %(until_times)s::timestamptz[],
        %(received)s::timestamptz[]) as d(from_time, until_time, received_at)
cross join unnest(%(vitals)s::smallint[]) as v(vital)
cross join lateral (
    select r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
    from doorway.review_sampled r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.start_at between d.from_time and d.until_time
        and r.received_at = d.received_at
) r;

-- name: new_answers
-- Questionnaires that came with the rows to judge.
select distinct a.id, a.answers, a.answered_at, a.edition
from unnest(%(from_times)s::timestamptz[], %(until_times)s::timestamptz[],
        %(received)s::timestamptz[]) as d(from_time, until_time, received_at)
join alerts.answer_to_review a on a.patient_id = %(patient)s
    and a.answered_at between d.from_time and d.until_time and a.received_at = d.received_at;

-- name: latest_readings
-- The newest reading of each vital in each class of quality (bits in the classes' masks), a few
-- steps into an index each.
select r.reading_id, r.vital, r.value, r.measured_at, r.quality
from unnest(%(vitals)s::smallint[]) as v(vital)
cross join (values ('any'), ('counts'), ('to_verify')) as c(class)
cross join lateral (
    select r.reading_id, r.vital, r.value, r.measured_at, r.quality
    from doorway.review_reading r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.measured_at between %(since)s::timestamptz and %(until)s::timestamptz
        and case c.class
            when 'counts' then r.quality & (%(unusable)s::int | %(to_verify)s::int) = 0
            when 'to_verify' then r.quality & %(unusable)s::int = 0
                and r.quality & %(to_verify)s::int <> 0
            else true
        end
    order by r.measured_at desc
    limit 1
) r;

-- name: latest_stretches
-- The newest sampled stretch of each vital in each class of quality.
select r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
from unnest(%(vitals)s::smallint[]) as v(vital)
cross join (values ('any'), ('counts'), ('to_verify')) as c(class)
cross join lateral (
    select r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
    from doorway.review_sampled r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.start_at between %(since)s::timestamptz and %(until)s::timestamptz
        and case c.class
            when 'counts' then r.quality & (%(unusable)s::int | %(to_verify)s::int) = 0
            when 'to_verify' then r.quality & %(unusable)s::int = 0
                and r.quality & %(to_verify)s::int <> 0
            else true
        end
    order by r.start_at desc
    limit 1
) r;

-- name: latest_answers
-- The last questionnaires of a patient, as they stand after any correction.
select id, answers, answered_at, edition from alerts.answer_to_review
where patient_id = %(patient)s and answered_at between %(since)s and %(until)s and not replaced
order by answered_at desc limit 20;

-- name: save_assessment
-- What a review found.
insert into alerts.assessment
    (id, patient_id, judged_at, level, profile_id, profile_version, prescription_id,
    prescription_version, items, missing, doubtful, news2)
values (%(id)s, %(patient)s, %(now)s, %(level)s, %(profile_id)s, %(profile_version)s,
    %(prescription_id)s, %(prescription_version)s, %(items)s, %(missing)s, %(doubtful)s, %(news2)s);

-- name: save_summary
-- The last review of a patient; its place in the queue follows by rerank.
insert into alerts.patient_summary
    (patient_id, level, rank, since, judged_at, last_measured_at, items, missing, doubtful, latest,
    news2, open_alerts, open_red, judged_through)
values (%(patient)s, %(level)s, 0, %(since)s, %(now)s, %(last_measured_at)s, %(items)s, %(missing)s,
    %(doubtful)s, %(latest)s, %(news2)s, 0, 0, %(judged_through)s)
on conflict (patient_id) do update
set level = excluded.level, since = excluded.since, judged_at = excluded.judged_at,
    last_measured_at = excluded.last_measured_at, items = excluded.items,
    missing = excluded.missing, doubtful = excluded.doubtful, latest = excluded.latest,
    news2 = excluded.news2, judged_through = excluded.judged_through;

-- name: rerank
-- Count the patient's open alerts again and put him in his place in the queues.
select alerts.rerank(%(patient)s);

-- name: hint_queues
-- Tell the consoles of his organisations to look again.
select alerts.hint_queues(%(patient)s);

-- name: alerts_of_patient
-- The alerts nobody has closed, locked for this review.
select id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at, owned_until, hold,
    receipts, closed_by, closed_at, outcome, note, cause, cleared_at, sleep, slept_seconds,
    assignment, night_at, drill
from alerts.alert
where patient_id = %(patient)s and state <> 'closed'
order by id
for update;

-- name: alert_for_update
-- One alert of a patient, locked.
select id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at, owned_until, hold,
    receipts, closed_by, closed_at, outcome, note, cause, cleared_at, sleep, slept_seconds,
    assignment, night_at, drill
from alerts.alert
where id = %(id)s and patient_id = any (access.record_of(%(patient)s))
for update;

-- name: alert_to_escalate
-- One alert whose step is due, locked, unless another process has it.
select id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at, owned_until, hold,
    receipts, closed_by, closed_at, outcome, note, cause, cleared_at, sleep, slept_seconds,
    assignment, night_at, drill
from alerts.alert
where id = %(id)s and state <> 'closed' and next_step_at <= %(now)s
for update skip locked;

-- name: alerts_due
-- Alerts whose next step is due, but for those set back for now.
select a.id from alerts.alert a
where a.state <> 'closed' and a.next_step_at <= %(now)s
    and not exists (
        select from alerts.setback b
        where b.work = 'escalation' and b.subject = a.id::text and b.retry_at > %(now)s
    )
order by a.next_step_at
limit %(limit)s;

-- name: save_alert
-- A new alert; when one is open for the item already, that one wins.
insert into alerts.alert
    (id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, receipts, cause)
values (%(id)s, %(patient)s, %(patient_key)s, %(item)s, %(level)s, %(state)s, %(raised_at)s,
    %(first_breach_at)s, %(late)s, %(evidence)s, %(ladder)s, %(round)s, %(from_rung)s, %(rung)s,
    %(exhaustions)s, %(next_step_at)s, %(receipts)s, %(cause)s)
on conflict (patient_id, item) where state <> 'closed' do nothing;

-- name: save_life
-- Where an alert stands now.
update alerts.alert
set state = %(state)s, round = %(round)s, from_rung = %(from_rung)s, rung = %(rung)s,
    exhaustions = %(exhaustions)s, next_step_at = %(next_step_at)s, owner = %(owner)s,
    owned_at = %(owned_at)s, owned_until = %(owned_until)s, hold = %(hold)s,
    receipts = %(receipts)s, closed_by = %(closed_by)s, closed_at = %(closed_at)s,
    outcome = %(outcome)s, note = %(note)s, sleep = %(sleep)s, slept_seconds = %(slept_seconds)s,
    assignment = %(assignment)s
where id = %(id)s;

-- name: save_condition
-- Since when what raised the alert is within its limits again; null while it is not.
update alerts.alert set cleared_at = %(cleared_at)s where id = %(id)s;

-- name: answerers
-- Who may be given an alert of the patient.
select person, name, role from alerts.answerers(%(patient)s) order by name, person;

-- name: save_evidence
-- What later reviews found; the level only ever rises.
update alerts.alert set level = %(level)s, evidence = %(evidence)s where id = %(id)s;

-- name: save_event
-- One step in the life of an alert.
insert into alerts.alert_event (alert_id, patient_id, at, what, by_person, detail)
values (%(alert)s, %(patient)s, %(at)s, %(what)s, %(by)s, %(detail)s);

-- name: lacks_substitute
-- Whether a record without a GP names nobody in his place.
select alerts.lacks_substitute(%(patient)s) as lacks;

-- name: save_rota_place
-- Where an organisation plans.
insert into alerts.rota (organisation, zone, holidays, changed_by, changed_at)
values (%(organisation)s, %(zone)s, %(holidays)s, %(organisation)s, %(now)s)
on conflict (organisation) do update
set zone = excluded.zone, holidays = excluded.holidays, changed_by = excluded.changed_by,
    changed_at = excluded.changed_at;

-- name: save_shift
-- A weekly shift of somebody whose post there lets him have it; nobody else is planned.
insert into alerts.shift (id, organisation, person, duty, weekdays, starts, ends, on_holidays,
    first_on, last_on, made_by, made_at)
select %(id)s, %(organisation)s, %(person)s, %(duty)s, %(weekdays)s::smallint[],
    %(starts)s::time, %(ends)s::time, %(on_holidays)s, %(first_on)s::date, %(last_on)s::date,
    %(person)s, %(now)s
where alerts.may_stand(%(person)s, %(organisation)s, %(duty)s);

-- name: remove_shift
-- A shift that is planned no more.
update alerts.shift set removed_at = %(now)s, removed_by = person
where id = %(id)s and removed_at is null;

-- name: save_leave
-- Days on which somebody is away; whoever stands in for him has a post there.
insert into alerts.leave (id, organisation, person, first_on, last_on, substitute, noted_by,
    noted_at)
select %(id)s, %(organisation)s, %(person)s, %(first_on)s::date, %(last_on)s::date,
    %(substitute)s::uuid,
    %(person)s, %(now)s
where not exists (
    select from unnest(array[%(person)s, %(substitute)s]::uuid[]) w(person)
    where w.person is not null and not exists (
        select from access.post p
        where p.person = w.person and p.organisation = %(organisation)s
            and p.starts_at <= %(now)s and (p.ends_at is null or p.ends_at > %(now)s)
    )
);

-- name: save_swap
-- A shift of one day that a colleague has agreed to take.
insert into alerts.swap (id, organisation, shift, day, to_person, asked_by, asked_at, answered_at,
    accepted)
select %(id)s, s.organisation, s.id, %(day)s, %(to)s, s.person, %(now)s, %(now)s, true
from alerts.shift s
where s.id = %(shift)s and s.removed_at is null and alerts.may_stand(%(to)s, s.organisation, s.duty)
on conflict (shift, day) where accepted do update
set to_person = excluded.to_person, answered_at = excluded.answered_at;

-- name: end_gp_hours
-- What a GP gave before is no longer so.
update alerts.gp_hours set ended_at = greatest(%(now)s, accepted_at), ended_by = gp
where patient_id = %(patient)s and gp = %(gp)s and ended_at is null;

-- name: save_gp_hours
-- A GP of the circle accepts to be called, in the hours he gives.
insert into alerts.gp_hours (id, patient_id, gp, hours, accepted_at, noted_by)
select %(id)s, m.patient_id, m.party, %(hours)s, %(now)s, m.party
from access.membership m
where m.patient_id = %(patient)s and m.party = %(gp)s and m.role = 'gp'
    and m.starts_at <= %(now)s and (m.ends_at is null or m.ends_at > %(now)s)
limit 1;

-- name: end_without_gp
-- What was noted before is no longer so.
update alerts.without_gp set ended_at = greatest(%(now)s, noted_at), ended_by = noted_by
where patient_id = %(patient)s and ended_at is null;

-- name: save_without_gp
-- A record without a GP, and who is called in his place; only somebody of the circle is.
insert into alerts.without_gp (id, patient_id, substitute, hours, noted_at, noted_by)
select %(id)s, p.id, %(substitute)s::uuid, %(hours)s, %(now)s, p.id
from access.patient p
where p.id = %(patient)s
    and (%(substitute)s::uuid is null or access.party_in_circle(%(substitute)s, p.id));

-- name: rota_of
-- The rota of one organisation.
select k.organisation, k.zone, k.holidays, k.shifts, k.leaves, k.swaps, k.staff
from alerts.rota_kept k where k.organisation = %(organisation)s;

-- name: names_of_parties
-- How parties are written on screens, for the operator.
select id as person, name from access.party where id = any (%(ids)s);

-- name: rung_candidates
-- Whom a rung may call for a patient, where, and as he chose; a person without an address has a row
-- without one.
select person, organisation, stands_for, channel, address, locale, wants_sms, wants_push,
    quiet_from, quiet_until
from alerts.rung_candidate
where patient_id = %(patient)s and role = %(role)s
order by person, known_at, address;

-- name: rotas_of_patient
-- The rotas of the organisations in the circle of a patient.
select k.organisation, k.zone, k.holidays, k.shifts, k.leaves, k.swaps, k.staff
from alerts.rota_kept k
where k.organisation in (
    select m.party from access.membership m
    where m.patient_id = any (access.record_of(%(patient)s)) and m.starts_at <= %(now)s
        and (m.ends_at is null or m.ends_at > %(now)s)
);

-- name: all_rotas
-- Every rota that is kept.
select k.organisation, k.zone, k.holidays, k.shifts, k.leaves, k.swaps, k.staff
from alerts.rota_kept k;

-- name: gp_hours_of_patient
-- The hours in which GPs, or who stands in for one that is not there, accept to be called.
select h.gp, h.hours from alerts.gp_hours h
where h.patient_id = any (access.record_of(%(patient)s)) and h.ended_at is null
union all
select n.substitute, n.hours from alerts.without_gp n
where n.patient_id = any (access.record_of(%(patient)s)) and n.ended_at is null
    and n.substitute is not null;

-- name: called_first
-- Whom the last call of the first nurse's rung of an alert called.
select c.person::uuid as person
from alerts.alert_event e
cross join jsonb_array_elements_text(coalesce(e.detail -> 'people', '[]')) c(person)
where e.id = (
    select max(x.id) from alerts.alert_event x
    where x.alert_id = %(alert)s and x.what = 'called'
        and x.detail ->> 'role' = 'telemonitoring_nurse'
);

-- name: was_called
-- Whether an alert called anybody since a round of its ladder.
select exists (
    select from alerts.alert_event e
    where e.alert_id = %(alert)s and e.what = 'called'
        and (e.detail ->> 'round')::integer >= %(round)s
) as called;

-- name: save_gap
-- That nobody is on duty where somebody must be; nothing when that is known already.
insert into alerts.duty_gap (id, organisation, duty, since)
values (%(id)s, %(organisation)s, %(duty)s, %(now)s)
on conflict (organisation, duty) where filled_at is null do nothing;

-- name: open_gaps
-- Duties in which nobody was, and nobody has been since.
select organisation, duty, since from alerts.duty_gap where filled_at is null
order by since, organisation, duty;

-- name: fill_gap
-- Somebody is on duty again, or nobody has to be.
update alerts.duty_gap set filled_at = %(now)s
where organisation = %(organisation)s and duty = %(duty)s and filled_at is null;

-- name: carers_at_night
-- The carers whom the patient lets be told at night.
select person, channel, address, locale from alerts.carers_at_night(%(patient)s);

-- name: save_night
-- An alert that waits for the morning; nothing when it does already.
update alerts.alert set night_at = %(now)s where id = %(id)s and night_at is null;

-- name: save_setback
-- Work that failed is tried again later and later, at most five minutes apart.
insert into alerts.setback (work, subject, failures, first_at, last_at, retry_at, error)
values (%(work)s, %(subject)s, 1, %(now)s, %(now)s,
    %(now)s::timestamptz + interval '1 second', %(error)s)
on conflict (work, subject) do update
set failures = alerts.setback.failures + 1, last_at = excluded.last_at, error = excluded.error,
    retry_at = excluded.last_at
        + least(300, power(2, least(alerts.setback.failures, 10))) * interval '1 second'
returning failures, first_at;

-- name: doubt_summary
-- A patient who cannot be judged is not shown as well.
update alerts.patient_summary s set level = 'unknown', since = %(now)s
from access.patient p
where p.key = %(patient_key)s and s.patient_id = p.id and s.level = 'green'
returning s.patient_id;

-- name: clear_setback
-- The work has succeeded.
delete from alerts.setback where work = %(work)s and subject = %(subject)s;

-- name: setbacks
-- What keeps failing.
select work, subject, failures, first_at, error from alerts.setback order by first_at;

-- name: review_lag
-- Seconds since the oldest data nobody has judged, but for patients who are known to fail.
select coalesce(extract(epoch from %(now)s::timestamptz - min(d.received_at)), 0)::double precision
    as seconds
from core.due d
where not exists (
    select from alerts.setback b where b.work = 'review' and b.subject = d.patient_key::text
);

-- name: live_prescription
-- The live prescription of a patient the actor may see.
select profile_id, profile_version, adjustments, usual_values, content from alerts.prescription
where patient_id = any (access.record_of(%(patient)s)) and ends_at is null
order by array_position(access.record_of(%(patient)s), patient_id);

-- name: load_summary
-- The last review of a patient the actor may see; of merged records the one to worry about.
select patient_id, level, rank, since, judged_at, last_measured_at, items, missing, doubtful,
    latest, news2, open_alerts, open_red, oldest_alert_at, alerts.drill_record(patient_id) as of_drill
from alerts.patient_summary where patient_id = any (access.record_of(%(patient)s))
order by rank desc, judged_at desc;

-- name: open_alerts
-- The alerts of a patient that nobody has closed, red first, then oldest.
select id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at, owned_until, hold,
    receipts, closed_by, closed_at, outcome, note, cause, cleared_at, sleep, slept_seconds,
    assignment, night_at,
    case when drill is not null and alerts.drill_record(patient_id) then drill end as drill
from alerts.alert
where patient_id = any (access.record_of(%(patient)s)) and state <> 'closed'
order by level = 'red' desc, raised_at, id;

-- name: load_alert
-- One alert of a patient.
select id, patient_id, patient_key, item, level, state, raised_at, first_breach_at, late, evidence,
    ladder, round, from_rung, rung, exhaustions, next_step_at, owner, owned_at, owned_until, hold,
    receipts, closed_by, closed_at, outcome, note, cause, cleared_at, sleep, slept_seconds,
    assignment, night_at,
    case when drill is not null and alerts.drill_record(patient_id) then drill end as drill
from alerts.alert
where id = %(id)s and patient_id = any (access.record_of(%(patient)s));

-- name: events_of_alert
-- The life of an alert, oldest first.
select at, what, by_person, detail from alerts.alert_event
where alert_id = %(id)s and patient_id = any (access.record_of(%(patient)s)) order by id;

-- name: names_around
-- Names of the persons an alert mentions.
select person, name from alerts.names_around(%(patient)s, %(id)s);

-- name: patient_of_alert
-- Whose alert this is, for one who may read it.
select patient_id from alerts.alert where id = %(id)s;

-- name: queue_page
-- One page of the acting organisation's queue.
select patient_id, name, birth_date, sex, phone, rank, waiting_since, level, since, judged_at,
    last_measured_at, items, missing, doubtful, latest, news2, open_alerts, open_red,
    oldest_alert_at, seen_at, seen_by, alerts, repeats, of_drill
from alerts.queue_page(%(limit)s, %(offset)s);

-- name: queue_counts
-- Patients of the acting organisation's queue by level.
select level, patients, open_alerts, open_red, for_drills from alerts.queue_counts();

-- name: alerts_between
-- Every alert of a period that the acting organisation followed, with what came of it.
select patient_id, item, programme, level, raised_at, answered_at, closed_at, outcome, closed_by,
    closer
from alerts.alerts_between(%(start)s, %(end)s);

-- name: followed_between
-- How many days the acting organisation followed each patient in a period.
select patient_id, name, programme, days from alerts.followed_between(%(start)s, %(end)s);

-- name: chart_readings
-- Spot readings of a patient for a chart.
select vital, measured_at as at, value, value as low, value as high, quality
from doorway.reading
where patient_id = any (access.record_of(%(patient)s)) and vital = any (%(vitals)s::smallint[])
    and measured_at between %(start)s and %(end)s
order by measured_at;

-- name: chart_minutes
-- Minute summaries of a patient for a chart; several stretches in a minute are several points.
select vital, minute_at as at, median as value, low, high, quality
from doorway.minute
where patient_id = any (access.record_of(%(patient)s)) and vital = any (%(vitals)s::smallint[])
    and minute_at between %(start)s and %(end)s
order by minute_at;

-- name: chart_stretches
-- Sampled stretches of a patient for a chart; one may have begun just before.
select reading_id, vital, start_at, period_ms, quality, samples
from doorway.sampled
where patient_id = any (access.record_of(%(patient)s)) and vital = any (%(vitals)s::smallint[])
    and start_at between %(start)s::timestamptz - interval '1 hour' and %(end)s
order by start_at;

-- name: my_open_alerts
-- Open alerts of all patients the actor may read, red first, then oldest.
select a.id as alert_id, a.patient_id, c.name as patient_name, a.level, a.state,
    a.raised_at as since, a.evidence,
    case when a.drill is not null and alerts.drill_record(a.patient_id) then a.drill end as drill
from alerts.alert a
join doorway.circle c on c.patient_id = a.patient_id and c.role = 'patient'
where a.state <> 'closed'
order by a.level = 'red' desc, a.raised_at, a.id
limit %(most)s;

-- name: my_day
-- Alerts of all patients the actor may read that were raised or closed since then, red first.
select a.id as alert_id, a.patient_id, c.name as patient_name, a.level, a.state,
    a.raised_at as since, a.evidence, a.closed_at, a.outcome,
    case when a.drill is not null and alerts.drill_record(a.patient_id) then a.drill end as drill
from alerts.alert a
join doorway.circle c on c.patient_id = a.patient_id and c.role = 'patient'
where a.raised_at > %(since)s or a.closed_at > %(since)s
order by a.level = 'red' desc, a.state = 'closed', a.raised_at, a.id
limit %(most)s;

-- name: seen_delay
-- By how many seconds a receipt delays the next step of an alert: its own ladder says.
select (a.ladder -> 'seen_seconds' ->> a.level)::integer as seconds
from alerts.alert a
where a.id = %(id)s and a.patient_id = any (access.record_of(%(patient)s));

-- name: key_of_patient
-- The time-series key by which a patient is locked.
select key from access.patient where id = %(patient)s;

-- name: silences_answered
-- Open alerts of silence whose patient has sent an answer since, noted in none of them; locked.
select a.id as alert_id, a.patient_id, r.at
from alerts.alert a
cross join lateral (
    select min(n.received_at) as at from alerts.answer_to_review n
    where n.patient_id = any (access.record_of(a.patient_id))
        and n.answered_at > a.raised_at - interval '7 days' and n.received_at > a.raised_at
) r
where a.item = 'no_answer' and a.state <> 'closed' and r.at is not null
    and not exists (
        select from alerts.alert_event e where e.alert_id = a.id and e.what = 'answered_since'
    )
limit %(limit)s
for update of a skip locked;

-- name: silence_setbacks
-- Patients whose silence could not be told and is tried again later.
select subject::uuid as patient from alerts.setback
where work = 'silence' and retry_at > %(now)s;

-- name: save_call_back
-- Somebody asks the team to call him, once for each key of his browser.
insert into alerts.call_back (id, patient_id, asked_at, asked_by, client_key)
values (%(id)s, %(patient)s, %(now)s, access.current_person(), %(key)s)
on conflict (patient_id, client_key) do nothing;

-- name: my_call_backs
-- The requests of a patient and what became of each.
select id, asked_at, state, taken_at, by_name, by_role, closed_at
from alerts.my_call_backs(%(patient)s);

-- name: call_backs_waiting
-- Requests without an alert, oldest first, but those that failed and are tried again later.
select c.id
from alerts.call_back c
join access.patient p on p.id = c.patient_id
where c.alert_id is null and p.died_on is null and not exists (
    select from alerts.setback b
    where b.work = 'call_back' and b.subject = c.id::text and b.retry_at > %(now)s
)
order by c.asked_at, c.id
limit %(most)s;

-- name: call_back_to_raise
-- One request without an alert, unless another process has it, and its patient's ladder.
select c.id, c.patient_id, p.key as patient_key, c.asked_at, r.ladder_id, r.ladder_version
from alerts.call_back c
join access.patient p on p.id = c.patient_id
left join alerts.prescription r on r.patient_id = c.patient_id and r.ends_at is null
where c.id = %(id)s and c.alert_id is null and p.died_on is null
for update of c skip locked;

-- name: save_alert_of_call_back
-- Which alert calls the team for a request.
update alerts.call_back set alert_id = %(alert)s where id = %(id)s;

-- name: daily_values
-- What was measured of a patient, a row a vital and day there: the span and the last of each day.
select v.vital, v.day, min(v.value) as low, max(v.value) as high, count(*) as times,
    (array_agg(v.value order by v.at desc))[1] as last, max(v.at) as last_at
from (
    select r.vital, r.measured_at as at, (r.measured_at at time zone %(zone)s)::date as day,
        r.value
    from doorway.reading r
    where r.patient_id = any (access.record_of(%(patient)s)) and r.measured_at >= %(since)s
        and r.measured_at <= %(now)s and r.quality & %(unusable)s = 0
    union all
    select m.vital, m.minute_at, (m.minute_at at time zone %(zone)s)::date, m.median
    from doorway.minute m
    where m.patient_id = any (access.record_of(%(patient)s)) and m.minute_at >= %(since)s
        and m.minute_at <= %(now)s and m.quality & %(unusable)s = 0
) v
group by v.vital, v.day
order by v.vital, v.day;

-- name: open_at_exit
-- What is open of a patient, for whoever ends his follow-up.
select id, item, level, raised_at from alerts.alert
where patient_id = any (access.record_of(%(patient)s)) and state <> 'closed'
order by level = 'red' desc, raised_at, id;

-- name: alerts_since
-- The orange and red alerts of a patient since an instant, and how each ended.
select item, level, raised_at, outcome from alerts.alert
where patient_id = any (access.record_of(%(patient)s)) and raised_at >= %(since)s
order by raised_at, id
limit 50;

-- name: save_said
-- A question or a reply about an alert, once for each key of the page it was written on.
insert into alerts.said (id, alert_id, patient_id, kind, words, by_person, at, client_key)
values (%(id)s, %(alert)s, %(patient)s, %(kind)s, %(words)s, access.current_person(), %(now)s,
    %(key)s)
on conflict (by_person, client_key) do nothing;

-- name: said_of_alert
-- What was asked and replied about an alert, oldest first.
select kind, words, by_person, at from alerts.said
where alert_id = %(id)s and patient_id = any (access.record_of(%(patient)s))
order by at, id;

-- name: told_of_alert
-- What became of the messages by which an alert called people.
select round, rung, person, channel, state, sent_at, received_at, due_at
from alerts.told(%(patient)s, %(id)s);

-- name: technical_found
-- Every technical trouble there is now.
select kind, subject, organisation, patient_id, detail
from alerts.technical_found(%(now)s, %(offline)s, %(silent)s, %(battery)s, %(dead)s, %(late)s,
    %(unsent)s, %(failures)s);

-- name: technical_lock
-- One look at a time: the others leave it to the one that is looking.
select pg_try_advisory_xact_lock(hashtextextended('alerts.technical', 0)) as mine;

-- name: technical_open
-- The troubles that are known and not gone.
select kind, subject, detail from alerts.technical where cleared_at is null;

-- name: open_technical
-- A trouble begins.
insert into alerts.technical (id, kind, subject, organisation, patient_id, detail, found_at)
values (%(id)s, %(kind)s, %(subject)s, %(organisation)s, %(patient)s, %(detail)s, %(now)s)
on conflict (kind, subject) where cleared_at is null do nothing;

-- name: change_technical
-- A trouble is still there, and its detail has changed.
update alerts.technical set detail = %(detail)s
where kind = %(kind)s and subject = %(subject)s and cleared_at is null;

-- name: clear_technical
-- A trouble is gone.
update alerts.technical set cleared_at = greatest(%(now)s, found_at)
where kind = %(kind)s and subject = %(subject)s and cleared_at is null;

-- name: technical_queue
-- The troubles that concern the acting organisation, open ones first.
select id, kind, subject, patient_id, patient_name, detail, found_at, taken_by, taker, taken_at,
    note, cleared_at
from alerts.technical_queue(%(cleared_since)s);

-- name: take_technical
-- The actor deals with a trouble, or gives it back.
select alerts.take_technical(%(id)s, %(note)s, %(give_back)s) as done;

-- name: open_matters
-- What is open in the acting organisation's queue, as the queue shows it.
select key, patient_id, name, alert, first_call_late, call_back_due, of_drill
from alerts.open_matters();

-- name: give_handover
-- The actor signs what he leaves to the next shift.
select alerts.give_handover(%(id)s, %(note)s, %(remarks)s, %(seen)s::uuid[]) as said;

-- name: take_handover
-- The actor signs that he takes over.
select alerts.take_handover(%(id)s, %(digest)s) as said;

-- name: handovers
-- The handovers of the acting organisation, newest first; one of them if it is named.
select id, giver, giver_name, since, given_at, note, raised, closed, digest, taker, taker_name,
    taken_at, lines
from alerts.handovers(%(id)s::uuid, %(limit)s);

-- name: handover_lines
-- What one handover says of each open matter.
select place, patient_id, name, alert, first_call_late, call_back_due, remark, of_drill
from alerts.handover_lines(%(id)s);

-- name: versions_of_prescription
-- Every version of a patient's prescription, the newest first, with who signed it.
select r.id, r.patient_id, r.version, r.profile_id, r.profile_version, r.ladder_id,
    r.ladder_version, r.adjustments, r.usual_values, r.spo2_scale, r.content, r.digest,
    r.prescribed_by, n.name as prescribed_by_name, r.starts_at, r.ends_at
from alerts.prescription r
left join alerts.signers(%(patient)s) n on n.person = r.prescribed_by
where r.patient_id = any (access.record_of(%(patient)s))
order by r.ends_at is null desc, r.starts_at desc
limit 50;

-- name: open_drafts
-- The drafts of a patient's prescription that nobody has signed or thrown away.
select d.id, d.patient_id, d.base_version, d.content, d.reason, d.alert_id, d.made_by,
    n.name as made_by_name, d.changed_at, d.revision
from alerts.prescription_draft d
left join alerts.signers(%(patient)s) n on n.person = d.made_by
where d.patient_id = any (access.record_of(%(patient)s)) and d.state = 'open'
order by d.changed_at desc;

-- name: save_draft
-- A new draft; one that its author has open already is written over.
insert into alerts.prescription_draft
    (id, patient_id, base_version, content, reason, alert_id, made_by, made_at, changed_by,
    changed_at)
values (%(id)s, %(patient)s, %(base)s, %(content)s, %(reason)s, %(alert)s,
    access.current_person(), %(now)s, access.current_person(), %(now)s)
on conflict (patient_id, made_by) where state = 'open' do update
set base_version = excluded.base_version, content = excluded.content, reason = excluded.reason,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at,
    revision = alerts.prescription_draft.revision + 1
returning id, revision;

-- name: change_draft
-- What was written into a draft, if it is still as it was seen.
update alerts.prescription_draft
set content = %(content)s, reason = %(reason)s, changed_by = access.current_person(),
    changed_at = %(now)s, revision = revision + 1
where id = %(id)s and patient_id = any (access.record_of(%(patient)s)) and state = 'open'
    and revision = %(revision)s
returning id, revision;

-- name: discard_draft
-- A draft is thrown away; it stays in the record.
update alerts.prescription_draft
set state = 'discarded', changed_by = access.current_person(), changed_at = %(now)s
where id = %(id)s and patient_id = any (access.record_of(%(patient)s)) and state = 'open'
    and revision = %(revision)s;

-- name: sign_prescription
-- A draft becomes the live version, or a word says why not.
select alerts.sign_prescription(%(id)s, %(patient)s, %(draft)s, %(revision)s, %(content)s,
    %(digest)s, %(look_at)s);

-- name: readings_before
-- What was judged before, of the vitals whose rules look back, newest first and bounded.
select r.reading_id, r.vital, r.value, r.measured_at, r.quality
from unnest(%(vitals)s::smallint[]) as v(vital)
cross join lateral (
    select r.reading_id, r.vital, r.value, r.measured_at, r.quality
    from doorway.review_reading r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.measured_at between %(since)s::timestamptz and %(until)s::timestamptz
    order by r.measured_at desc
    limit %(most)s
) r;

-- name: stretches_before
-- Sampled stretches that were judged before, likewise.
select r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
from unnest(%(vitals)s::smallint[]) as v(vital)
cross join lateral (
    select r.reading_id, r.vital, r.start_at, r.period_ms, r.quality, r.samples
    from doorway.review_sampled r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.start_at between %(since)s::timestamptz and %(until)s::timestamptz
    order by r.start_at desc
    limit %(most)s
) r;

-- name: prescriptions_due
-- Patients whose live prescription has a deadline that came, but for those set back for now.
select r.patient_key from alerts.prescription r
where r.ends_at is null and r.look_at <= %(now)s
    and not exists (
        select from alerts.setback b
        where b.work = 'review' and b.subject = r.patient_key::text and b.retry_at > %(now)s
    )
order by r.look_at
limit %(limit)s;

-- name: standing_prescription
-- The live prescription of one patient, if a deadline came, with his latest values.
select r.id, r.version, r.content, r.starts_at, r.looked_at, s.latest
from alerts.prescription r
left join alerts.patient_summary s on s.patient_id = r.patient_id
where r.patient_key = %(patient_key)s and r.ends_at is null and r.look_at <= %(now)s
    and r.content is not null;

-- name: save_look
-- Up to when deadlines were looked for, and when to look next.
update alerts.prescription set looked_at = %(now)s, look_at = %(look_at)s where id = %(id)s;

-- name: readings_to_replay
-- Spot readings of a patient of the last days, the newest ones, for who may see them.
select reading_id, vital, value, measured_at, quality
from doorway.reading
where patient_id = any (access.record_of(%(patient)s)) and vital = any (%(vitals)s::smallint[])
    and measured_at between %(since)s and %(until)s
order by measured_at desc
limit %(most)s;

-- name: minutes_to_replay
-- Minute summaries of what was sampled, likewise.
select vital, minute_at as at, median as value, low, high, quality
from doorway.minute
where patient_id = any (access.record_of(%(patient)s)) and vital = any (%(vitals)s::smallint[])
    and minute_at between %(since)s and %(until)s
order by minute_at desc
limit %(most)s;

-- name: answers_to_replay
-- Questionnaires of the last days, for who may read them.
select id, answers, answered_at, edition
from alerts.answers_to_replay(%(patient)s, %(since)s, %(until)s, %(most)s);

-- name: my_rota
-- The rota of the acting organisation.
select organisation, zone, holidays, shifts, leaves, swaps, staff from alerts.my_rota();

-- name: rota_people
-- Who is or was planned in the acting organisation, and who may be.
select person, name, duties from alerts.rota_people();

-- name: rota_leaves
-- Leave of the acting organisation that lasts, or begins later.
select id, person, first_on, last_on, substitute from alerts.rota_leaves(%(since)s::date);

-- name: rota_swaps
-- Swaps of the acting organisation that wait for an answer.
select id, shift, day, to_person, asked_by from alerts.rota_swaps(%(since)s::date);

-- name: plan_shift
-- A person plans a shift, in place of another from its first day on.
select alerts.plan_shift(%(id)s, %(person)s, %(duty)s, %(weekdays)s::smallint[],
    %(starts)s::time, %(ends)s::time, %(on_holidays)s, %(first_on)s::date, %(last_on)s::date,
    %(replaces)s::uuid) as done;

-- name: end_shift
-- A person ends a shift with a day.
select alerts.end_shift(%(id)s, %(last_on)s::date) as done;

-- name: note_leave
-- A person notes days of leave.
select alerts.note_leave(%(id)s, %(person)s, %(first_on)s::date, %(last_on)s::date,
    %(substitute)s::uuid) as done;

-- name: end_leave
-- A person takes back days of leave.
select alerts.end_leave(%(id)s) as done;

-- name: offer_swap
-- A person asks a colleague to take a shift of a day.
select alerts.offer_swap(%(id)s, %(shift)s, %(day)s::date, %(to)s) as done;

-- name: answer_swap
-- Who is asked for a swap accepts it; he, or who asked, says no.
select alerts.answer_swap(%(id)s, %(accepts)s) as done;

-- name: own_rotas
-- The rotas in which the actor may be planned.
select organisation, zone, holidays, shifts, leaves, swaps, staff from alerts.own_rotas();

-- name: colleagues
-- Who may be on duty beside the actor, he among them.
select organisation, organisation_name, person, name, duties from alerts.colleagues();

-- name: own_swaps
-- Swaps that the actor is asked for, or asked for himself.
select id, organisation, shift, day, duty, starts, ends, to_person, to_name, asked_by, asked_name,
    answered_at, accepted, answered_by, given_on_at, stands
from alerts.own_swaps(%(since)s::date);

-- name: lock_own_shifts
-- One answer of a person at a time.
select pg_advisory_xact_lock(hashtextextended('own shifts:' || %(person)s::text, 0));

-- name: tell_swap
-- What a swap tells now is put out, by the ways the site can send.
select alerts.tell_swap(%(id)s, %(ways)s::text[]) as count;

-- name: gp_rung
-- Who stands on the GP's rung of a patient, and in which hours.
select kind, person, name, hours from alerts.gp_rung(%(patient)s);

-- name: note_gp_hours
-- A person notes in which hours a GP is called.
select alerts.note_gp_hours(%(id)s, %(patient)s, %(gp)s, %(hours)s) as done;

-- name: note_without_gp
-- A person notes that a record has no GP, and who is called in his place.
select alerts.note_without_gp(%(id)s, %(patient)s, %(substitute)s::uuid, %(hours)s) as done;

-- name: note_seen
-- The actor has seen a calm patient as he was shown.
select alerts.note_seen(%(patient)s, %(judged_at)s) as done;

-- name: my_asides
-- What the actor put aside in his own queue, with how each alert stands now.
select alert_id, patient_id, person, at, until, level, round, held, reason, note, level_now,
    round_now, state, owner, assigned_to
from alerts.my_asides(%(now)s);

-- name: save_aside
-- An alert leaves the actor's own queue for a while.
insert into alerts.aside
    (alert_id, patient_id, person, at, until, level, round, held, reason, note)
select t.id, t.patient_id, %(person)s, %(at)s, %(until)s, %(level)s, %(round)s, %(held)s,
    %(reason)s, %(note)s
from alerts.alert t
where t.id = %(alert_id)s and t.patient_id = any (access.record_of(%(patient)s))
on conflict (alert_id, person) do update
set at = excluded.at, until = excluded.until, level = excluded.level, round = excluded.round,
    held = excluded.held, reason = excluded.reason, note = excluded.note;

-- name: drop_aside
-- It comes back into his queue.
delete from alerts.aside where alert_id = %(alert)s and person = access.current_person();

-- name: repeats_asked
-- The measures a patient is asked to take again and has not, locked.
select id, item, alert_id, breaches, asked_at, due_at from alerts.repeat
where patient_id = %(patient)s and state = 'asked'
for update;

-- name: repeats_settled
-- Items whose repeat was within the limits lately.
select distinct item from alerts.repeat
where patient_id = %(patient)s and state = 'within' and ended_at > %(since)s;

-- name: repeat_reach
-- Where a patient can be asked at once.
select browsers, contact_mobile, phone, fallback, sms_faulty, locale
from alerts.repeat_reach(%(patient)s);

-- name: hold_for_repeat
-- A measure is asked for before anything is raised.
insert into alerts.repeat
    (id, patient_id, patient_key, item, breaches, asked_at, due_at, state)
values (%(id)s, %(patient)s, %(patient_key)s, %(item)s, %(breaches)s, %(now)s, %(due_at)s, 'asked');

-- name: ask_beside_alert
-- A measure is asked for beside the open alert of its item.
insert into alerts.repeat
    (id, patient_id, patient_key, item, alert_id, breaches, asked_at, due_at, state)
select %(id)s, a.patient_id, a.patient_key, a.item, a.id, %(breaches)s, %(now)s, %(due_at)s, 'asked'
from alerts.alert a
where a.patient_id = %(patient)s and a.item = %(item)s and a.state <> 'closed'
returning alert_id as id;

-- name: end_repeat
-- How a repeat ended; what calls because of it is the open alert of its item.
update alerts.repeat r
set state = %(state)s, ended_at = greatest(%(now)s, r.asked_at),
    alert_id = case when r.alert_id is null and %(state)s <> 'within' then (
        select a.id from alerts.alert a
        where a.patient_id = r.patient_id and a.item = r.item and a.state <> 'closed'
    ) else r.alert_id end
where r.id = %(id)s and r.state = 'asked'
returning r.alert_id as id;

-- name: repeats_due
-- Measures that did not come in time, or whose patient is watched no more, but for those set back.
select r.id, r.patient_key from alerts.repeat r
where r.state = 'asked'
    and (r.due_at <= %(now)s or not exists (
        select from alerts.prescription p where p.patient_id = r.patient_id and p.ends_at is null
    ))
    and not exists (
        select from alerts.setback b
        where b.work = 'repeat' and b.subject = r.id::text and b.retry_at > %(now)s
    )
order by r.due_at
limit %(limit)s;

-- name: repeat_to_settle
-- One of them, locked, unless another process has it.
select r.id, r.item, r.alert_id, r.breaches, r.asked_at, r.due_at from alerts.repeat r
where r.id = %(id)s and r.state = 'asked'
    and (r.due_at <= %(now)s or not exists (
        select from alerts.prescription p where p.patient_id = r.patient_id and p.ends_at is null
    ))
for update of r skip locked;

-- name: my_repeats
-- What the patient in hand was asked to measure again in the last day.
select id, item, asked_at, due_at, state, answer_id from alerts.my_repeats(%(patient)s);

-- name: my_repeat
-- One measure the patient in hand was asked to take again, however long ago.
select id, item, asked_at, due_at, state, answer_id
from alerts.my_repeat(%(patient)s, %(repeat)s);

-- name: answer_repeat
-- The guided questionnaire of a repeat was answered.
select alerts.answer_repeat(%(id)s, %(key)s) as done;

-- name: repeats_of_alert
-- The measures asked for again because of an alert, oldest first, with what was answered.
select asked_at, due_at, state, ended_at, answers, edition
from alerts.repeats_of(%(patient)s, %(id)s);

-- name: repeats_waiting
-- Orange values of a patient that wait for a new measure, first due first.
select item, asked_at, due_at from alerts.repeats_waiting(%(patient)s);

-- name: events_to_hand_on
-- Steps in the life of alerts that another system is still to be told of.
select id, alert_id, what, at from alerts.events_to_hand_on(%(since)s, %(kinds)s, %(limit)s);

-- name: digests_due
-- Who is to be mailed that the summary of a day is ready.
select person, address, locale, day from alerts.digests_due(%(now)s, %(zone)s);

-- name: start_drill
-- The actor starts an exercise.
select alerts.start_drill(%(id)s, %(patient)s, %(person)s::uuid) as said;

-- name: begin_drill
-- The service, or its operator, starts an exercise.
select alerts.begin_drill(%(id)s, %(organisation)s, %(patient)s, %(person)s::uuid, null,
    %(planned)s) as said;

-- name: drills
-- The exercises of the acting organisation, newest first; one of them if it is named.
select id, organisation, patient_id, patient_name, person, person_name, started_at,
    started_by_name, planned, judged_at, alert, steps, sent, report, ended_at
from alerts.drills(%(id)s::uuid, %(limit)s);

-- name: drill_of_any
-- One exercise, for the operator.
select id, organisation, patient_id, patient_name, person, person_name, started_at,
    started_by_name, planned, judged_at, alert, steps, sent, report, ended_at
from alerts.drill_facts(null, %(id)s, false, 1);

-- name: drills_under_way
-- The exercises whose report is not frozen yet.
select id, organisation, patient_id, patient_name, person, person_name, started_at,
    started_by_name, planned, judged_at, alert, steps, sent, report, ended_at
from alerts.drill_facts(null, null, true, %(limit)s);

-- name: freeze_drill
-- The report of an exercise that is over; nothing changes it any more.
update alerts.drill set report = %(report)s, ended_at = %(now)s
where id = %(id)s and ended_at is null;

-- name: note_drill_told
-- The operator is told once that an exercise failed.
update alerts.drill set told_at = %(now)s where id = %(id)s and told_at is null;

-- name: is_of_drill
-- Whether an exercise raised an alert, and nobody lives in its record meanwhile.
select exists (select from alerts.alert where id = %(id)s and drill is not null
    and alerts.is_drill_record(patient_id)) as of_drill;

-- name: drill_became_real
-- Whether somebody lives in the record of an exercise's alert, and the alert does not say so yet.
select exists (select from alerts.alert a
    where a.id = %(id)s and a.drill is not null and not alerts.is_drill_record(a.patient_id)
        and not exists (select from alerts.alert_event e
            where e.alert_id = a.id and e.what = 'drill_ended')) as became_real;

-- name: review_ended_drills
-- A device or an account ends an exercise as a value does, and comes without anything to judge.
insert into core.due (kind, patient_key, from_time, until_time, received_at)
select 'sweep', a.patient_key, %(now)s, %(now)s, %(now)s
from alerts.alert a
where a.drill is not null and a.state <> 'closed' and not alerts.is_drill_record(a.patient_id)
    and not exists (select from alerts.alert_event e
        where e.alert_id = a.id and e.what = 'drill_ended')
    and not exists (select from core.due d where d.patient_key = a.patient_key);

-- name: drill_record
-- Whether a record the actor may see serves exercises alone.
select alerts.drill_record(%(patient)s) as of_drill;

-- name: drill_choices
-- Records and persons the acting organisation may choose for an exercise.
select kind, id, name from alerts.drill_choices();

-- name: plan_drill
-- The actor plans a monthly exercise.
select alerts.plan_drill(%(patient)s, %(day)s::smallint, %(at)s) as said;

-- name: drop_drill_plan
-- The actor plans no monthly exercise any more.
select alerts.drop_drill_plan() as dropped;

-- name: my_drill_plan
-- The monthly exercise of the acting organisation.
select patient_id, patient_name, day, at from alerts.my_drill_plan();

-- name: drill_plans
-- Every plan, each for one process at a time, with the zone of the rota.
select k.organisation, k.patient_id, k.day, k.at, k.changed_at, k.done_for, r.zone
from alerts.drill_plan k
left join alerts.rota_kept r on r.organisation = k.organisation
order by k.organisation
for update of k skip locked;

-- name: drill_plan_done
-- The exercise of a month was started, or the operator knows that it could not be.
update alerts.drill_plan set done_for = %(day)s where organisation = %(organisation)s;

-- name: open_run
-- A run of a model over a past period begins; how many patients it is about.
select alerts.open_run(%(id)s, %(version)s, %(asked_from)s, %(asked_until)s, %(every)s,
    %(organisation)s::uuid, %(programme)s::text, %(reason)s, null) as patients;

-- name: turn_run
-- A run is stopped, or goes on.
select alerts.turn_run(%(run)s, %(act)s) as turned;

-- name: runs
-- Runs and how far they are, the newest first; one alone, if it is named.
select id, version, asked_from, asked_until, every, organisation, organisation_name, programme,
    reason, by_name, at, state, ended_at, shares, done, failed, patients, lines, fault
from alerts.run_progress
where %(only)s::uuid is null or id = %(only)s
order by at desc, id desc limit %(most)s;

-- name: run_beside
-- A run beside another, or the live lines.
select alerts.run_beside(%(run)s, %(other)s::uuid) as found;

-- name: put_out_shares
-- Shares nobody was told of, or not lately; one that somebody works at is left alone.
update alerts.risk_share h set put_out_at = %(now)s
from (
    select s.run_id, s.number
    from alerts.risk_share s
    join alerts.risk_run r on r.id = s.run_id
    where s.state = 'waiting' and r.state = 'running'
        and (s.put_out_at is null or s.put_out_at < %(before)s)
    order by r.at, s.run_id, s.number
    limit %(most)s
    for update of s skip locked
) w
where h.run_id = w.run_id and h.number = w.number
returning h.run_id, h.number;

-- name: count_attempt
-- Somebody is about to begin a share that waits (any, if no number is given), unless one works at it;
-- one that was begun so often fails instead.
update alerts.risk_share h set
    attempts = h.attempts + case when h.attempts < %(most)s then 1 else 0 end,
    state = case when h.attempts < %(most)s then 'waiting' else 'failed' end,
    failed = case when h.attempts < %(most)s then null else %(given_up)s end
from (
    select s.run_id, s.number
    from alerts.risk_share s
    join alerts.risk_run r on r.id = s.run_id
    where s.run_id = %(run)s and s.state = 'waiting' and r.state = 'running'
        and (%(number)s::integer is null or s.number = %(number)s)
    order by s.number
    limit 1
    for update of s skip locked
) w
where h.run_id = w.run_id and h.number = w.number
returning h.number, h.state = 'failed' as given_up;

-- name: take_share
-- A share of a run that goes on, unless somebody works at it.
select s.run_id, s.number, r.version, r.asked_from, r.asked_until, r.every
from alerts.risk_share s
join alerts.risk_run r on r.id = s.run_id
where s.run_id = %(run)s and s.number = %(number)s and s.state = 'waiting'
    and r.state = 'running'
for update of s skip locked;

-- name: share_patients
-- The patients of a share, and when they were followed.
select patient_id, patient_key, birth_date, sex, since, until
from alerts.share_patients(%(run)s, %(number)s);

-- name: measured_to_rescore
-- What was measured of a patient in a period, as it stands: single values, and medians of minutes.
select r.vital, r.value::double precision as value, r.measured_at as at, r.quality
from doorway.review_reading r
where r.patient_key = %(key)s and r.vital = any (%(vitals)s::smallint[])
    and r.measured_at >= %(since)s and r.measured_at <= %(until)s
union all
select m.vital, m.median::double precision, m.minute_at, m.quality
from alerts.minute_to_ask m
where m.patient_key = %(key)s and m.vital = any (%(vitals)s::smallint[])
    and m.minute_at >= %(since)s and m.minute_at <= %(until)s;

-- name: oxygen_to_rescore
-- Oxygen as it was answered in a period.
select observed_at as at, flow_l_min from alerts.oxygen_to_ask
where patient_id = %(patient)s and observed_at >= %(since)s and observed_at <= %(until)s;

-- name: save_run_line
-- A line of a run; one that is there already stays.
insert into alerts.risk (id, patient_id, asked_at, noted_at, version, run_id, window_from,
    window_until, inputs, risk, band, missing, silence)
values (%(id)s, %(patient)s, %(at)s, %(now)s, %(version)s, %(run)s, %(window_from)s, %(at)s,
    %(inputs)s, %(risk)s, %(band)s, %(missing)s, %(silence)s)
on conflict do nothing;

-- name: save_run_truth
-- Whether it came true, where that is known.
insert into alerts.risk_truth (run_id, patient_id, asked_at, came_true)
values (%(run)s, %(patient)s, %(at)s, %(came_true)s)
on conflict do nothing;

-- name: share_done
-- A share is done, in the transaction of its lines.
update alerts.risk_share set state = 'done', taken_at = %(taken_at)s, done_at = %(now)s,
    lines = %(lines)s
where run_id = %(run)s and number = %(number)s;

-- name: share_failed
-- A share could not be done, and is left until somebody lets the run go on.
update alerts.risk_share set state = 'failed', failed = %(reason)s
where run_id = %(run)s and number = %(number)s and state = 'waiting';

-- name: finish_runs
-- Runs of which no share is left.
update alerts.risk_run r set state = 'done', ended_at = %(now)s
where r.state = 'running' and not exists (
    select from alerts.risk_share h where h.run_id = r.id and h.state <> 'done'
);

-- name: my_runs
-- Runs of the acting organisation, the newest first; one alone, if it is named.
select id, version, asked_from, asked_until, every, organisation, organisation_name, programme,
    reason, by_name, at, state, ended_at, shares, done, failed, patients, lines, fault
from alerts.my_runs()
where %(only)s::uuid is null or id = %(only)s
order by at desc, id desc limit %(most)s;

-- name: my_run_choices
-- What the actor may choose: versions, and programmes of his organisation.
select versions, programmes from alerts.my_run_choices();

-- name: begin_my_run
-- The actor begins a run about his organisation.
select alerts.begin_my_run(%(id)s, %(version)s, %(asked_from)s, %(asked_until)s, %(every)s,
    %(programme)s::text, %(reason)s) as patients;

-- name: turn_my_run
-- The actor stops a run of his organisation, or lets it go on.
select alerts.turn_my_run(%(run)s, %(act)s) as turned;

-- name: my_run_beside
-- A run of the actor's organisation beside another of it, or the live lines.
select alerts.my_run_beside(%(run)s, %(other)s::uuid) as found;

-- name: hold_models
-- One change of the model in use at a time.
select pg_advisory_xact_lock(hashtextextended('alerts.model', 0));

-- name: save_model
-- A model file; one of the same version or content stands already, or is another.
insert into alerts.model (version, sha256, card, file, added_at, kept_for)
values (%(version)s, %(sha256)s, %(card)s, %(file)s, %(now)s, %(kept_for)s)
on conflict do nothing;

-- name: model_known
-- The content of a version, if there is one.
select version, sha256 from alerts.model where version = %(version)s or sha256 = %(sha256)s;

-- name: save_model_turn
-- A model comes into use, or none is any more.
insert into alerts.model_turn (id, version, kind, at, reason)
values (%(id)s, %(version)s, %(kind)s, %(now)s, %(reason)s);

-- name: ask_model_about_all
-- Whoever is watched and lives is to be asked about: what the model before said is shown no more.
insert into alerts.risk_due (patient_key, asked_at, noted_at)
select p.key, %(now)s, %(now)s
from alerts.prescription r
join access.patient p on p.id = r.patient_id
where r.ends_at is null and p.died_on is null;

-- name: model_turns
-- Every turn, the newest first.
select version, kind, at, reason from alerts.model_turn order by at desc, id desc;

-- name: models_kept
-- Models that are kept and never were in use, the newest first.
select m.version, m.added_at, coalesce(m.kept_for, '') as kept_for from alerts.model m
where not exists (select from alerts.model_turn t where t.version = m.version)
order by m.added_at desc;

-- name: model_file
-- The file of a model.
select version, sha256, file from alerts.model where version = %(version)s;

-- name: look_at_model_alone
-- One look at the model at a time, until the transaction ends.
select pg_try_advisory_xact_lock(hashtextextended('alerts.model_look', 0)) as locked;

-- name: newest_model_look
-- When somebody last looked at a model, and what came of it.
select at, version, verdict from alerts.model_look order by at desc, id desc limit 1;

-- name: save_model_look
-- What a look found.
insert into alerts.model_look
    (id, at, version, lines_from, lines_until, lines, patients, verdict, findings, reason)
values (%(id)s, %(at)s, %(version)s, %(lines_from)s, %(lines_until)s, %(lines)s, %(patients)s,
    %(verdict)s, %(findings)s, %(reason)s);

-- name: model_reference
-- How the inputs of a model were spread where it was made.
select card -> 'reference' as reference from alerts.model where version = %(version)s;

-- name: watched_lines
-- What a model said, a line a patient and half day.
select patient_key, asked_at, risk, band, inputs
from alerts.watched_lines(%(version)s, %(since)s, %(until)s);

-- name: watched_values
-- What was measured of some patients.
select patient_key, vital, at, value
from alerts.watched_values(%(keys)s, %(vitals)s::smallint[], %(since)s, %(until)s, %(unusable)s);

-- name: closed_by_band
-- How alerts ended, by what the model had said before.
select band, outcome, alerts from alerts.closed_by_band(%(version)s, %(since)s, %(until)s);

-- name: model_turns_shown
-- The newest turns, for a page.
select version, kind, at, reason from alerts.model_turns_shown(%(most)s);

-- name: model_card_shown
-- The card of the model in use, for a page.
select version, card from alerts.model_card_shown();

-- name: model_look_shown
-- The newest look, for a page.
select at, version, lines_from, lines_until, lines, patients, verdict, findings, reason
from alerts.model_look_shown();
-- name: ask_model
-- Whoever is judged is asked about anew while a model is in use; so are the past instants into whose
-- window data came late, the newest of them first. What is stamped a little ahead is asked about when
-- its instant has come: a line ahead of now would hide the next one.
insert into alerts.risk_due (patient_key, asked_at, noted_at)
select %(patient_key)s, one.asked_at, %(now)s
from (
    select %(now)s::timestamptz as asked_at
    union
    select greatest(%(now)s::timestamptz, least(max(d.until_time), %(latest)s::timestamptz))
    from unnest(%(until_times)s::timestamptz[]) as d(until_time)
    union
    select late.asked_at
    from (
        select distinct l.asked_at
        from alerts.risk l
        join unnest(%(from_times)s::timestamptz[], %(until_times)s::timestamptz[])
                as d(from_time, until_time)
            on l.asked_at >= d.from_time and l.window_from <= d.until_time
        where l.patient_id = %(patient)s and l.run_id is null
            and l.asked_at >= %(oldest)s::timestamptz
            and l.asked_at <= %(now)s::timestamptz - %(lateness)s::interval
        order by l.asked_at desc
        limit %(most)s
    ) late
) one
where (select t.version from alerts.model_turn t order by t.at desc, t.id desc limit 1) is not null;

-- name: patients_to_ask_about
-- Patients of whom a new instant waits, or one that was asked about already; longest waiting first,
-- but for those the model was just asked about: their newest instant waits for the others of its
-- minute.
select d.patient_key
from alerts.risk_due d
join access.patient p on p.key = d.patient_key
where d.asked_at <= %(now)s::timestamptz
    and %(again)s::boolean = exists (
        select from alerts.risk l
        where l.patient_id = p.id and l.run_id is null and l.asked_at = d.asked_at
    )
    and not exists (
        select from alerts.risk l
        where l.patient_id = p.id and l.run_id is null
            and l.asked_at > %(since)s::timestamptz and l.asked_at < d.asked_at
    )
group by d.patient_key
order by min(d.id)
limit %(most)s;

-- name: take_risk_due
-- The instants of one patient to ask about, new ones or those of which a live line says something
-- already, held until the transaction ends; what another process holds is left to it.
select d.id, d.asked_at
from alerts.risk_due d
join access.patient p on p.key = d.patient_key
where d.patient_key = %(patient_key)s and d.asked_at <= %(now)s::timestamptz
    and %(again)s::boolean = exists (
        select from alerts.risk l
        where l.patient_id = p.id and l.run_id is null and l.asked_at = d.asked_at
    )
    and not exists (
        select from alerts.risk l
        where l.patient_id = p.id and l.run_id is null
            and l.asked_at > %(since)s::timestamptz and l.asked_at < d.asked_at
    )
order by d.id
limit %(most)s
for update of d skip locked;

-- name: delete_risk_due
-- Exactly the rows that were asked about.
delete from alerts.risk_due where id = any (%(ids)s);

-- name: drop_risk_due
-- Nobody can be asked: what waits for these patients waits no longer.
delete from alerts.risk_due where patient_key = any (%(keys)s);

-- name: person_to_ask
-- Age, sex and oxygen of whom the model is asked about, as they were at an instant; the prescribed
-- scale as it is now, for what is said of it is read now.
select p.patient_id, p.birth_date, p.sex, o.flow_l_min as oxygen_l_min, r.spo2_scale
from alerts.person_to_ask p
left join alerts.prescription r on r.patient_id = p.patient_id and r.ends_at is null
left join lateral (
    select o.flow_l_min from alerts.oxygen_to_ask o
    where o.patient_id = p.patient_id
        and o.observed_at between %(oxygen_since)s::timestamptz and %(asked_at)s::timestamptz
    order by o.observed_at desc
    limit 1
) o on true
where p.patient_key = %(patient_key)s;

-- name: measured_to_ask
-- What was measured in a window: single values, and the median of each sampled minute.
select v.vital, m.at, m.value, m.quality
from unnest(%(vitals)s::smallint[]) as v(vital)
cross join lateral (
    (select r.measured_at as at, r.value::double precision as value, r.quality
    from doorway.review_reading r
    where r.patient_key = %(patient_key)s and r.vital = v.vital
        and r.measured_at between %(since)s::timestamptz and %(until)s::timestamptz
    order by r.measured_at desc
    limit %(most)s)
    union all
    (select s.minute_at, s.median::double precision, s.quality
    from alerts.minute_to_ask s
    where s.patient_key = %(patient_key)s and s.vital = v.vital
        and s.minute_at between %(since)s::timestamptz and %(until)s::timestamptz
    order by s.minute_at desc
    limit %(most)s)
) m;

-- name: state_at
-- How a patient was by the rules at an instant.
select level, news2 from alerts.assessment
where patient_id = %(patient)s and judged_at <= %(asked_at)s
order by judged_at desc
limit 1;

-- name: save_risk
-- What a model said of a patient at an instant.
insert into alerts.risk
    (id, patient_id, asked_at, noted_at, version, run_id, window_from, window_until, inputs, risk,
    band, reasons, instead, missing, silence, level, news2)
values (%(id)s, %(patient_id)s, %(asked_at)s, %(noted_at)s, %(version)s, %(run_id)s,
    %(window_from)s, %(window_until)s, %(inputs)s, %(risk)s, %(band)s, %(reasons)s, %(instead)s,
    %(missing)s, %(silence)s, %(level)s, %(news2)s);

-- name: shown_risk
-- The newest live line of a patient, for whoever may read it.
select asked_at, noted_at, version, risk, band, reasons, instead, missing, silence, level
from alerts.latest_risk(%(patient)s);

-- name: model_beside
-- The version in use, null when the rules speak alone; no row for whoever may not read what it says.
select version from alerts.model_beside(%(patient)s);

-- name: bound_asking
-- What is asked of the model at the end of a review waits for nobody: no lock, no slow plan.
select set_config('lock_timeout', '10ms', true), set_config('statement_timeout', '100ms', true);

-- name: unbound_asking
-- What follows in the transaction, its COMMIT above all, may wait as before.
select set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true);

-- name: alert_lines
-- What happened to the alerts of a span and what was done about them, latest first.
select e.at, ('alerts:' || lpad(e.id::text, 20, '0')) collate "C" as key, e.alert_id::text as thing,
    e.what, e.item as name, case when e.of_drill then 'drill' else e.level end as more,
    case when e.what = 'closed' then concat_ws('|', e.outcome, e.by_name) else e.by_name end
        as author
from doorway.alert_event e
where e.patient_id = any (access.record_of(%(patient)s)) and e.at >= %(since)s
    and e.at <= %(before_at)s and e.what = any (%(shown)s)
    and (e.at, ('alerts:' || lpad(e.id::text, 20, '0')) collate "C")
        < (%(before_at)s, %(before_key)s)
order by e.at desc, key desc
limit %(most)s;

-- name: call_back_lines
-- Who asked to be called in a span, latest first.
select c.asked_at as at, ('alerts:back:' || c.id) collate "C" as key, c.alert_id::text as thing,
    'call_back' as what, '' as name, '' as more, c.by_name as author
from doorway.call_back c
where c.patient_id = any (access.record_of(%(patient)s)) and c.asked_at >= %(since)s
    and c.asked_at <= %(before_at)s
    and (c.asked_at, ('alerts:back:' || c.id) collate "C") < (%(before_at)s, %(before_key)s)
order by c.asked_at desc, key desc
limit %(most)s;

-- name: measured_spans
-- What was measured, a row for each day or hour in which something was, latest first: of each vital
-- the lowest, the highest and how often. Spans are walked back until the page is full, each by plain
-- instants: a doorway takes no other condition before it has filtered.
with spans as materialized (
    select g.begins, greatest(g.begins at time zone %(zone)s, %(since)s) as since,
        least(%(until)s, (g.begins + ('1 ' || %(grain)s)::interval) at time zone %(zone)s) as until
    from generate_series(
        date_trunc(%(grain)s, %(before_at)s::timestamptz at time zone %(zone)s),
        date_trunc(%(grain)s, %(since)s::timestamptz at time zone %(zone)s),
        - ('1 ' || %(grain)s)::interval) g (begins)
    order by g.begins desc
)
select v.last_at as at, ('readings:' || to_char(s.begins, 'YYYYMMDDHH24')) collate "C" as key,
    '' as thing, 'span' as what, v.found::text as name, s.begins::text as more, '' as author
from spans s
cross join lateral (
    select max(r.last_at) as last_at,
        jsonb_object_agg(r.vital, jsonb_build_array(r.low, r.high, r.times)) as found
    from (
        select d.vital, min(d.low) as low, max(d.high) as high, sum(d.times) as times,
            max(d.at) as last_at
        from (
            select r.vital, r.value as low, r.value as high, 1 as times, r.measured_at as at,
                r.quality
            from doorway.reading r
            where r.patient_id = any (access.record_of(%(patient)s))
                and r.vital = any (%(vitals)s::smallint[])
                and r.measured_at >= s.since and r.measured_at < s.until
            union all
            select m.vital, m.low, m.high, m.count, m.minute_at, m.quality
            from doorway.minute m
            where m.patient_id = any (access.record_of(%(patient)s))
                and m.vital = any (%(vitals)s::smallint[])
                and m.minute_at >= s.since and m.minute_at < s.until
        ) d
        where d.quality & %(unusable)s = 0
        group by d.vital
    ) r
    having count(*) > 0
) v
where (v.last_at, ('readings:' || to_char(s.begins, 'YYYYMMDDHH24')) collate "C")
    < (%(before_at)s, %(before_key)s)
limit %(most)s;

-- name: measured_each
-- Every reading of a span, latest first.
select d.measured_at as at, ('readings:' || lpad(d.reading_id::text, 20, '0')) collate "C" as key,
    '' as thing, 'one' as what, d.vital::text as name, d.value::text as more, '' as author
from doorway.reading d
where d.patient_id = any (access.record_of(%(patient)s)) and d.measured_at >= %(since)s
    and d.measured_at <= %(before_at)s and d.quality & %(unusable)s = 0
    and (d.measured_at, ('readings:' || lpad(d.reading_id::text, 20, '0')) collate "C")
        < (%(before_at)s, %(before_key)s)
order by d.measured_at desc, key desc
limit %(most)s;

-- name: measured_months
-- In which months or years of a span something was measured, latest first.
with spans as materialized (
    select g.begins, g.begins at time zone %(zone)s as since,
        (g.begins + ('1 ' || %(grain)s)::interval) at time zone %(zone)s as until
    from generate_series(
        date_trunc(%(grain)s, %(before_at)s::timestamptz at time zone %(zone)s),
        date_trunc(%(grain)s, %(since)s::timestamptz at time zone %(zone)s),
        - ('1 ' || %(grain)s)::interval) g (begins)
    order by g.begins desc
)
select s.until - interval '1 second' as at,
    ('readings:' || to_char(s.begins, 'YYYYMM')) collate "C" as key, '' as thing, 'month' as what,
    '' as name, '' as more, '' as author
from spans s
where exists (
        select from doorway.reading d
        where d.patient_id = any (access.record_of(%(patient)s))
            and d.vital = any (%(vitals)s::smallint[])
            and d.measured_at >= s.since and d.measured_at < s.until
    ) or exists (
        select from doorway.minute d
        where d.patient_id = any (access.record_of(%(patient)s))
            and d.vital = any (%(vitals)s::smallint[])
            and d.minute_at >= s.since and d.minute_at < s.until
    )
limit %(most)s;

-- name: changed_alerts
-- In which records the actor follows alerts were raised or closed.
select patient_id, name, times, last_at from alerts.changed_alerts(%(since)s, %(most)s);
