package org.messengerp2p.bench;

import java.nio.file.Path;
import org.messengerp2p.bench.database.BenchPostgres;

/**
 * Where something is measured.
 *
 * @param directory for what the run leaves: logs, secrets
 * @param application the packaged mailbox-service
 */
record Setting(BenchPostgres postgres, Path directory, Path application) {}
