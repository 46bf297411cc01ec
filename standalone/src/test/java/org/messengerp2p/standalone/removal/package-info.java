/** What is left, in every service, of accounts and devices that are gone. */
package org.messengerp2p.standalone.removal;
