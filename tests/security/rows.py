"""A row in every relation that people read: an empty one gives nobody a row whatever guards it."""

from questionnaires.library_service import active_edition
from tests.security.calls import INS
from tests.security.cast import Cast
from tests.security.things import MAKERS, SCHEDULE

ROWS = (
    "insert into vitals.reading (measured_at, received_at, patient_key, source, value, vital,"
    " quality) values ('2001-01-01', now(), %(key)s, 1, 97, 1, 0)",
    "insert into vitals.sampled (start_at, received_at, patient_key, source, period_ms, vital,"
    " quality, samples) values (now(), now(), %(key)s, 1, 8, 1, 0, '{1,2,3}')",
    "insert into vitals.minute (minute_at, patient_key, vital, low, median, high, count, quality)"
    " values (date_trunc('minute', now()), %(key)s, 1, 90, 95, 97, 3, 0) on conflict do nothing",
    "update identity.patient set ins = %(ins)s, ins_oid = '1.2.250.1.213.1.4.8',"
    " ins_status = 'recovered' where patient_id = %(patient)s and ins is null",
    "insert into identity.terms_acceptance (person, digest, version, locale, accepted_at)"
    " values (%(patient)s, sha256('terms'), '1', 'fr', now()) on conflict do nothing",
    "insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by, at)"
    " select gen_random_uuid(), item_id, patient_id, 'abuse', 'x', current_date, author, signed_at"
    " from access.item where patient_id = %(patient)s and kind = 'note' limit 1"
    " on conflict do nothing",
    "insert into coordination.note_reading (item_id, patient_id, person, role, first_at)"
    " select item_id, patient_id, patient_id, 'patient', now() from coordination.note"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.note_mention (item_id, patient_id, party)"
    " select item_id, patient_id, patient_id from coordination.note"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.note_reminder (id, item_id, patient_id, due_on, role, made_by,"
    " made_at) select gen_random_uuid(), item_id, patient_id, current_date, 'gp', author, sent"
    " from coordination.note where patient_id = %(patient)s",
    "insert into coordination.document_reading (item_id, patient_id, person, role, first_at)"
    " select item_id, patient_id, patient_id, 'patient', now() from coordination.document"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.document_withdrawn (item_id, patient_id, by, at, reason)"
    " select item_id, patient_id, patient_id, now(), 'x' from coordination.document"
    " where patient_id = %(patient)s limit 1 on conflict do nothing",
    "insert into coordination.action_event (id, item_id, patient_id, at, what)"
    " select gen_random_uuid(), item_id, patient_id, now(), 'return' from coordination.action"
    " where patient_id = %(patient)s",
    "insert into coordination.visit_report (id, line_id, patient_id, day, outcome, by_person, at)"
    " select gen_random_uuid(), id, patient_id, current_date, 'done', made_by, now()"
    " from coordination.visit_line where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.chat_mention (room_id, seq, person) select room_id, seq, %(patient)s"
    " from coordination.chat_message where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.chat_reading (room_id, person, through, at) select id, %(patient)s,"
    " 1, now() from coordination.chat_room where patient_id = %(patient)s on conflict do nothing",
    "insert into access.item_hidden (id, item_id, role, by, at)"
    " select gen_random_uuid(), item_id, 'carer', %(patient)s, now() from access.item"
    " on conflict do nothing",
    "insert into access.record (patient_id, changed_at) values (%(patient)s, now())"
    " on conflict do nothing",
    "insert into access.record_change (id, patient_id, what, reason, by_person, at)"
    " values (gen_random_uuid(), %(patient)s, 'shared', 'x', %(patient)s, now())",
    "insert into access.asleep (membership_id, patient_id, since) select id, patient_id, now()"
    " from access.membership where patient_id = %(patient)s limit 1 on conflict do nothing",
    "insert into coordination.opposition (id, patient_id, kind, stated_at, stated_by, means)"
    " select gen_random_uuid(), %(patient)s, 'break_glass', now(), %(patient)s, 'spoken'"
    " where not exists (select from coordination.opposition where patient_id = %(patient)s)",
    "insert into questionnaires.answer (id, patient_id, instrument, version, answers, answered_at,"
    " received_at, entered_by, client_key) values (gen_random_uuid(), %(patient)s, 'dyspnoea', 1,"
    " '{}', now(), now(), %(patient)s, gen_random_uuid()::text)",
    "insert into questionnaires.answer_reading (answer_id, link_id, patient_id, vital, reading_id,"
    " measured_at, received_at) select id, 'spo2', patient_id, 1, 1, now(), now()"
    " from questionnaires.answer where patient_id = %(patient)s on conflict do nothing",
    "insert into questionnaires.observation (id, patient_id, answer_id, link_id, loinc, value,"
    " observed_at) select gen_random_uuid(), patient_id, id, 'steps', '41950-7', 9, now()"
    " from questionnaires.answer where patient_id = %(patient)s on conflict do nothing",
    "insert into questionnaires.called (answer_id, patient_id, called, said_at, said_by)"
    " select id, patient_id, true, now(), patient_id from questionnaires.answer"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into alerts.call_back (id, patient_id, asked_at, asked_by, client_key)"
    " values (gen_random_uuid(), %(patient)s, now(), %(patient)s, gen_random_uuid()::text)",
    "insert into alerts.repeat (id, patient_id, patient_key, item, breaches, asked_at, due_at,"
    " state) select gen_random_uuid(), id, key, 'spo2', '{}', now(), now() + interval '1 minute',"
    " 'asked' from access.patient where id = %(patient)s on conflict do nothing",
    "insert into alerts.said (id, alert_id, patient_id, kind, words, by_person, at, client_key)"
    " select gen_random_uuid(), id, patient_id, 'question', 'Essoufflée ?', %(patient)s, now(),"
    " gen_random_uuid()::text from alerts.alert where patient_id = %(patient)s limit 1",
    "insert into alerts.prescription_draft (id, patient_id, base_version, content, made_by,"
    " made_at, changed_by, changed_at) values (gen_random_uuid(), %(patient)s, 1, '{}',"
    " %(patient)s, now(), %(patient)s, now()) on conflict do nothing",
    "insert into questionnaires.photo (id, patient_id, by_person, at, kind, width, height, bytes)"
    " values (gen_random_uuid(), %(patient)s, %(patient)s, now(), 'image/jpeg', 1, 1, '')",
    "insert into questionnaires.link (id, patient_id, recipient, edition, token_hash, code_hash,"
    " made_at, expires_at) select gen_random_uuid(), %(patient)s, %(patient)s, digest,"
    " sha256(gen_random_uuid()::text::bytea), sha256('x'), now(), now() + interval '1 day'"
    " from questionnaires.edition limit 1",
    "insert into questionnaires.plan (id, patient_id, programme, programme_version, title, zone,"
    " starts_on, high_risk, required_by_law, created_at, created_by) values (gen_random_uuid(),"
    " %(patient)s, 'covid-14', 1, '{\"fr\": \"COVID-19\"}', 'Europe/Paris', current_date,"
    " false, false, now(), %(patient)s) on conflict do nothing",
    "insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire, edition,"
    " schedule, begins_at, planned_through) select gen_random_uuid(), id, patient_id,"
    " 'home-daily', %(edition)s,"
    " %(schedule)s, now(), 'infinity' from questionnaires.plan where patient_id = %(patient)s",
    "insert into questionnaires.task (id, patient_id, line_id, edition, occasion, opens_at, due_at,"
    " alarm_at) select gen_random_uuid(), patient_id, id, edition, now(), now(), now(),"
    " now() + interval '1 day' from questionnaires.plan_line where patient_id = %(patient)s"
    " on conflict do nothing",
    "insert into questionnaires.pause (id, patient_id, reason, starts_at, ends_at, paused_at)"
    " values (gen_random_uuid(), %(patient)s, 'other', now() + interval '30 days',"
    " now() + interval '31 days', now())",
    "insert into questionnaires.pause_request (id, patient_id, reason, from_day, until_day,"
    " asked_at, asked_by) values (gen_random_uuid(), %(patient)s, 'other', current_date,"
    " current_date, now(), %(patient)s)",
    "insert into coordination.death (id, patient_id, died_on, noted_by, organisation, noted_at,"
    " stopped, undone_at, undone_by, undo_reason) values (gen_random_uuid(), %(patient)s,"
    " current_date, %(patient)s, %(centre)s, now(), '{}', now(), %(patient)s, 'error')",
    "insert into coordination.relative_told (death_id, patient_id, party, told_at, told_by)"
    " select id, patient_id, patient_id, now(), noted_by from coordination.death"
    " where patient_id = %(patient)s limit 1 on conflict do nothing",
    "insert into alerts.technical (id, kind, subject, organisation, found_at) values"
    " (gen_random_uuid(), 'gateway_offline', 'gw-of-the-cast', %(centre)s, now())"
    " on conflict do nothing",
    "insert into alerts.handover (id, organisation, giver, since, given_at, done, digest) values"
    " (gen_random_uuid(), %(centre)s, %(patient)s, now(), now(), '{}', repeat('a', 64))",
    "insert into alerts.handover_line (handover, place, patient_id, first_call_late,"
    " call_back_due) select id, 1, %(patient)s, false, true from alerts.handover"
    " on conflict do nothing",
    "insert into alerts.aside (alert_id, patient_id, person, at, until, level, round, held, reason,"
    " note) select id, patient_id, %(patient)s, now(), now() + interval '1 hour', 'orange', 1,"
    " false, 'advice_awaited', '' from alerts.alert where patient_id = %(patient)s limit 1"
    " on conflict do nothing",
    "insert into alerts.drill (id, organisation, patient_id, measured_at, started_at) values"
    " (gen_random_uuid(), %(centre)s, %(patient)s, clock_timestamp(), now())",
    "insert into alerts.drill_plan (organisation, patient_id, day, at, changed_by, changed_at)"
    " values (%(centre)s, %(patient)s, 1, '10:00', %(patient)s, now()) on conflict do nothing",
    "insert into alerts.rota (organisation, zone, holidays, changed_by, changed_at) values"
    " (%(centre)s, 'Europe/Paris', 'metropole', %(patient)s, now()) on conflict do nothing",
    "insert into alerts.shift (id, organisation, person, duty, weekdays, starts, ends, on_holidays,"
    " first_on, last_on, made_by, made_at) values ('00000000-0000-4000-8000-00000000a1e2',"
    " %(centre)s, %(patient)s, 'on_call', '{0}', '08:00', '20:00', 'off', '2020-01-01',"
    " '2020-01-31', %(patient)s, now()) on conflict do nothing",
    "insert into alerts.leave (id, organisation, person, first_on, last_on, noted_by, noted_at)"
    " values (gen_random_uuid(), %(centre)s, %(patient)s, '2020-01-01', '2020-01-02',"
    " %(patient)s, now())",
    "insert into alerts.swap (id, organisation, shift, day, to_person, asked_by, asked_at)"
    " values (gen_random_uuid(), %(centre)s, '00000000-0000-4000-8000-00000000a1e2',"
    " '2020-01-06', %(patient)s, %(patient)s, now()) on conflict do nothing",
    "insert into alerts.duty_gap (id, organisation, duty, since, filled_at) values"
    " (gen_random_uuid(), %(centre)s, 'on_call', now(), now())",
    "insert into alerts.gp_hours (id, patient_id, gp, hours, accepted_at, noted_by, ended_at,"
    " ended_by) values (gen_random_uuid(), %(patient)s, %(patient)s, 'mon-fri 08:00-19:00', now(),"
    " %(patient)s, now(), %(patient)s)",
    "insert into alerts.without_gp (id, patient_id, hours, noted_at, noted_by, ended_at, ended_by)"
    " values (gen_random_uuid(), %(patient)s, 'mon-fri 08:00-19:00', now(), %(patient)s, now(),"
    " %(patient)s)",
    "insert into coordination.circle_notice (membership_id, patient_id, occasion, since, chosen_by)"
    " select id, patient_id, 'red', now(), %(patient)s from access.membership"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.circle_role_notice (patient_id, role, occasion, since, chosen_by)"
    " values (%(patient)s, 'home_nurse', 'red', now(), %(patient)s) on conflict do nothing",
    "insert into coordination.circle_line (id, patient_id, role, moment, red_waits, changed_at,"
    " chosen_by) values (gen_random_uuid(), %(patient)s, 'home_nurse', 'at_once', false, now(),"
    " %(patient)s) on conflict do nothing",
    "insert into coordination.member_contact (membership_id, patient_id, place, changed_at,"
    " changed_by) select id, patient_id, 1, now(), %(patient)s from access.membership"
    " where patient_id = %(patient)s on conflict do nothing",
    "insert into coordination.own_coordinates (party, phone, phone_to, mail, mail_to, changed_at)"
    " select author, '0639980115', 'nobody', '', 'nobody', now() from access.item"
    " on conflict do nothing",
    "insert into alerts.model (version, sha256, card, file, added_at) values ('of-the-cast',"
    " repeat('a', 64), '{}', '', now()) on conflict do nothing",
    "insert into alerts.model_turn (id, version, kind, at, reason) values (gen_random_uuid(),"
    " 'of-the-cast', 'promoted', now(), 'for the test')",
    "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, window_from,"
    " window_until, inputs, silence) values (gen_random_uuid(), %(patient)s, now(), now(),"
    " 'of-the-cast', now(), now(), '{}', 'missing')",
    "insert into alerts.risk_due (patient_key, asked_at, noted_at) values (%(key)s, now(), now())",
    "insert into core.heartbeat (process, instance, at) values ('web', 'of the test', now())"
    " on conflict do nothing",
    "insert into devices.gateway (id, organisation, created_at) values ('gw-of-the-cast',"
    " %(centre)s, now()) on conflict do nothing",
    "insert into ingest.quarantine (id, received_at, source, reason, payload, digest) values"
    " (gen_random_uuid(), now(), 'gw-of-the-cast', 'unknown_device', '', sha256('x'))"
    " on conflict do nothing",
)


def put_rows_everywhere(cast: Cast) -> None:
    """Make each thing of the record, a chunk nobody has seen before, and what the rest lacks."""
    for name in sorted(MAKERS):
        MAKERS[name](cast)
    known = {
        "key": cast.home.key,
        "patient": cast.patient,
        "centre": cast.home.care.centre,
        "ins": INS,
        "edition": active_edition("home-daily").digest,
        "schedule": SCHEDULE,
    }
    for statement in ROWS:
        cast.owner.execute(statement.encode(), known)
