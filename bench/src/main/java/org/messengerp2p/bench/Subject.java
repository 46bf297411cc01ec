package org.messengerp2p.bench;

import java.util.Arrays;
import java.util.Locale;
import org.messengerp2p.bench.ejabberd.Ejabberd;
import org.messengerp2p.bench.floor.Floor;
import org.messengerp2p.bench.load.Candidate;
import org.messengerp2p.bench.product.MailboxService;
import org.messengerp2p.bench.product.Way;

/** What is measured, by the names under which the results stand. */
enum Subject {
    FLOOR("floor", setting -> Floor.start(setting.postgres(), setting.directory(), 0)),
    FLOOR_LINGER("floor, linger 20 ms", setting -> Floor.start(setting.postgres(), setting.directory(), 20)),
    DELIVER("deliver", new Way(false, 20, false)),
    DELIVER_320("deliver, 320 under way", new Way(false, 320, false)),
    MESSAGES("messages", new Way(true, 320, false)),
    DELIVER_TLS("deliver, TLS", new Way(false, 20, true)),
    EJABBERD("ejabberd", setting -> Ejabberd.start(setting.postgres(), setting.directory(), true)),
    EJABBERD_SLEEPS(
            "ejabberd, no busy wait", setting -> Ejabberd.start(setting.postgres(), setting.directory(), false));

    private final String title;
    private final Start start;

    Subject(String title, Start start) {
        this.title = title;
        this.start = start;
    }

    Subject(String title, Way way) {
        this(
                title,
                setting -> MailboxService.start(setting.postgres(), setting.directory(), setting.application(), way));
    }

    /** In lower case with hyphens, as on the command line. */
    static Subject named(String name) {
        return Arrays.stream(values())
                .filter(subject -> subject.option().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no system " + name + "; there are "
                        + Arrays.stream(values()).map(Subject::option).toList()));
    }

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    /** The peer is not of this product, and not on every machine. */
    boolean isInstalled() {
        return this != EJABBERD && this != EJABBERD_SLEEPS || Ejabberd.isInstalled();
    }

    Candidate start(Setting setting) throws Exception {
        return start.start(setting);
    }

    /** Starts it. */
    private interface Start {
        Candidate start(Setting setting) throws Exception;
    }
}
