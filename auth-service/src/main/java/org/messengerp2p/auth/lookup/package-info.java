/** What one user may look up of another: whose a name is, and an account's device lists (MP2P/1 §2). */
package org.messengerp2p.auth.lookup;
