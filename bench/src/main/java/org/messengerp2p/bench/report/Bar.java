package org.messengerp2p.bench.report;

import static org.messengerp2p.bench.relay.Reconnect.HANDSHAKES;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a figure may be at most, as a ratio to another of the same run.
 *
 * @param than what it is compared with
 * @param found the ratio; empty where one of the two was not measured
 */
record Bar(String what, String than, double most, Function<Figures, Optional<Double>> found) {

    static final String FLOOR = "floor";
    static final String PEER = "ejabberd";
    static final String RELAY_FLOOR = "relay floor";
    static final String RELAY_PEER = "relay ejabberd";

    /** How the names of systems begin that are reached by TLS. */
    static final String TLS = "TLS ";

    private static final List<String> JUDGED = List.of("deliver", "messages");

    /** What is flat out is compared where as much is under way as at the floor and the peer. */
    private static final List<String> JUDGED_FLAT_OUT = List.of("deliver, 320 under way", "messages");

    static List<Bar> all() {
        List<Bar> bars = new ArrayList<>();
        for (String system : JUDGED) {
            bars.add(toPeer("store at 1,000/s", system, "rate_us", 0.25));
            bars.add(toFloor("collect and acknowledge", system, "drain_us", 2));
            bars.add(toPeer("collect and acknowledge", system, "drain_us", 0.3));
        }
        for (String system : JUDGED_FLAT_OUT) {
            bars.add(toFloor("store flat out", system, "full_us", 2.5));
            bars.add(toPeer("store flat out", system, "full_us", 0.15));
        }
        online(bars, "", 0.2, 0.25, 0.6);
        // behind the gateway against ejabberd whose TLS ends in itself: the gateway's own cost is in ours alone
        online(bars, TLS, 0.5, 0.85, 1);
        bars.add(new Bar(
                "memory of the gateway, an idle socket",
                "1 KiB",
                20,
                figures -> median(figures, TLS + "relay", "idle_gateway_kib")));
        bars.add(all("10,000 sockets", "reconnect"));
        bars.add(all("4,000 sockets at the gateway (" + HANDSHAKES + " handshakes at a time)", TLS + "reconnect"));
        bars.add(new Bar(
                "one store alone, p50",
                "plain INSERT",
                1.5,
                figures -> median(figures, "single store", "single_ratio")));
        bars.add(new Bar(
                "a page beside a slow reader, p99",
                "without it",
                2,
                figures -> median(figures, "slow reader", "slow_ratio")));
        bars.add(new Bar(
                "a message beside a hostile client, p99",
                "without it",
                2,
                figures -> median(figures, "hostile", "hostile_ratio")));
        return bars;
    }

    /** @param front empty, or {@link #TLS} */
    private static void online(List<Bar> bars, String front, double relay, double idle, double open) {
        String system = front + "relay";
        bars.add(toRelayFloor("CPU of a message", front, "relay_us", 1.3));
        if (front.isEmpty()) {
            bars.add(toSystem("CPU of a message", system, "relay floor, one event loop", "relay_us", 1.3));
        }
        bars.add(toRelayPeer("CPU of a message", front, system, "relay_us", relay));
        if (front.isEmpty()) {
            bars.add(toRelayPeer("CPU of a message", front, system + ", TAKEN", "relay_us", relay));
        }
        bars.add(toRelayFloor("p99", front, "relay_p99_ms", 2));
        bars.add(toRelayFloor("memory, an idle connection", front, "idle_kib", 1.3));
        bars.add(toRelayPeer("memory, an idle connection", front, system, "idle_kib", idle));
        bars.add(toRelayFloor("CPU to connect", front, "connect_us", 1.5));
        bars.add(toRelayPeer("CPU to connect", front, system, "connect_us", open));
    }

    private static Bar toRelayFloor(String what, String front, String figure, double most) {
        String system = front + "relay";
        return toSystem(what, system, front + RELAY_FLOOR, figure, most);
    }

    private static Bar toSystem(String what, String system, String other, String figure, double most) {
        return new Bar(what + ", " + system, other, most, figures -> figures.ratio(system, Optional.of(other), figure));
    }

    private static Bar toRelayPeer(String what, String front, String system, String figure, double most) {
        String peer = front + RELAY_PEER;
        return new Bar(
                what + ", " + system,
                peer,
                most,
                figures -> figures.ratio(system, figures.better(peer, figure), figure));
    }

    private static Bar all(String what, String system) {
        return new Bar(what + " cut at once, all back", "1 s", 60, figures -> median(figures, system, "back_all_s"));
    }

    boolean met(double ratio) {
        return ratio <= most;
    }

    private static Bar toFloor(String what, String system, String figure, double most) {
        return new Bar(what + ", " + system, FLOOR, most, figures -> figures.ratio(system, Optional.of(FLOOR), figure));
    }

    /** The peer in its better form. */
    private static Bar toPeer(String what, String system, String figure, double most) {
        return new Bar(
                what + ", " + system,
                PEER,
                most,
                figures -> figures.ratio(system, figures.better(PEER, figure), figure));
    }

    private static Optional<Double> median(Figures figures, String system, String figure) {
        return figures.of(system, figure).map(Summary::median);
    }
}
