-- The history of an account, sealed by its devices (MP2P/1 §9.3): segments of each writing device, and the manifest
-- that says which of them count. Nothing here expires.

-- One row an account that has an archive. The counters are exact: whoever changes the archive holds this row until the
-- commit. It goes with the account, and everything below goes with it.
create table archive (
    account   uuid    not null,
    segments  integer not null default 0,
    manifests integer not null default 0,
    -- of segments and manifests as they came
    bytes     bigint  not null default 0,

    constraint archive_pk primary key (account),
    constraint archive_recipient_fk foreign key (account) references recipient (account) on delete cascade,
    constraint archive_counters_not_negative check (segments >= 0 and manifests >= 0 and bytes >= 0)
)
with (fillfactor = 60);

-- gen is the generation of the backup key. The device may be one that the account has removed.
create table archive_manifest (
    account uuid    not null,
    device  bigint  not null,
    gen     bigint  not null,
    man_no  bigint  not null,
    size    integer not null,
    sealed  bytea   not null,

    constraint archive_manifest_pk primary key (account, device, gen),
    constraint archive_manifest_archive_fk foreign key (account) references archive (account) on delete cascade,
    constraint archive_manifest_numbers check (device > 0 and gen > 0 and man_no > 0 and size > 0)
);

create table archive_segment (
    account uuid    not null,
    device  bigint  not null,
    gen     bigint  not null,
    seg_no  bigint  not null,
    rev     bigint  not null,
    size    integer not null,
    sealed  bytea   not null,

    constraint archive_segment_pk primary key (account, device, gen, seg_no, rev),
    constraint archive_segment_archive_fk foreign key (account) references archive (account) on delete cascade,
    constraint archive_segment_numbers check (device > 0 and gen > 0 and seg_no >= 0 and rev >= 0 and size > 0)
);

-- Ciphertext does not compress; trying costs time.
alter table archive_manifest alter column sealed set storage external;
alter table archive_segment alter column sealed set storage external;
