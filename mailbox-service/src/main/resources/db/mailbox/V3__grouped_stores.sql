-- Each stored envelope paid for a look at its mailbox, although the statement that stores it holds that row locked.
-- Whoever ends a mailbox locks it, deletes its envelopes and then the row (docs/adr/0027).
alter table envelope drop constraint envelope_mailbox_fk;

-- Both indexes begin with account and device, and a planner without statistics takes either to find an envelope by its
-- id; by this one it reads all that waits. Only a statement that speaks of positions may use it: each position is more
-- than 0, and who says so, takes this.
alter table envelope drop constraint envelope_position_unique;
-- serves: collect in order of arrival, the oldest of a mailbox
create unique index envelope_position on envelope (account, device, position) where position > 0;
