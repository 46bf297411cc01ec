/** What every answer of a service has in common. */
package org.messengerp2p.kit.http;
