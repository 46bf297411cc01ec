-- Every key begins with the recipient's account, so that the tables can be spread by it. No sequence and no trigger:
-- the order of a mailbox comes from its own row, which whoever stores holds locked until the commit.

-- What is known of an account: its part of the device directory, and who may deliver without signing in.
-- An account that ended keeps its row, without token and mailboxes: a late, older list must not bring it back.
create table recipient (
    account             uuid   not null,
    list_version        bigint not null,
    delivery_token_hash bytea,

    constraint recipient_pk primary key (account),
    constraint recipient_list_version_positive check (list_version > 0),
    constraint recipient_delivery_token_hash_length check (octet_length(delivery_token_hash) = 32)
);

-- One row a listed device. The counters are exact: each statement that stores or deletes envelopes locks this row
-- first and changes it in the same statement.
create table mailbox (
    account       uuid    not null,
    device        bigint  not null,
    next_position bigint  not null default 1,
    waiting       integer not null default 0,
    waiting_bytes bigint  not null default 0,
    -- of those, what came by `messages` from other accounts
    limited       integer not null default 0,
    limited_bytes bigint  not null default 0,
    -- envelopes that expired since the device collected last
    expired       integer not null default 0,

    constraint mailbox_pk primary key (account, device),
    constraint mailbox_recipient_fk foreign key (account) references recipient (account),
    constraint mailbox_device_is_u32 check (device between 1 and 4294967295),
    constraint mailbox_counters_not_negative
        check (waiting >= 0 and waiting_bytes >= 0 and limited >= 0 and limited_bytes >= 0 and expired >= 0)
)
-- no indexed column changes: room in the page keeps each change of a counter there
with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_limit = 2000);

-- An envelope that waits. No sender; the minute of arrival, no more.
create table envelope (
    account     uuid        not null,
    device      bigint      not null,
    position    bigint      not null,
    envelope_id uuid        not null,
    received_at timestamptz not null,
    size        integer     not null,
    limited     boolean     not null,
    sealed      bytea       not null,

    -- serves: store (is it waiting already), acknowledge
    constraint envelope_pk primary key (account, device, envelope_id),
    -- serves: collect in order of arrival, the oldest of a mailbox
    constraint envelope_position_unique unique (account, device, position),
    constraint envelope_mailbox_fk foreign key (account, device) references mailbox (account, device) on delete cascade,
    constraint envelope_received_to_the_minute check (date_trunc('minute', received_at, 'UTC') = received_at),
    constraint envelope_size_positive check (size > 0)
)
with (fillfactor = 100, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_limit = 2000,
      toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_cost_limit = 2000);

-- Ciphertext does not compress; trying costs time.
alter table envelope alter column sealed set storage external;
