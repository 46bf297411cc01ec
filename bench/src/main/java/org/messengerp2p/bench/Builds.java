package org.messengerp2p.bench;

import java.nio.file.Path;

/**
 * What is measured of this product: by default what a checkout has built, or other builds.
 *
 * @param checkout a working copy, whose floor is packaged and whose gateway's files are taken
 * @param mailbox {@code quarkus-app} directory of mailbox-service
 * @param signaling {@code quarkus-app} directory of signaling-service
 */
record Builds(Path checkout, Path mailbox, Path signaling) {

    private static final String PACKAGED = "target/quarkus-app";

    static Builds of(Path checkout) {
        return new Builds(checkout, packaged(checkout, "mailbox-service"), packaged(checkout, "signaling-service"));
    }

    Builds withMailbox(Path application) {
        return new Builds(checkout, application, signaling);
    }

    Builds withSignaling(Path application) {
        return new Builds(checkout, mailbox, application);
    }

    Path relayFloor() {
        return packaged(checkout, "bench/relay-floor");
    }

    Path deploy() {
        return checkout.resolve("deploy");
    }

    private static Path packaged(Path checkout, String module) {
        return checkout.resolve(module).resolve(PACKAGED);
    }
}
