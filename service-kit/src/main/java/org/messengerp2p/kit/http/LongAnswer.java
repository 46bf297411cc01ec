package org.messengerp2p.kit.http;

/** An answer that may have hundreds of kilobytes; until its client has read it, {@link LongAnswers} counts it. */
public interface LongAnswer {}
