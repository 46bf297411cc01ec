package org.messengerp2p.kit.identity;

/** One device of one account: the address of an envelope and the holder of a connection. */
public record Device(AccountId account, DeviceId device) {}
