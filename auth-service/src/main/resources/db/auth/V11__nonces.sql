-- Nonces of devices that do not exist are kept as those of devices that do: what is done the same way takes the same
-- time. So the row names its device by a keyed hash, which may be of nobody. Those that stood here lived a minute.
drop table login_nonce;

create table login_nonce (
    nonce      bytea  not null,
    device_key uuid   not null,
    expiry_ms  bigint not null,
    constraint login_nonce_pk primary key (nonce),
    constraint login_nonce_length check (octet_length(nonce) = 32)
);

-- Serves the bound of four for one device.
create index login_nonce_by_device on login_nonce (device_key, expiry_ms);

-- Serves the removal of nonces that nobody signed.
create index login_nonce_by_expiry on login_nonce (expiry_ms);
