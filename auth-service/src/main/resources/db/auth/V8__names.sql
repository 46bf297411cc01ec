-- Names that look alike are one name (MP2P/1 §20, point 1; docs/adr/0023). Every way to write one is brought to the
-- longest: an m is r and n side by side, a w two v; what lies between two letters does not keep them apart.
alter table account add column skeleton text not null generated always as (
    translate(replace(replace(username, 'm', 'rn'), 'w', 'vv'), '01i._-', 'oll')
) stored;

-- Made before there was this rule, and like an older one. Both stay.
alter table account add column shares_skeleton boolean not null default false;

update account a
   set shares_skeleton = true
 where exists (
    select from account older
     where older.skeleton = a.skeleton and (older.created_at, older.account_id) < (a.created_at, a.account_id));

create unique index account_skeleton_unique on account (skeleton) where not shares_skeleton;

-- Serves the end of an account whose name others share.
create index account_by_shared_skeleton on account (skeleton) where shares_skeleton;

-- Names of deleted accounts that nobody may take yet: a keyed hash of the skeleton, which does not spell it.
create table held_back_name (
    name_key bytea       not null,
    free_at  timestamptz not null,
    constraint held_back_name_pk primary key (name_key),
    constraint held_back_name_key_length check (octet_length(name_key) = 32)
);

-- Serves the forgetting of what is free again.
create index held_back_name_by_end on held_back_name (free_at);
