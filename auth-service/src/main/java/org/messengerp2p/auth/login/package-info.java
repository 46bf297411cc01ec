/** Signing in: by password towards a new device, by device key towards tokens (MP2P/1 §9). */
package org.messengerp2p.auth.login;
