/** Who reaches what: the calls of a service's OpenAPI document by everybody who may come. */
package org.messengerp2p.testkit.access;
