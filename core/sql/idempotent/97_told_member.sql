-- Of what each member of a circle is told: by a line of his own, else by that of his role.

-- Whether somebody has a line of his own; what was chosen before there were lines is one.
create or replace function coordination.has_own_line(p_membership uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (select from coordination.circle_line l where l.membership_id = p_membership)
        or exists (select from coordination.circle_notice n where n.membership_id = p_membership);
end;
revoke execute on function coordination.has_own_line from public;
grant execute on function coordination.has_own_line to chevet_worker;

create or replace view coordination.told_member as
select m.id as membership_id, m.patient_id, m.party, s.occasion,
    greatest(s.since, m.starts_at) as since,
    case when s.occasion = 'red' and not coalesce(s.red_waits, false) then 'at_once'
        else coalesce(s.moment, 'at_once') end as moment
from access.membership m
join access.party y on y.id = m.party and y.kind = 'person'
cross join lateral (
    select n.occasion, n.since, l.moment, l.red_waits
    from coordination.circle_notice n
    left join coordination.circle_line l on l.membership_id = n.membership_id
    where n.membership_id = m.id
    union all
    select r.occasion, r.since, l.moment, l.red_waits
    from coordination.circle_role_notice r
    join coordination.circle_line l on l.patient_id = r.patient_id and l.role = r.role
    where r.patient_id = any (access.record_of(m.patient_id)) and r.role = m.role
        and not coordination.has_own_line(m.id)
) s
where m.starts_at <= coalesce(access.current_instant(), now())
    and (m.ends_at is null or m.ends_at > coalesce(access.current_instant(), now()))
    and m.basis <> 'break_glass';
comment on view coordination.told_member is
    'Of what each member of a circle is told beside the ladder, since when, and at which moment.';
