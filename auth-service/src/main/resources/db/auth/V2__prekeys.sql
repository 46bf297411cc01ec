-- Prekeys that are still to be handed out. Kinds: 1 SPK, 2 OPK, 3 PQL, 4 PQO (MP2P/1 §2).
create table prekey (
    account_id uuid     not null,
    device_id  bigint   not null,
    kind       smallint not null,
    key_id     bigint   not null,
    created_ms bigint   not null,
    record     bytea    not null,
    constraint prekey_pk primary key (account_id, device_id, kind, key_id),
    constraint prekey_device_fk foreign key (account_id, device_id) references device on delete cascade,
    constraint prekey_kind check (kind between 1 and 4),
    constraint prekey_key_id_range check (key_id between 1 and 4294967295),
    constraint prekey_record_length check (octet_length(record) = case when kind <= 2 then 109 else 1261 end)
);

-- A device has one signed and one last-resort key at a time.
create unique index prekey_one_lasting on prekey (account_id, device_id, kind) where kind in (1, 3);

-- Serves the removal of one-time keys that are too old, whatever their device.
create index prekey_by_age on prekey (created_ms) where kind in (2, 4);

-- Ids that may not come again: handed out, or replaced. Without it a repeated upload would offer a key twice.
create table retired_prekey (
    account_id  uuid        not null,
    device_id   bigint      not null,
    kind        smallint    not null,
    key_id      bigint      not null,
    record_hash bytea       not null,
    retired_at  timestamptz not null,
    constraint retired_prekey_pk primary key (account_id, device_id, kind, key_id),
    constraint retired_prekey_device_fk foreign key (account_id, device_id) references device on delete cascade,
    constraint retired_prekey_hash_length check (octet_length(record_hash) = 32)
);

-- Serves the forgetting of what is too old to be uploaded again.
create index retired_prekey_by_age on retired_prekey (retired_at);

-- Who took a one-time key of a device whose stock is low, as a keyed hash of the pair: it says only "this one again".
create table prekey_ration (
    ration_key bytea       not null,
    ends_at    timestamptz not null,
    constraint prekey_ration_pk primary key (ration_key),
    constraint prekey_ration_key_length check (octet_length(ration_key) = 32)
);

-- Serves the removal of rations that are over.
create index prekey_ration_by_end on prekey_ration (ends_at);
