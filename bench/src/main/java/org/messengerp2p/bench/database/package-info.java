/** The one PostgreSQL under everything that is measured. */
package org.messengerp2p.bench.database;
