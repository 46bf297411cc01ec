package org.messengerp2p.mailbox.archive;

import io.vertx.mutiny.sqlclient.SqlConnection;
import org.messengerp2p.kit.identity.AccountId;

/**
 * An account's archive within the transaction that holds it: nobody else changes it before the commit.
 *
 * @param segments how many there are
 * @param manifests how many there are
 * @param bytes of both
 */
record HeldArchive(SqlConnection transaction, AccountId account, int segments, int manifests, long bytes) {}
