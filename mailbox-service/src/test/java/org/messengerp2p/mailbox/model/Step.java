package org.messengerp2p.mailbox.model;

import java.util.List;

/**
 * One step of a run, by numbers that mean the same in every world: accounts and devices from 0, envelopes by what tells
 * them apart. So a run can be repeated, and shortened, on fresh accounts.
 */
sealed interface Step {

    /** auth-service has a newer list; the directory does not know yet. */
    record AuthLists(int account, List<Integer> devices) implements Step {}

    /** auth-service hands over its list, perhaps not for the first time. */
    record Tell(int account) implements Step {}

    /** A list from before arrives late. */
    record TellOld(int account, List<Integer> devices) implements Step {}

    record PutToken(int account, int device, int token) implements Step {}

    /** @param ahead of the version that the directory has */
    record Deliver(int account, int token, int ahead, List<Parcel> parcels) implements Step {}

    record Messages(int fromAccount, int fromDevice, int account, int ahead, List<Parcel> parcels) implements Step {}

    /** @param size in bytes */
    record Parcel(int device, int envelope, int size) {}

    /** @param onward from the last cursor that the device got, where it has one */
    record Collect(int account, int device, int limit, boolean onward) implements Step {}

    /** Of what the device collected last, every so many, and an id that nobody knows. */
    record Ack(int account, int device, int every) implements Step {}

    /** The oldest of a mailbox have waited too long. */
    record Expire(int account, int device, int count) implements Step {}
}
