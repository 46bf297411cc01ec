-- Limits that a restart or another replica must not begin anew (docs/adr/0025). A key is a keyed hash of the limit and
-- of whom it counts: no row tells an address, a name or an account.

-- Token buckets. One that is not here is full.
create table rate_bucket (
    bucket_key uuid   not null,
    -- The moment at which it is full again, in nanoseconds since 1970.
    full_at    bigint not null,
    constraint rate_bucket_pk primary key (bucket_key)
);

-- Guesses at a secret: some in a window, then a pause, which doubles. Times as above.
create table secret_guess (
    guess_key    uuid     not null,
    -- In the window, or before the pause.
    made         integer  not null,
    -- How often they were used up, without as much quiet since.
    pauses       smallint not null,
    -- End of the window, or of the pause once all are made.
    until        bigint   not null,
    forgotten_at bigint   not null,
    constraint secret_guess_pk primary key (guess_key)
);

-- Neither has an index for its sweep: an update then stays within its page, and both tables are small.
