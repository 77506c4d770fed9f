-- name: lines
-- Who comes to a patient, on any day since then.
select id, patient_id, party, party_name, what, weekdays, at_time, starts_on, ended_on, mine
from doorway.visit
where patient_id = any (access.record_of(%(patient)s))
    and (ended_on is null or ended_on > %(since)s)
order by at_time nulls last, party_name, id
limit %(most)s;

-- name: reports
-- What came of visits since a day.
select id, line_id, day, outcome, words, by_person, by_name, at
from doorway.visit_report
where patient_id = any (access.record_of(%(patient)s)) and day >= %(since)s
order by day, at;

-- name: report
-- What came of one visit.
select id, line_id, day, outcome, words, by_person, by_name, at
from doorway.visit_report
where patient_id = any (access.record_of(%(patient)s)) and id = %(report)s;

-- name: add_line
-- Somebody comes on some days of the week.
insert into coordination.visit_line
    (id, patient_id, party, what, weekdays, at_time, starts_on, made_by, made_at)
values (%(id)s, %(patient)s, %(party)s, %(what)s, %(weekdays)s::smallint[], %(at_time)s,
    %(starts_on)s, %(by)s, %(now)s);

-- name: end_line
-- Somebody comes no more from a day on.
update coordination.visit_line
set ended_on = greatest(starts_on, %(day)s::date), ended_by = %(by)s
where id = %(line)s and patient_id = any (access.record_of(%(patient)s)) and ended_on is null;

-- name: report_visit
-- What came of a visit.
select coordination.report_visit(%(id)s, %(line)s, %(day)s, %(outcome)s, %(words)s, %(notice)s)
    as said;

-- name: undo_report
-- What was said of a visit is taken back.
select coordination.undo_report(%(line)s, %(day)s) as done;

-- name: my_visits
-- The visits of a day that are the actor's own.
select line_id, patient_id, patient_name, what, at_time, outcome, words, by_name, said_at,
    in_hospital
from coordination.my_visits(%(day)s, %(most)s);
