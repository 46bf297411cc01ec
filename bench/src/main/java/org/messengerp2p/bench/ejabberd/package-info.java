/** The peer: ejabberd with its offline store in PostgreSQL, in its smallest useful configuration. */
package org.messengerp2p.bench.ejabberd;
