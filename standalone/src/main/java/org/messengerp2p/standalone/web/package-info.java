/** The page's release files over HTTP, with the headers that web-ui's nginx and the gateway set elsewhere. */
package org.messengerp2p.standalone.web;
