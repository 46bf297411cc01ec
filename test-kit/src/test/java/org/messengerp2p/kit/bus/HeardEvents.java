package org.messengerp2p.kit.bus;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/** A listener of a test, which waits for what it is asked for. */
public final class HeardEvents implements BusListener {

    private static final int SECONDS = 10;

    private final BlockingQueue<BusEvent> heard = new LinkedBlockingQueue<>();
    private final Semaphore beginnings = new Semaphore(0);
    private Subscription subscription;

    /** Listens already when this returns. */
    public static HeardEvents of(DeviceBus bus, Device device) {
        return on(bus, Topic.of(device)).awaitBegun();
    }

    /** Listens already when this returns. */
    public static HeardEvents of(DeviceBus bus, AccountId account) {
        return on(bus, Topic.of(account)).awaitBegun();
    }

    /** Listens as soon as the bus is there. */
    public static HeardEvents on(DeviceBus bus, Topic topic) {
        HeardEvents events = new HeardEvents();
        events.subscription = bus.subscribe(topic, events);
        return events;
    }

    @Override
    public void on(BusEvent event) {
        heard.add(event);
    }

    @Override
    public void begun() {
        beginnings.release();
    }

    /** Waits until it listens, the first time or again. */
    public HeardEvents awaitBegun() {
        try {
            if (!beginnings.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the subscription does not begin");
            }
            return this;
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    public BusEvent next() {
        try {
            BusEvent event = heard.poll(SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event comes");
            }
            return event;
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    boolean isEmpty() {
        return heard.isEmpty();
    }

    void end() {
        subscription.end();
    }

    private static AssertionError interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new AssertionError(interrupted);
    }
}
