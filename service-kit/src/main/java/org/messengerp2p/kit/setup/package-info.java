/** The one-shot that makes the secrets of all containers before the first of them starts (docs/operations.md). */
package org.messengerp2p.kit.setup;
