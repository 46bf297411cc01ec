/** Tokens: the keys that sign them, their issue, and who may still use one (docs/adr/0001). */
package org.messengerp2p.auth.token;
