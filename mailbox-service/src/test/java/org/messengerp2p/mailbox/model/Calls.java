package org.messengerp2p.mailbox.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * What many callers did at once, each call with when it began and ended: numbers of one clock that no two moments share.
 * One account, whose lists and tokens one caller alone changes.
 */
final class Calls {

    private final AtomicLong clock = new AtomicLong();

    final Collection<Timed<Stored>> stores = new ConcurrentLinkedQueue<>();
    final Collection<Timed<Acknowledged>> acknowledgements = new ConcurrentLinkedQueue<>();
    final Collection<Timed<Listed>> lists = new ConcurrentLinkedQueue<>();
    final Collection<Timed<Integer>> tokens = new ConcurrentLinkedQueue<>();

    /** @param what is known when the call has ended */
    record Timed<T>(long begun, long ended, T what) {

        boolean mayComeBefore(long moment) {
            return begun < moment;
        }

        boolean hasEndedBefore(long moment) {
            return ended < moment;
        }
    }

    /**
     * @param token by which it came; empty where the sender had signed in
     * @param listVersion as the sender had it
     * @param answeredVersion as a 409 has it
     */
    record Stored(
            Optional<Integer> token,
            long listVersion,
            List<DeviceId> devices,
            List<String> ids,
            int status,
            List<String> states,
            long answeredVersion) {}

    record Acknowledged(DeviceId device, List<String> ids) {}

    record Listed(long version, List<DeviceId> devices) {}

    <T> T timed(Collection<Timed<T>> into, Supplier<T> call) {
        long begun = clock.incrementAndGet();
        T what = call.get();
        into.add(new Timed<>(begun, clock.incrementAndGet(), what));
        return what;
    }
}
