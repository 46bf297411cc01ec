-- One database and one role for each service that stores anything; a role owns the schema of its database alone.
-- Makes what is missing; passwords become those of the files, whatever they were before. Run by psql as superuser.

\set ON_ERROR_STOP on
-- A failing statement is logged, and these hold passwords.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = panic;
set password_encryption = 'scram-sha-256';
-- "already exists, skipping" is no news.
set client_min_messages = warning;

\set superuser_password `cat /secrets/postgres/superuser-password`
\set auth_password `cat /secrets/postgres/auth-password`
\set mailbox_password `cat /secrets/postgres/mailbox-password`

select length(:'superuser_password') > 0 and length(:'auth_password') > 0 and length(:'mailbox_password') > 0 as told
\gset
\if :told
\else
  \warn 'database: the passwords in /secrets/postgres cannot be read; run the service setup first'
  -- Nothing else gives psql a status of its own.
  do $$ begin raise exception 'no password'; end $$;
\endif

select format('alter role %I password %L', current_user, :'superuser_password') \gexec

select 'create role auth' where not exists (select from pg_roles where rolname = 'auth') \gexec
alter role auth login nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 60
  password :'auth_password';
select 'create database auth' where not exists (select from pg_database where datname = 'auth') \gexec

select 'create role mailbox' where not exists (select from pg_roles where rolname = 'mailbox') \gexec
alter role mailbox login nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 60
  password :'mailbox_password';
select 'create database mailbox' where not exists (select from pg_database where datname = 'mailbox') \gexec

-- Also the superuser's own database and the template: a role has business in its own alone.
select format('revoke all on database %I from public, auth, mailbox', datname) from pg_database \gexec
grant connect on database auth to auth;
grant connect on database mailbox to mailbox;

\connect auth
alter schema public owner to auth;
\connect mailbox
alter schema public owner to mailbox;
