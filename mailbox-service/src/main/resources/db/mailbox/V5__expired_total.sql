-- From here on a total that never falls: what expired for the device since it was listed (docs/adr/0030).
alter table mailbox alter column expired type bigint;
