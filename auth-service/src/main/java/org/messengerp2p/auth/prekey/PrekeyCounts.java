package org.messengerp2p.auth.prekey;

/** One-time keys that a device has left, by which it knows when to refill. */
public record PrekeyCounts(int nOpk, int nPqo) {}
