/** Requests that break one rule of a service's OpenAPI document or of HTTP each, and what must come of them. */
package org.messengerp2p.testkit.fuzz;
