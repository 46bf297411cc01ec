-- Devices that were removed, for as long as a token of theirs may be good. No foreign key: they are told of also where
-- their account is gone (docs/adr/0015).
create table revoked_device (
    serial         bigint      not null generated always as identity,
    account_id     uuid        not null,
    device_id      bigint      not null,
    -- The transaction that removed it. What cannot be seen yet is in one that is open now, or in a later one.
    transaction_id bigint      not null default (pg_current_xact_id()::text::bigint),
    removed_at     timestamptz not null,
    constraint revoked_device_pk primary key (serial)
);

-- Serves the question what was removed since.
create index revoked_device_by_transaction on revoked_device (transaction_id);

-- Serves the forgetting of what no token outlives.
create index revoked_device_by_age on revoked_device (removed_at);

-- When these were removed nobody has kept.
insert into revoked_device (account_id, device_id, removed_at)
select account_id, device_id, now() from device where removed_in is not null;
