-- A value typed by a person becomes a reading like any other and asks for its review, although
-- no person has a right on the time series. All such values share one stream, « by hand ».
-- Whoever may answer a questionnaire may give the numbers it asks for. Returns the reading's id, by
-- which it can be corrected.
drop function if exists core.record_by_hand;
create function core.record_by_hand(
    p_patient uuid, p_vital smallint, p_value real, p_measured_at timestamptz,
    p_received_at timestamptz
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key integer;
    v_stream integer;
    v_reading bigint;
begin
    select p.key into v_key
    from access.patient p
    where p.id = p_patient
        and (p.id = any (array(select access.visible_patients('vitals:write')))
            or p.id = any (array(select access.visible_patients('answers:write'))));
    if v_key is null then
        raise insufficient_privilege using message = 'no right to enter measurements';
    end if;
    select s.id into v_stream from ingest.stream s where s.source = 'by hand' and s.epoch = '';
    if v_stream is null then
        insert into ingest.stream (source, epoch, last_received_at)
        values ('by hand', '', p_received_at)
        on conflict (source, epoch) do update set last_received_at = excluded.last_received_at
        returning id into v_stream;
    end if;
    insert into vitals.reading
        (measured_at, received_at, patient_key, source, value, vital, quality)
    values (p_measured_at, p_received_at, v_key, v_stream, p_value, p_vital, 0)
    returning reading_id into v_reading;
    insert into core.due (kind, patient_key, from_time, until_time, received_at)
    values ('reading', v_key, p_measured_at, p_measured_at, p_received_at);
    return v_reading;
end;
$$;
revoke execute on function core.record_by_hand from public;
grant execute on function core.record_by_hand to chevet_app;
