package org.messengerp2p.standalone.launch;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.messengerp2p.standalone.CannotStart;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;

/**
 * The order in which this process ends, whether by a signal, a failed start or a lost database: first the services,
 * then the database, then the hold on the data directory.
 */
final class Lifetime {

    private static final long SERVICES_END_SECONDS = 20;

    private final DataDirectory directory;
    private final CountDownLatch servicesEnded = new CountDownLatch(1);
    private volatile boolean servicesStarted;
    private volatile boolean ending;
    private volatile int exitStatus;
    private EmbeddedPostgres postgres;

    Lifetime(DataDirectory directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
    }

    /** A signal that comes in the meantime waits, so that no half-started server is left. */
    synchronized EmbeddedPostgres start(Supplier<EmbeddedPostgres> server) {
        postgres = server.get();
        postgres.onEnd(this::databaseEnded);
        servicesStarted = true;
        return postgres;
    }

    void servicesEnded(int status, Throwable failure) {
        if (failure != null) {
            System.err.println("messenger: " + StartFailure.sentence(failure));
        }
        exitStatus = failure != null ? 1 : status;
        servicesEnded.countDown();
    }

    int exitStatus() {
        return exitStatus;
    }

    private synchronized void databaseEnded() {
        if (ending) {
            return;
        }
        Logger log = Logger.getLogger(Lifetime.class);
        try {
            log.warn("PostgreSQL ended without being told to and is started again");
            postgres.restart();
            postgres.onEnd(this::databaseEnded);
        } catch (CannotStart reason) {
            log.error(reason.getMessage());
            exitStatus = 1;
            Quarkus.asyncExit(1);
        }
    }

    private void end() {
        ending = true;
        if (servicesStarted) {
            awaitServices();
        }
        synchronized (this) {
            if (postgres != null) {
                postgres.close();
            }
        }
        directory.close();
    }

    private void awaitServices() {
        try {
            servicesEnded.await(SERVICES_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
