/** The directory that holds everything this process keeps, and the secrets in it. */
package org.messengerp2p.standalone.data;
