package org.messengerp2p.auth.token;

import java.time.Instant;

/** When a key was made and published, and from when on it signs. */
record KeyTimes(Instant madeAt, Instant signsFrom) {}
