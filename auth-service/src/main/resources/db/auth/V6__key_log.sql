-- The key log (MP2P/1 §10). What stands here stays: also leaves of accounts that are gone, so there is no foreign key.
create table key_leaf (
    leaf_index bigint not null,
    leaf       bytea  not null,
    constraint key_leaf_pk primary key (leaf_index),
    constraint key_leaf_index_range check (leaf_index >= 0),
    constraint key_leaf_length check (octet_length(leaf) = 53)
);

-- Two lists of one version of an account would be a warning at every client for ever. Serves also the questions whether
-- an account was ever registered, and which lists are not in the log yet.
create unique index key_leaf_list on key_leaf (substring(leaf from 2 for 20)) where get_byte(leaf, 0) = 1;

-- Serves the search for the last number that a name was given away under; nor may one come twice.
create unique index key_leaf_name on key_leaf (substring(leaf from 2 for 32), substring(leaf from 50 for 4))
    where get_byte(leaf, 0) = 2;

-- The one row that whoever appends holds: how many leaves there are, and the roots of the full subtrees over them.
create table key_log (
    only_row boolean not null default true,
    size     bigint  not null,
    peaks    bytea   not null,
    constraint key_log_pk primary key (only_row),
    constraint key_log_only_row check (only_row),
    constraint key_log_peaks_fit check (size >= 0 and octet_length(peaks) = 32 * bit_count(size::bit(64)))
);

insert into key_log (size, peaks) values (0, '');

-- The newest signed tree head: the one row by which replicas do not contradict each other.
create table tree_head (
    only_row  boolean     not null default true,
    size      bigint      not null,
    ms        bigint      not null,
    root      bytea       not null,
    signature bytea       not null,
    -- By the clock of the replica that signed; ms may be later, for it only grows.
    signed_at timestamptz not null,
    constraint tree_head_pk primary key (only_row),
    constraint tree_head_only_row check (only_row),
    constraint tree_head_lengths check (octet_length(root) = 32 and octet_length(signature) = 64)
);
