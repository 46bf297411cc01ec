-- Accounts that ended a moment ago, so that a list which is still on its way does not bring one back: a hash, which
-- names nobody. Nothing of the account itself stays (docs/adr/0023).
create table ended_account (
    account_hash bytea       not null,
    ended_at     timestamptz not null,

    constraint ended_account_pk primary key (account_hash),
    constraint ended_account_hash_length check (octet_length(account_hash) = 32)
);

-- serves: forget
create index ended_account_by_end on ended_account (ended_at);
