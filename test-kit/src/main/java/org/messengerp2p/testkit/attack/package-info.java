/** Tokens that no service may take, each with a name. */
package org.messengerp2p.testkit.attack;
