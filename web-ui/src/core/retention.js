const DAY_MS = 86_400_000;

/** T of MP2P/1 §1.3 in ms: how long what a late message needs is kept. @param {number} mailboxTtlDays */
export function retentionMs(mailboxTtlDays) {
  return Math.min(Math.max(mailboxTtlDays, 30), 90) * DAY_MS;
}
