/** Secrets that lie in files of their own, never in the database they protect (MP2P/1 §13). */
package org.messengerp2p.auth.secret;
