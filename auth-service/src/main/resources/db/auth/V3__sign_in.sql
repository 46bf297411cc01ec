-- Nonces a device may sign, four at most; the statement that accepts one deletes it (MP2P/1 §9.2).
create table login_nonce (
    nonce      bytea  not null,
    account_id uuid   not null,
    device_id  bigint not null,
    expiry_ms  bigint not null,
    constraint login_nonce_pk primary key (nonce),
    constraint login_nonce_device_fk foreign key (account_id, device_id) references device on delete cascade,
    constraint login_nonce_length check (octet_length(nonce) = 32)
);

-- Serves the bound of four for one device.
create index login_nonce_by_device on login_nonce (account_id, device_id, expiry_ms);

-- Serves the removal of nonces that nobody signed.
create index login_nonce_by_expiry on login_nonce (expiry_ms);

-- PENDING tokens by their jti: each counts for one added device (MP2P/1 §2).
create table pending_token (
    token_id   uuid        not null,
    account_id uuid        not null,
    -- List version by which it added its device; null while it is unused.
    added_in   bigint,
    ends_at    timestamptz not null,
    constraint pending_token_pk primary key (token_id),
    constraint pending_token_account_fk foreign key (account_id) references account on delete cascade
);

-- Serves the end of an account's pending sign-ins.
create index pending_token_by_account on pending_token (account_id);

-- Serves the removal of tokens that have ended.
create index pending_token_by_end on pending_token (ends_at);

-- Keys that sign tokens (docs/adr/0001-token-keys-and-rotation.md). All that stand here are published.
create table signing_key (
    key_id         text        not null,
    -- DER, X.509 SubjectPublicKeyInfo.
    public_key     bytea       not null,
    -- DER, PKCS #8, under Tink AEAD bound to key_id.
    sealed_private bytea       not null,
    signs_from     timestamptz not null,
    constraint signing_key_pk primary key (key_id),
    constraint signing_key_signs_from_unique unique (signs_from)
);

-- What a secret of this service makes of a constant, so that a start with another secret file is refused.
create table secret_mark (
    purpose text    not null,
    key_id  integer not null,
    mark    bytea   not null,
    constraint secret_mark_pk primary key (purpose, key_id)
);
