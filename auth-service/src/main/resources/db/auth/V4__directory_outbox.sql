-- Device lists that mailbox-service has not accepted yet, one row an account: a newer list takes the place of an older
-- one, and what the older one removed stays named.
create table directory_outbox (
    account_id   uuid        not null,
    list_version bigint      not null,
    device_ids   bigint[]    not null,
    removed_ids  bigint[]    not null,
    tries        integer     not null,
    next_try_at  timestamptz not null,
    constraint directory_outbox_pk primary key (account_id)
);

-- Serves the search for what is due.
create index directory_outbox_by_due on directory_outbox (next_try_at);
