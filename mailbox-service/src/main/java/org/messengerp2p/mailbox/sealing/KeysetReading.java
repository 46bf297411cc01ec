package org.messengerp2p.mailbox.sealing;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.messengerp2p.mailbox.MailboxSettings;

/** Reads the keysets' files again and again, off the event loops. */
@ApplicationScoped
public class KeysetReading {

    private final Vertx vertx;
    private final MailboxSettings settings;
    private final EnvelopeSeal envelopes;
    private final ArchiveSeal archive;
    private long timer;

    KeysetReading(Vertx vertx, MailboxSettings settings, EnvelopeSeal envelopes, ArchiveSeal archive) {
        this.vertx = vertx;
        this.settings = settings;
        this.envelopes = envelopes;
        this.archive = archive;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(
                settings.keysetReread().toMillis(),
                tick -> vertx.executeBlocking(() -> {
                    readAgain();
                    return null;
                }));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Blocks. */
    public void readAgain() {
        envelopes.keyset().readAgain();
        archive.keyset().readAgain();
    }
}
