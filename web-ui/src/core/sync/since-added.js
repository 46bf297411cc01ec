const CLOCK_SKEW_MS = 60_000;

/**
 * Whether a message may have been written when the device was listed already but the writer did not know of it
 * (docs/adr/0009). The two times are of two clocks; a copy too many is recognised by its msg_id.
 *
 * @param {{ storedMs: number }} row
 * @param {{ addedMs: number }} device
 */
export const isSinceAdded = ({ storedMs }, { addedMs }) => storedMs >= addedMs - CLOCK_SKEW_MS;
