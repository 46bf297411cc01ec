/** The end of an account: everything of it goes, in every service (MP2P/1 §20). */
package org.messengerp2p.auth.deletion;
