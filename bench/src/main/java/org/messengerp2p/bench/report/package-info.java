/** Raw results in a file, and the table that is made of them. */
package org.messengerp2p.bench.report;
