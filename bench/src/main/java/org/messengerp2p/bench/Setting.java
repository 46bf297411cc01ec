package org.messengerp2p.bench;

import java.nio.file.Path;
import org.messengerp2p.bench.database.BenchPostgres;
import org.messengerp2p.bench.load.Scale;

/**
 * Where something is measured.
 *
 * @param directory for what the run leaves: logs, secrets
 */
record Setting(BenchPostgres postgres, Path directory, Builds builds, Scale scale) {}
