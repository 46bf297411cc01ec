package org.messengerp2p.bench.load;

/**
 * How much is stored and drained. Whatever is not warm measures the compiler: with 3,000 messages before it, the same code
 * costs twice to five times as much as with 50,000.
 *
 * @param warmUp recipients for whom {@link #EACH} messages are stored before anything is measured
 * @param warmUps how often they are stored and drained, where the system compiles while it runs; else once
 * @param atRate recipients of the run at the rate, and of its warm-up
 * @param flatOut recipients of the run at full speed
 * @param perSecond the rate
 * @param fullMailbox messages that wait for the slow reader
 * @param seconds of each part of the slow reader's figure
 * @param singles stores of the figure of one alone
 * @param seals of the figure of sealing
 * @param relay of messages between those who are connected
 */
public record Scale(
        int warmUp,
        int warmUps,
        int atRate,
        int flatOut,
        int perSecond,
        int fullMailbox,
        int seconds,
        int singles,
        int seals,
        RelayScale relay) {

    /** Messages for each recipient. */
    public static final int EACH = 100;

    /** 4 × 50,000 and 8,000 messages of warm-up, 8,000 at 1,000 a second, 60,000 flat out. */
    public static final Scale FULL = new Scale(500, 4, 80, 600, 1_000, 10_000, 15, 200, 300_000, RelayScale.FULL);

    /** So little that it shows only that it runs. */
    public static final Scale TINY = new Scale(4, 1, 2, 2, 500, 200, 1, 5, 100, RelayScale.TINY);

    public int boxes() {
        return warmUp + atRate + atRate + flatOut;
    }
}
