package org.messengerp2p.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.messengerp2p.bench.figure.SealingCost;
import org.messengerp2p.bench.figure.SingleStore;
import org.messengerp2p.bench.figure.SlowReader;
import org.messengerp2p.bench.gateway.Gateway;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.RelayScale;
import org.messengerp2p.bench.product.MailboxService;
import org.messengerp2p.bench.product.SignalingService;
import org.messengerp2p.bench.product.Way;
import org.messengerp2p.bench.relay.BesideHostile;
import org.messengerp2p.bench.relay.Reconnect;
import org.messengerp2p.bench.relay.RelayServer;

/** What is measured beside the runs of whole systems. */
enum Figure {
    SINGLE_STORE("single store") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            try (MailboxService service = service(setting);
                    Generator generator = new Generator()) {
                return new SingleStore(setting.postgres(), service, generator).measure(setting.scale());
            }
        }
    },
    SLOW_READER("slow reader") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            try (MailboxService service = service(setting);
                    Generator generator = new Generator()) {
                return new SlowReader(service, generator).measure(setting.scale());
            }
        }
    },
    SEALING("sealing") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            return new SealingCost(setting.directory()).measure(setting.scale().seals());
        }
    },
    RECONNECT("reconnect") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            return reconnect(
                    setting,
                    each -> Subject.signaling(each, false),
                    setting.scale().relay().back());
        }
    },
    RECONNECT_TLS("TLS reconnect") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            return reconnect(
                    setting,
                    Subject.behindGateway(each -> Subject.signaling(each, false)),
                    setting.scale().relay().backBehindGateway());
        }

        @Override
        boolean isInstalled() {
            return Gateway.isInstalled();
        }
    },
    HOSTILE("hostile") {
        @Override
        Map<String, Double> measure(Setting setting) throws Exception {
            RelayScale scale = setting.scale().relay();
            try (SignalingService service = SignalingService.startAsShipped(
                            setting.directory(), setting.builds().signaling());
                    Generator generator = new Generator()) {
                service.prepare(scale.connections() + scale.hostile());
                return new BesideHostile(
                                generator,
                                service,
                                scale,
                                () -> service.hostile(setting.directory(), scale.connections(), scale.hostile()),
                                service::sockets,
                                service::paced)
                        .measure();
            }
        }
    };

    private static final Way WAY = new Way(false, 20, false);

    private final String title;

    Figure(String title) {
        this.title = title;
    }

    static Figure named(String name) {
        return Arrays.stream(values())
                .filter(figure -> figure.option().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no figure " + name + "; there are "
                        + Arrays.stream(values()).map(Figure::option).toList()));
    }

    abstract Map<String, Double> measure(Setting setting) throws Exception;

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    /** Whether this machine has what is needed for it. */
    boolean isInstalled() {
        return true;
    }

    private static Map<String, Double> reconnect(Setting setting, Subject.Start<RelayServer> start, int count)
            throws Exception {
        try (RelayServer server = start.start(setting);
                Generator generator = new Generator()) {
            return new Reconnect(generator, server).measure(count);
        }
    }

    private static MailboxService service(Setting setting) throws InterruptedException {
        return MailboxService.start(
                setting.postgres(), setting.directory(), setting.builds().mailbox(), WAY);
    }
}
