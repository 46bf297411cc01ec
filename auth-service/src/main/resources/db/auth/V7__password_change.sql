-- A sign-in by recovery code sets a new password before it adds a device (MP2P/1 §9.3).
alter table pending_token
    add column by_recovery boolean not null default false,
    add column password_set boolean not null default false,
    add constraint pending_token_password_set check (by_recovery or not password_set);
