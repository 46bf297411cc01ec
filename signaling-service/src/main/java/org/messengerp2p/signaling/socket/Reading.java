package org.messengerp2p.signaling.socket;

import io.netty.channel.Channel;

/** Whether a peer is read from: not while anybody holds it back. On the event loop alone. */
final class Reading {

    private final Channel channel;
    private int holders;

    Reading(Channel channel) {
        this.channel = channel;
    }

    void hold() {
        holders++;
        if (holders == 1) {
            channel.config().setAutoRead(false);
        }
    }

    void letGo() {
        holders--;
        if (holders == 0) {
            channel.config().setAutoRead(true);
        }
    }
}
