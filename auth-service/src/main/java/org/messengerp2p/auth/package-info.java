/** Accounts, devices and keys (MP2P/1 §2, §3, §9): who somebody is, and what the server may know of it. */
package org.messengerp2p.auth;
