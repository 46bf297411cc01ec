/** A real database, published keys and tokens for the tests of every service. */
package org.messengerp2p.testkit;
