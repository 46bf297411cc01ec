/**
 * Kills the packaged service and its database under load, and judges from the history whether anything that was
 * acknowledged is lost, doubled, out of order, invented or altered. {@link org.messengerp2p.mailbox.crash.CrashRun}
 * makes a history, {@link org.messengerp2p.mailbox.crash.HistoryChecker} judges it.
 */
package org.messengerp2p.mailbox.crash;
