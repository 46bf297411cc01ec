-- When a token key was made, by which an operator renews or revokes those of before (docs/operations.md).
alter table signing_key add column made_at timestamptz;

-- When these were made nobody has kept; no key was made after it began to sign.
update signing_key set made_at = least(signs_from, now());

alter table signing_key alter column made_at set not null;
