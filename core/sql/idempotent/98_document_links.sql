-- Links with a code to one version of a document: made under row security, opened before sign-in.

-- Whether a document may leave by a link of the actor: he reads and may share it, and it is neither withheld
-- nor entered in error.
create or replace function coordination.document_may_leave(p_item uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select from coordination.document d
        where d.item_id = p_item
            and d.patient_id = any (array(select access.visible_patients('documents:write')))
            and d.patient_id = any (array(select access.visible_patients('documents:read')))
    ) and not access.hidden_from_me(p_item) and not access.is_withheld(p_item) and not exists (
        select from coordination.document_withdrawn w where w.item_id = p_item
    );
end;

-- The code of a link is tried. Whatever is wrong, of the link or of the code, gives no row; a wrong code
-- counts, and the fifth is the last.
create or replace function coordination.gate_try_document_link(
    p_token_hash bytea, p_code_hash bytea
) returns table (id uuid, item_id uuid, patient_id uuid, version_id uuid, made_by uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_link coordination.document_link;
begin
    select l.* into v_link from coordination.document_link l
    where l.token_hash = p_token_hash and l.ended_at is null and l.tries < 5
        and l.expires_at > access.current_instant() and not exists (
            select from identity.account a
            where a.person = l.made_by and not identity.is_live(a.disabled_at, a.expires_at)
        )
    for update;
    if v_link.id is null then
        return;
    end if;
    if v_link.code_hash <> p_code_hash then
        update coordination.document_link l set tries = l.tries + 1 where l.id = v_link.id;
        return;
    end if;
    return query select v_link.id, v_link.item_id, v_link.patient_id, v_link.version_id,
        v_link.made_by;
end;
$$;

-- A link opens, under the rights of whoever made it as they are now: counted, or it does not open.
create or replace function coordination.open_document_link(p_share uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.document_link l
    set openings = l.openings + 1, opened_at = access.current_instant()
    where l.id = p_share and l.made_by = access.current_person() and l.ended_at is null
        and l.tries < 5 and l.expires_at > access.current_instant() and not exists (
            select from identity.account a
            where a.person = l.made_by and not identity.is_live(a.disabled_at, a.expires_at)
        )
        and coordination.document_may_leave(l.item_id);
    return found;
end;
$$;

-- The mail of a link goes out, once; nothing of a training territory leaves by it.
create or replace function coordination.mail_document_link(
    p_share uuid, p_message uuid, p_sealed text, p_locale text
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into messages.outbox (id, key, recipient, channel, address, template, params, locale,
        state, created_at, next_attempt_at, weight, expires_at)
    select p_message, 'document_link:' || l.id, null, 'email', l.mailed_to, 'document_link',
        jsonb_build_object('token', p_sealed, 'by', y.name), p_locale, 'waiting',
        access.current_instant(), access.current_instant(), 'notice', l.expires_at
    from coordination.document_link l
    join access.party y on y.id = l.made_by
    where l.id = p_share and l.made_by = access.current_person() and l.mailed_to is not null
        and l.ended_at is null and not access.is_training(l.patient_id);
    return found;
end;
$$;

-- Whoever may share a document ends any link to it; a mail that waits is called off.
create or replace function coordination.end_document_link(p_share uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update coordination.document_link l
    set ended_at = access.current_instant(), ended_by = access.current_person()
    where l.id = p_share and l.ended_at is null
        and l.patient_id = any (array(select access.visible_patients('documents:write')))
        and not access.hidden_from_me(l.item_id);
    if not found then
        return false;
    end if;
    update messages.outbox o set state = 'cancelled', lease_until = null
    where o.key = 'document_link:' || p_share and o.state in ('waiting', 'sending');
    return true;
end;
$$;

alter table coordination.document_link enable row level security;
drop policy if exists person_reads on coordination.document_link;
create policy person_reads on coordination.document_link for select to chevet_app
    using (patient_id = any (array(select access.visible_patients('documents:write')))
        and not access.hidden_from_me(item_id));
drop policy if exists person_shares on coordination.document_link;
create policy person_shares on coordination.document_link for insert to chevet_app
    with check (patient_id = any (array(select access.visible_patients('documents:write')))
        and made_by = access.current_person() and coordination.document_may_leave(item_id));

create or replace view doorway.document_link with (security_barrier) as
select l.id, l.item_id, l.patient_id, l.version_id, v.number, y.name as made_by_name, l.made_at,
    l.expires_at, l.mailed_to, l.tries, l.openings, l.opened_at, l.ended_at,
    l.mailed_to is not null and exists (
        select from messages.outbox o where o.key = 'document_link:' || l.id and o.state = 'dead'
    ) as undeliverable
from coordination.document_link l
join coordination.document_version v on v.id = l.version_id
join access.party y on y.id = l.made_by
where l.patient_id = any (array(select access.visible_patients('documents:write')))
    and not access.hidden_from_me(l.item_id);
comment on view doorway.document_link is
    'The links to the documents that the actor reads and may share.';

revoke execute on function coordination.document_may_leave, coordination.gate_try_document_link,
    coordination.open_document_link, coordination.mail_document_link,
    coordination.end_document_link from public;
grant execute on function coordination.gate_try_document_link to chevet_gate;
grant execute on function coordination.document_may_leave, coordination.open_document_link,
    coordination.mail_document_link, coordination.end_document_link to chevet_app;
grant select on doorway.document_link to chevet_app;
grant select (id, item_id, patient_id) on coordination.document_link to chevet_app;
grant insert (id, item_id, patient_id, version_id, made_by, made_at, expires_at, token_hash,
    code_hash, mailed_to) on coordination.document_link to chevet_app;
