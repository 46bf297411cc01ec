-- Each stored envelope paid for a look at its mailbox, although the statement that stores it holds that row locked.
-- Whoever ends a mailbox locks it, deletes its envelopes and then the row (docs/adr/0027).
alter table envelope drop constraint envelope_mailbox_fk;
