package org.messengerp2p.signaling.relay;

/**
 * Frames of one connection that wait for the answer of another replica, bounded so that a slow bus cannot fill the
 * memory; used on the connection's event loop alone.
 */
final class FramesElsewhere {

    private final int mostFrames;
    private final long mostBytes;
    private int frames;
    private long bytes;

    FramesElsewhere(int mostFrames, long mostBytes) {
        this.mostFrames = mostFrames;
        this.mostBytes = mostBytes;
    }

    boolean take(int length) {
        if (frames == mostFrames || bytes + length > mostBytes) {
            return false;
        }
        frames++;
        bytes += length;
        return true;
    }

    void giveBack(int length) {
        frames--;
        bytes -= length;
    }
}
