-- Requests for support (demande d'appui): what a professional of the circle asks of a DAC.

-- Organisations that may be asked: those where somebody answers such requests, training apart.
create or replace function coordination.support_centres(p_patient uuid)
returns table (performer uuid, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select y.id, y.name
    from access.party y
    where access.may_open(p_patient, 'support:request') and y.kind = 'organisation'
        and y.training = (select k.training from access.party k where k.id = p_patient)
        and exists (select from coordination.support_posts(y.id))
    order by y.name, y.id;
end;

-- A request is sent; a word says what came of it.
create or replace function coordination.send_support(
    p_id uuid, p_patient uuid, p_performer uuid, p_code text, p_note text, p_told boolean,
    p_untold_reason text, p_receive_by timestamptz, p_answer_by timestamptz, p_event uuid,
    p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
begin
    if not access.may_open(p_patient, 'support:request') or access.is_archived(p_patient) then
        return 'gone';
    elsif not exists (
        select from coordination.support_centres(p_patient) c where c.performer = p_performer
    ) then
        return 'performer';
    elsif coordination.has_died(p_patient) then
        return 'dead';
    end if;
    insert into coordination.support_request (id, patient_id, requester, organisation, performer,
        code, note, told, untold_reason, authored_on, answer_by, receive_by, state)
    values (p_id, p_patient, access.current_person(), access.current_organisation(), p_performer,
        p_code, p_note, p_told, p_untold_reason, v_now, p_answer_by, p_receive_by, 'submitted')
    on conflict (id) do nothing;
    if not found then
        return 'sent';
    end if;
    insert into coordination.support_event (id, request_id, patient_id, at, by_person, what)
    values (p_event, p_id, p_patient, v_now, access.current_person(), 'submit');
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    values (p_notice, 'support_sent', p_event, p_patient, v_now);
    return 'done';
end;
$$;

-- What a request says after an act: of the DAC that is asked, or of who asked and takes it back. A
-- word says what came of it: `done`, `gone`, `changed` (somebody was faster), `archived`.
create or replace function coordination.move_support(
    p_id uuid, p_what text, p_state text, p_answer text, p_outcome text, p_version integer,
    p_event uuid, p_notice uuid
) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := access.current_instant();
    v_one coordination.support_request;
begin
    select * into v_one from coordination.support_request r where r.id = p_id for update;
    if v_one.id is null or (case when p_what = 'withdraw'
            then v_one.requester is distinct from access.current_person()
                or not access.may_open(v_one.patient_id, 'support:request')
            else v_one.performer is distinct from access.acting_organisation('support:answer')
                or v_one.state = 'revoked' end) then
        return 'gone';
    elsif v_one.version <> p_version then
        return 'changed';
    elsif access.is_archived(v_one.patient_id) then
        return 'archived';
    end if;
    update coordination.support_request r
    set state = p_state, version = r.version + 1, outcome = p_outcome,
        answer = case when p_what = 'answer' then p_answer else r.answer end
    where r.id = p_id;
    insert into coordination.support_event (id, request_id, patient_id, at, by_person, what, words)
    values (p_event, p_id, v_one.patient_id, v_now, access.current_person(), p_what, p_answer);
    insert into coordination.notice (id, kind, subject, patient_id, created_at)
    values (p_notice, case p_what when 'withdraw' then 'support_withdrawn' else 'support_moved' end,
        p_event, v_one.patient_id, v_now);
    return 'done';
end;
$$;

-- What the acting organisation is asked and was not taken back: what is open first, by the day of
-- its answer. Of the record it gives who the patient is, and whether the actor may open it.
create or replace function coordination.support_asked(p_id uuid, p_most integer) returns table (
    id uuid, patient_id uuid, birth_name text, first_name text, birth_date date, phone text,
    requester_name text, organisation_name text, code text, note text, told boolean,
    untold_reason text, authored_on timestamptz, receive_by timestamptz, answer_by timestamptz,
    state text, answer text, outcome text, version integer, opens boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select r.id, r.patient_id, i.birth_name, i.birth_first_name, i.birth_date, i.phone, y.name,
        o.name, r.code, r.note, r.told, r.untold_reason, r.authored_on, r.receive_by, r.answer_by,
        r.state, r.answer, r.outcome, r.version, access.may_open(r.patient_id, 'support:read')
    from coordination.support_request r
    join identity.patient i on i.patient_id = r.patient_id
    join access.party y on y.id = r.requester
    left join access.party o on o.id = r.organisation
    where r.performer = access.acting_organisation('support:answer') and r.state <> 'revoked'
        and (p_id is null or r.id = p_id)
    order by r.state = 'completed', case when r.state <> 'completed' then
        case r.state when 'submitted' then r.receive_by else r.answer_by end end,
        r.authored_on desc, r.id
    limit p_most;
end;

-- Requests that nobody received in time are told again, once, to those who were asked and to who
-- asked. Of whoever died, or whose record is archived, nothing is asked any more.
create or replace function coordination.tell_late_support(p_limit integer) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_count bigint;
begin
    with due as (
        select r.id from coordination.support_request r
        where r.state = 'submitted' and r.told_late_at is null
            and r.receive_by <= access.current_instant()
            and not coordination.has_died(r.patient_id) and not access.is_archived(r.patient_id)
        order by r.receive_by limit p_limit for update skip locked
    ), late as (
        update coordination.support_request r set told_late_at = access.current_instant()
        from due where r.id = due.id
        returning r.id, r.patient_id
    ), noted as (
        insert into coordination.support_event (id, request_id, patient_id, at, what)
        select gen_random_uuid(), l.id, l.patient_id, access.current_instant(), 'late'
        from late l
        returning id, patient_id
    ), told as (
        insert into coordination.notice (id, kind, subject, patient_id, created_at)
        select gen_random_uuid(), k.kind, n.id, n.patient_id, access.current_instant()
        from noted n cross join (values ('support_late'), ('support_unreceived')) k (kind)
        returning kind
    )
    select count(*) into v_count from told where kind = 'support_late';
    return v_count;
end;
$$;

alter table coordination.support_request enable row level security;
alter table coordination.support_event enable row level security;
drop policy if exists person_reads on coordination.support_request;
create policy person_reads on coordination.support_request for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('support:read'))));
drop policy if exists person_reads on coordination.support_event;
create policy person_reads on coordination.support_event for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('support:read'))));

create or replace view doorway.support_request with (security_barrier) as
select r.id, r.patient_id, y.name as requester_name, c.name as performer_name, r.code, r.note,
    r.told, r.untold_reason, r.authored_on, r.receive_by, r.answer_by, r.state, r.answer,
    r.outcome, r.version, r.requester = access.current_person() as mine
from coordination.support_request r
join access.party y on y.id = r.requester
join access.party c on c.id = r.performer
where r.patient_id = any (array(select access.visible_patients('support:read')));
comment on view doorway.support_request is 'Requests for support that the actor reads, with names.';
create or replace view doorway.support_event with (security_barrier) as
select e.id, e.request_id, e.patient_id, e.at, y.name as by_name, e.what
from coordination.support_event e
left join access.party y on y.id = e.by_person
where e.patient_id = any (array(select access.visible_patients('support:read')));
comment on view doorway.support_event is 'Who did what with the requests for support of a record.';
grant select on coordination.support_request, coordination.support_event, doorway.support_request,
    doorway.support_event to chevet_app;

revoke execute on function coordination.support_centres, coordination.send_support,
    coordination.move_support, coordination.support_asked, coordination.tell_late_support
    from public;
grant execute on function coordination.support_centres, coordination.send_support,
    coordination.move_support, coordination.support_asked to chevet_app;
grant execute on function coordination.tell_late_support to chevet_worker;
