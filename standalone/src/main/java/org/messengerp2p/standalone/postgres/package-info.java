/**
 * PostgreSQL as a child of this application: unpacked, made, started, stopped, and recovered after a kill of either
 * process (docs/adr/0002).
 */
package org.messengerp2p.standalone.postgres;
