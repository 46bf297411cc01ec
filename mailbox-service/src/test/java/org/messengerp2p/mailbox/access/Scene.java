package org.messengerp2p.mailbox.access;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.testkit.TestTokens;

/** An account with two devices and one that was removed, somebody else, and an account that does not exist. */
final class Scene {
    /** Who calls, about what is the owner's. */
    enum Caller {
        OWNER,
        OTHER_DEVICE,
        OTHER_USER,
        REMOVED_DEVICE,
        ANONYMOUS,
        OTHER_SERVICE
    }

    /**
     * What a request is about: a device, an envelope that waits for it, and the delivery token of its account.
     *
     * @param listVersion of the account
     */
    record Target(Device device, long listVersion, byte[] envelope, byte[] token) {
        EnvelopeId envelopeId() {
            return EnvelopeId.of(envelope);
        }
    }

    final Target owner = target();
    final Target absent = target();
    final Device second = new Device(owner.device().account(), anotherId());
    final Device otherUser = target().device();

    private final Device removed = new Device(owner.device().account(), anotherId());
    private final Map<Caller, String> tokens = Map.of(
            Caller.OWNER, token(owner.device()),
            Caller.OTHER_DEVICE, token(second),
            Caller.OTHER_USER, token(otherUser),
            Caller.REMOVED_DEVICE, token(removed),
            Caller.OTHER_SERVICE, TestTokens.access(owner.device(), Audience.AUTH));

    /** Null for who shows none. */
    String token(Caller caller) {
        return tokens.get(caller);
    }

    private static String token(Device device) {
        return TestTokens.access(device, Audience.MAILBOX);
    }

    private static Target target() {
        return new Target(new Device(AccountId.of(random(16)), anotherId()), 1, random(100), random(16));
    }

    private static DeviceId anotherId() {
        return new DeviceId(ThreadLocalRandom.current().nextLong(1, 1L << 32));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }
}
