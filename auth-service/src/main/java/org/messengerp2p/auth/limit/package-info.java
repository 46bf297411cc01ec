/** How often a caller may do what costs or tells something (MP2P/1 §20, server duties). */
package org.messengerp2p.auth.limit;
