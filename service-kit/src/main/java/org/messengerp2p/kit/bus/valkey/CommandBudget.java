package org.messengerp2p.kit.bus.valkey;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What commands without an answer may hold, in number and in bytes. */
final class CommandBudget {

    private final int mostCommands;
    private final long mostBytes;
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    CommandBudget(int mostCommands, long mostBytes) {
        this.mostCommands = mostCommands;
        this.mostBytes = mostBytes;
    }

    boolean take(int length) {
        int number = commands.incrementAndGet();
        if (bytes.addAndGet(length) <= mostBytes && number <= mostCommands) {
            return true;
        }
        giveBack(length);
        return false;
    }

    void giveBack(int length) {
        commands.decrementAndGet();
        bytes.addAndGet(-length);
    }
}
