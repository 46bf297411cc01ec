/** Secrets that lie in files of their own, never in the database they protect. */
package org.messengerp2p.auth.secret;
