/** Accounts and their names. */
package org.messengerp2p.auth.account;
