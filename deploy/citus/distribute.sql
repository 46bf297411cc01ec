-- Spreads mailbox-service's tables over the nodes of a Citus cluster. To be run on the coordinator, as the role mailbox
-- and in its database, after the service has made its tables and after each upgrade (docs/operations.md):
--
--   psql --no-psqlrc --set ON_ERROR_STOP=1 --file deploy/citus/distribute.sql "$CITUS_URL"
--
-- By account where the primary key begins with it: all of an account is on one node. Any other table is small, and every
-- node holds it whole. What is spread already stays as it is.
do $$
declare
    made record;
begin
    -- Tables that refer to each other, in one transaction.
    perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
    -- In the order in which they were made: each after those that it refers to.
    for made in
        select t.oid::regclass as name, a.attname = 'account' as by_account
          from pg_class t
          join pg_index i on i.indrelid = t.oid and i.indisprimary
          join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
         where t.relnamespace = current_schema()::regnamespace
           and t.relkind = 'r'
           and t.relname <> 'flyway_schema_history'
           and not exists (select from pg_dist_partition d where d.logicalrelid = t.oid)
         order by t.oid
    loop
        if made.by_account then
            perform create_distributed_table(made.name, 'account');
        else
            perform create_reference_table(made.name);
        end if;
    end loop;
end $$;
