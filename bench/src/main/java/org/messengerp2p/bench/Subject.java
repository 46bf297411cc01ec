package org.messengerp2p.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.messengerp2p.bench.ejabberd.Ejabberd;
import org.messengerp2p.bench.ejabberd.EjabberdRelay;
import org.messengerp2p.bench.ejabberd.Form;
import org.messengerp2p.bench.floor.Floor;
import org.messengerp2p.bench.gateway.BehindGateway;
import org.messengerp2p.bench.gateway.Gateway;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.MailboxRun;
import org.messengerp2p.bench.product.MailboxService;
import org.messengerp2p.bench.product.SignalingService;
import org.messengerp2p.bench.product.Way;
import org.messengerp2p.bench.relay.RelayRun;
import org.messengerp2p.bench.relay.RelayServer;
import org.messengerp2p.bench.relayfloor.RelayFloor;

/** What is measured, by the names under which the results stand. */
enum Subject {
    FLOOR("floor", Half.MAILBOX, mailbox(setting -> Floor.start(setting.postgres(), setting.directory(), 0))),
    FLOOR_LINGER(
            "floor, linger 20 ms",
            Half.MAILBOX,
            mailbox(setting -> Floor.start(setting.postgres(), setting.directory(), 20))),
    DELIVER("deliver", Half.MAILBOX, mailbox(new Way(false, 20, false))),
    DELIVER_320("deliver, 320 under way", Half.MAILBOX, mailbox(new Way(false, 320, false))),
    MESSAGES("messages", Half.MAILBOX, mailbox(new Way(true, 320, false))),
    DELIVER_TLS("deliver, TLS", Half.MAILBOX, mailbox(new Way(false, 20, true))),
    EJABBERD("ejabberd", Half.MAILBOX, mailbox(ejabberd(new Form(true, false))), Ejabberd::isInstalled),
    EJABBERD_SLEEPS(
            "ejabberd, no busy wait", Half.MAILBOX, mailbox(ejabberd(new Form(false, false))), Ejabberd::isInstalled),

    RELAY_FLOOR("relay floor", Half.ONLINE, relay(Subject::relayFloor)),
    RELAY_FLOOR_ONE_LOOP("relay floor, one event loop", Half.ONLINE, relay(setting -> relayFloor(setting, 1))),
    RELAY_BARE("relay floor, bare Vert.x", Half.ONLINE, relay(setting -> RelayFloor.startBare(setting.directory()))),
    RELAY("relay", Half.ONLINE, relay(setting -> signaling(setting, false))),
    RELAY_TAKEN("relay, TAKEN", Half.ONLINE, relay(setting -> signaling(setting, true))),
    RELAY_EJABBERD("relay ejabberd", Half.ONLINE, relayEjabberd(new Form(true, false)), Ejabberd::isInstalled),
    RELAY_EJABBERD_SLEEPS(
            "relay ejabberd, no busy wait", Half.ONLINE, relayEjabberd(new Form(false, false)), Ejabberd::isInstalled),
    TLS_FLOOR("TLS relay floor", Half.ONLINE, relay(behindGateway(Subject::relayFloor)), Gateway::isInstalled),
    TLS_RELAY(
            "TLS relay", Half.ONLINE, relay(behindGateway(setting -> signaling(setting, false))), Gateway::isInstalled),
    TLS_EJABBERD("TLS relay ejabberd", Half.ONLINE, relayEjabberd(new Form(true, true)), Ejabberd::isInstalled);

    private final String title;
    private final Half half;
    private final Measurement measurement;
    private final BooleanSupplier installed;

    Subject(String title, Half half, Measurement measurement) {
        this(title, half, measurement, () -> true);
    }

    /** @param installed what is not of this product is not on every machine */
    Subject(String title, Half half, Measurement measurement, BooleanSupplier installed) {
        this.title = title;
        this.half = half;
        this.measurement = measurement;
        this.installed = installed;
    }

    /** In lower case with hyphens, as on the command line; {@code mailbox} and {@code online} are all of one half. */
    static Stream<Subject> named(String name) {
        List<Subject> found = Arrays.stream(values())
                .filter(subject -> subject.option().equals(name)
                        || subject.half.name().toLowerCase(Locale.ROOT).equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no system " + name + "; there are mailbox, online and "
                    + Arrays.stream(values()).map(Subject::option).toList());
        }
        return found.stream();
    }

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    boolean isInstalled() {
        return installed.getAsBoolean();
    }

    /** @return figures by name */
    Map<String, Double> measure(Setting setting) throws Exception {
        return measurement.in(setting);
    }

    static RelayServer signaling(Setting setting, boolean acknowledges) throws InterruptedException {
        return SignalingService.start(setting.directory(), setting.builds().signaling(), acknowledges);
    }

    static Start<RelayServer> behindGateway(Start<RelayServer> server) {
        return setting -> BehindGateway.start(setting.builds().deploy(), setting.directory(), server.start(setting));
    }

    private static RelayServer relayFloor(Setting setting) throws InterruptedException {
        return RelayFloor.start(setting.directory(), setting.builds().relayFloor(), Map.of());
    }

    private static RelayServer relayFloor(Setting setting, int eventLoops) throws InterruptedException {
        return RelayFloor.start(
                setting.directory(),
                setting.builds().relayFloor(),
                Map.of("quarkus.vertx.event-loops-pool-size", String.valueOf(eventLoops)));
    }

    private static Start<Candidate> ejabberd(Form form) {
        return setting -> Ejabberd.start(setting.postgres(), setting.directory(), form);
    }

    private static Measurement relayEjabberd(Form form) {
        return relay(setting -> new EjabberdRelay(Ejabberd.start(setting.postgres(), setting.directory(), form)));
    }

    private static Measurement mailbox(Way way) {
        return mailbox(setting -> MailboxService.start(
                setting.postgres(), setting.directory(), setting.builds().mailbox(), way));
    }

    private static Measurement mailbox(Start<Candidate> start) {
        return setting -> {
            try (Candidate candidate = start.start(setting);
                    Generator generator = new Generator()) {
                return new MailboxRun(generator, candidate, setting.postgres().pid(), setting.scale()).run();
            }
        };
    }

    private static Measurement relay(Start<RelayServer> start) {
        return setting -> {
            try (RelayServer server = start.start(setting);
                    Generator generator = new Generator()) {
                return new RelayRun(generator, server, setting.scale().relay()).run();
            }
        };
    }

    /** What the servers are used for: messages that wait, or messages between those who are connected. */
    private enum Half {
        MAILBOX,
        ONLINE
    }

    /** Starts it. */
    interface Start<T> {
        T start(Setting setting) throws Exception;
    }

    private interface Measurement {
        Map<String, Double> in(Setting setting) throws Exception;
    }
}
