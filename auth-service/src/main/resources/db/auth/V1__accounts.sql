-- Accounts, their verifiers and their device lists. Ids and keys are exact lengths here too, so that no path around
-- the service can store others.

create table account (
    account_id        uuid        not null,
    username          text        not null,
    aik               bytea       not null,
    list_version      bigint      not null,
    -- H(dlc || vault) of the registration, by which a repeat of it is known for 24 hours (MP2P/1 §20, duty 1).
    registration_hash bytea       not null,
    created_at        timestamptz not null,
    constraint account_pk primary key (account_id),
    constraint account_username_unique unique (username),
    constraint account_username_form check (username ~ '^[a-z0-9._-]{3,32}$'),
    constraint account_aik_length check (octet_length(aik) = 32),
    constraint account_list_version_range check (list_version between 1 and 4294967295),
    constraint account_registration_hash_length check (octet_length(registration_hash) = 32)
);

create table credential (
    account_id      uuid    not null,
    -- How the client derives its secret from the password (MP2P/1 §9.1).
    client_m_kib    integer not null,
    client_t        integer not null,
    client_p        integer not null,
    -- Argon2id over the peppered secret (MP2P/1 §20, duty 2).
    verifier        bytea   not null,
    verifier_salt   bytea   not null,
    verifier_m_kib  integer not null,
    verifier_t      integer not null,
    verifier_p      integer not null,
    pepper_key_id   integer not null,
    recovery_hash   bytea,
    constraint credential_pk primary key (account_id),
    constraint credential_account_fk foreign key (account_id) references account on delete cascade,
    constraint credential_client_cost check (client_m_kib between 65536 and 1048576 and client_t between 3 and 16
        and client_p = 1),
    constraint credential_verifier_length check (octet_length(verifier) = 32 and octet_length(verifier_salt) = 16),
    constraint credential_recovery_length check (octet_length(recovery_hash) = 32)
);

-- Every version is kept: peers check the chain (MP2P/1 §2).
create table device_list (
    account_id   uuid   not null,
    list_version bigint not null,
    dlc          bytea  not null,
    constraint device_list_pk primary key (account_id, list_version),
    constraint device_list_account_fk foreign key (account_id) references account on delete cascade,
    constraint device_list_length check (octet_length(dlc) between 300 and 1287)
);

-- Every device that was ever listed: an id is never used twice, and a removed device may still prove who it was.
create table device (
    account_id uuid   not null,
    device_id  bigint not null,
    dsk        bytea  not null,
    -- The signed part of its entry in the list, which no later list may change.
    entry      bytea  not null,
    -- First list version without it; null while it is listed.
    removed_in bigint,
    constraint device_pk primary key (account_id, device_id),
    constraint device_account_fk foreign key (account_id) references account on delete cascade,
    constraint device_id_range check (device_id between 1 and 4294967295),
    constraint device_lengths check (octet_length(dsk) = 32 and octet_length(entry) = 77)
);

create table vault (
    account_id    uuid   not null,
    vault_version bigint not null,
    vrk_gen       bigint not null,
    -- H(whead || lp16(W1) || lp16(W2)), which PUT /vault may not change.
    head_hash     bytea  not null,
    vault_hash    bytea  not null,
    -- Tink AEAD over the client's blob, bound to this account.
    sealed        bytea  not null,
    constraint vault_pk primary key (account_id),
    constraint vault_account_fk foreign key (account_id) references account on delete cascade,
    constraint vault_version_range check (vault_version between 1 and 4294967295),
    constraint vault_hash_lengths check (octet_length(head_hash) = 32 and octet_length(vault_hash) = 32)
);
