/** How often a caller may do what costs or tells something. */
package org.messengerp2p.auth.limit;
