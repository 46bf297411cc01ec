/** A service's OpenAPI document: how it is completed, compared with what is checked in, and held to answers. */
package org.messengerp2p.testkit.openapi;
