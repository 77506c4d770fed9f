-- name: note_lines
-- The notes of a span that the actor may read, latest first.
select n.item_id, n.patient_id, n.author, n.author_name, n.author_role, n.author_organisation,
    n.category, n.sent, n.text, n.tags, n.corrects, n.within, n.sensitivity, n.sensitivity_by,
    n.withheld, n.root_author, n.root_sensitivity, true as opened
from coordination.notes_back(%(patient)s, %(since)s, %(before_at)s, %(before_key)s, %(most)s) n;

-- name: circle_lines
-- Who came into the circle and who left it, latest first.
select m.at, m.key, m.thing, m.what, m.name, m.more, m.author
from (
    select c.starts_at as at, ('circle:in:' || c.membership_id) collate "C" as key,
        c.membership_id::text as thing, 'joined' as what, c.name, c.role as more,
        '' as author
    from doorway.circle c
    where c.patient_id = any (access.record_of(%(patient)s)) and c.role <> 'patient'
    union all
    select c.ends_at, ('circle:out:' || c.membership_id) collate "C", c.membership_id::text, 'left',
        c.name, c.role, ''
    from doorway.circle c
    where c.patient_id = any (access.record_of(%(patient)s)) and c.role <> 'patient'
) m
where m.at >= %(since)s and (m.at, m.key) < (%(before_at)s, %(before_key)s)
order by m.at desc, m.key desc
limit %(most)s;

-- name: consent_lines
-- What the patient agreed to, opposed and took back, latest first.
select c.at, c.key, c.thing, c.what, c.name, c.more, c.author
from (
    select g.recorded_at as at, ('consents:given:' || g.id) collate "C" as key, g.id::text as thing,
        'given' as what, g.member_name as name, '' as more, g.recorded_by_name as author
    from doorway.consent g
    where g.patient_id = any (access.record_of(%(patient)s))
    union all
    select g.withdrawn_at, ('consents:back:' || g.id) collate "C", g.id::text, 'withdrawn',
        g.member_name, '', ''
    from doorway.consent g
    where g.patient_id = any (access.record_of(%(patient)s)) and g.withdrawn_at is not null
    union all
    select o.stated_at, ('consents:opposed:' || o.id) collate "C", o.id::text, 'opposed', '', '',
        o.stated_by_name
    from doorway.opposition o
    where o.patient_id = any (access.record_of(%(patient)s))
    union all
    select o.withdrawn_at, ('consents:allowed:' || o.id) collate "C", o.id::text, 'allowed', '', '',
        ''
    from doorway.opposition o
    where o.patient_id = any (access.record_of(%(patient)s)) and o.withdrawn_at is not null
) c
where c.at >= %(since)s and (c.at, c.key) < (%(before_at)s, %(before_key)s)
order by c.at desc, c.key desc
limit %(most)s;

-- name: attempt_lines
-- Calls to a patient and his people, latest first.
select a.at, ('calls:' || a.id) collate "C" as key, a.alert_id::text as thing, a.outcome as what,
    a.name, a.note as more, a.by_name as author
from doorway.attempt a
where a.patient_id = any (access.record_of(%(patient)s)) and a.at >= %(since)s
    and a.at <= %(before_at)s
    and (a.at, ('calls:' || a.id) collate "C") < (%(before_at)s, %(before_key)s)
order by a.at desc, key desc
limit %(most)s;

-- name: check_lines
-- Who was sent to the patient's home, and what was found there, latest first.
select c.at, c.key, c.thing, c.what, c.name, c.more, c.author
from (
    select d.sent_at as at, ('calls:sent:' || d.id) collate "C" as key, d.alert_id::text as thing,
        'sent' as what, d.who as name, '' as more, d.sent_by_name as author
    from doorway.doubt_check d
    where d.patient_id = any (access.record_of(%(patient)s))
    union all
    select d.ended_at, ('calls:found:' || d.id) collate "C", d.alert_id::text,
        'found_' || d.outcome, d.who, d.note, d.ended_by_name
    from doorway.doubt_check d
    where d.patient_id = any (access.record_of(%(patient)s)) and d.ended_at is not null
) c
where c.at >= %(since)s and (c.at, c.key) < (%(before_at)s, %(before_key)s)
order by c.at desc, c.key desc
limit %(most)s;

-- name: follow_up_lines
-- How follow-ups began, went on and ended, latest first.
select f.at, f.key, f.thing, f.what, f.name, f.more, f.author
from (
    select e.included_at as at, ('follow_up:in:' || e.id) collate "C" as key, e.id::text as thing,
        'begun' as what, e.organisation_name as name, e.programme as more,
        e.included_by_name as author
    from doorway.episode e
    where e.patient_id = any (access.record_of(%(patient)s))
    union all
    select e.ended_at, ('follow_up:out:' || e.id) collate "C", e.id::text, 'ended',
        e.organisation_name, e.end_reason, e.ended_by_name
    from doorway.episode e
    where e.patient_id = any (access.record_of(%(patient)s)) and e.ended_at is not null
    union all
    select a.at, ('follow_up:said:' || a.id) collate "C", a.episode_id::text,
        case when a.agreed then 'agreed' else 'refused' end, '', a.kind, a.recorded_by_name
    from doorway.agreement a
    where a.patient_id = any (access.record_of(%(patient)s)) and a.at >= %(since)s
    union all
    select c.at, ('follow_up:first:' || c.id) collate "C", c.episode_id::text,
        'contact_' || c.outcome, '', c.note, c.by_name
    from doorway.first_contact c
    where c.patient_id = any (access.record_of(%(patient)s)) and c.at >= %(since)s
    union all
    select d.noted_at, ('follow_up:death:' || d.id) collate "C", d.id::text, 'died', '',
        d.died_on::text, d.noted_by_name
    from doorway.death d
    where d.patient_id = any (access.record_of(%(patient)s)) and d.undone_at is null
) f
where f.at >= %(since)s and (f.at, f.key) < (%(before_at)s, %(before_key)s)
order by f.at desc, f.key desc
limit %(most)s;

-- name: letter_lines
-- Letters of exit, latest first.
select l.made_at as at, ('letters:' || l.id) collate "C" as key, l.id::text as thing,
    'letter' as what, '' as name, '' as more, l.made_by_name as author
from doorway.exit_letter l
where l.patient_id = any (access.record_of(%(patient)s)) and l.made_at >= %(since)s
    and (l.made_at, ('letters:' || l.id) collate "C") < (%(before_at)s, %(before_key)s)
order by l.made_at desc, key desc
limit %(most)s;

-- name: visit_record
-- The actor looks at a record: until when he had looked before.
select coordination.visit_record(%(patient)s) as before_at;

-- name: changed_notes
-- In which records the actor follows others signed notes that he may read.
select patient_id, name, times, last_at from coordination.changed_notes(%(since)s, %(most)s);

-- name: changed_circle
-- In which records the actor follows somebody came or left.
select patient_id, name, times, last_at from coordination.changed_circle(%(since)s, %(most)s);

-- name: patient_name
-- The patient's name, as the circle has it.
select c.name from doorway.circle c
where c.patient_id = access.kept_patient(%(patient)s) and c.role = 'patient'
limit 1;

-- name: document_lines
-- Versions of documents in a span that the actor may read, latest first.
select b.at, b.key, b.thing, b.what, b.name, b.more, b.author
from coordination.documents_back(%(patient)s, %(since)s, %(before_at)s, %(before_key)s, %(most)s) b
order by b.at desc, b.key collate "C" desc;

-- name: documents_told
-- The documents of those versions, to judge them.
select item_id, patient_id, author, author_name, author_role, author_organisation, kind, site,
    kept_at, sensitivity, sensitivity_by, withheld, within, root_author, root_sensitivity,
    withdrawn_at, version_id, number, title, dated_on, valid_until, media, pages, size, width,
    height
from doorway.document
where item_id = any (%(items)s) and patient_id = any (access.record_of(%(patient)s));

-- name: action_lines
-- What was said of actions in a span that the actor sees, latest first.
select b.at, b.key, b.thing, b.what, b.name, b.more, b.author, b.withheld
from coordination.actions_back(%(patient)s, %(since)s, %(before_at)s, %(before_key)s, %(most)s) b
order by b.at desc, b.key collate "C" desc;

-- name: stay_lines
-- What was marked of stays in hospital, latest first; of a stay that never was only that it was not.
select e.at, ('stays:' || e.id) collate "C" as key, e.stay_id::text as thing, e.what, '' as name,
    '' as more, e.by_name as author, e.started_at, e.planned_out_on, e.ended_at
from doorway.stay_event e
join coordination.stay s on s.id = e.stay_id
where e.patient_id = any (access.record_of(%(patient)s)) and e.at >= %(since)s
    and e.at <= %(before_at)s
    and (e.at, ('stays:' || e.id) collate "C") < (%(before_at)s, %(before_key)s)
    and e.what <> 'asked' and (e.what = 'cancelled' or s.state <> 'cancelled')
order by e.at desc, key desc
limit %(most)s;

-- name: visit_lines
-- What came of visits, latest first; those that were simply made are counted by day unless each is
-- asked for.
select v.at, v.key, v.thing, v.what, v.name, v.more, v.author
from (
    select r.at, ('visits:' || r.id) collate "C" as key, r.id::text as thing, r.outcome as what,
        l.what as name, r.words as more, r.by_name as author
    from doorway.visit_report r
    join doorway.visit l on l.id = r.line_id
    where r.patient_id = any (access.record_of(%(patient)s)) and r.at >= %(since)s
        and r.at < %(until)s and (%(each)s or r.outcome <> 'done')
    union all
    select max(d.at), ('visits:made:' || d.day) collate "C", '', 'made', '', count(*)::text, ''
    from (
        select r.at, (r.at at time zone %(zone)s)::date as day
        from doorway.visit_report r
        where r.patient_id = any (access.record_of(%(patient)s)) and r.at >= %(since)s
            and r.at < %(until)s and not %(each)s and r.outcome = 'done'
    ) d
    group by d.day
) v
where (v.at, v.key) < (%(before_at)s, %(before_key)s)
order by v.at desc, v.key desc
limit %(most)s;

-- name: chat_lines
-- What was said urgently in the rooms of a record that the actor reads, latest first.
select m.sent as at, ('chat:' || m.id) collate "C" as key, m.room_id::text as thing, r.kind as what,
    m.text as name, '' as more, m.author_name as author
from coordination.chat_message m
join coordination.chat_room r on r.id = m.room_id
where m.patient_id = any (access.record_of(%(patient)s)) and m.urgent and m.withdrawn_at is null
    and r.kind in ('carers', 'team', 'patient') and m.sent >= %(since)s and m.sent <= %(before_at)s
    and (m.sent, ('chat:' || m.id) collate "C") < (%(before_at)s, %(before_key)s)
order by m.sent desc, key desc
limit %(most)s;
