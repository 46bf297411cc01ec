package org.messengerp2p.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.messengerp2p.bench.figure.SealingCost;
import org.messengerp2p.bench.figure.SingleStore;
import org.messengerp2p.bench.figure.SlowReader;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Scale;
import org.messengerp2p.bench.product.MailboxService;
import org.messengerp2p.bench.product.Way;

/** What is measured beside the runs of whole systems. */
enum Figure {
    SINGLE_STORE("single store") {
        @Override
        Map<String, Double> measure(Setting setting, Scale scale) throws Exception {
            try (MailboxService service = service(setting);
                    Generator generator = new Generator()) {
                return new SingleStore(setting.postgres(), service, generator).measure(scale);
            }
        }
    },
    SLOW_READER("slow reader") {
        @Override
        Map<String, Double> measure(Setting setting, Scale scale) throws Exception {
            try (MailboxService service = service(setting);
                    Generator generator = new Generator()) {
                return new SlowReader(service, generator).measure(scale);
            }
        }
    },
    SEALING("sealing") {
        @Override
        Map<String, Double> measure(Setting setting, Scale scale) throws Exception {
            return new SealingCost(setting.directory()).measure(scale.seals());
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

    abstract Map<String, Double> measure(Setting setting, Scale scale) throws Exception;

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    private static MailboxService service(Setting setting) throws InterruptedException {
        return MailboxService.start(setting.postgres(), setting.directory(), setting.application(), WAY);
    }
}
