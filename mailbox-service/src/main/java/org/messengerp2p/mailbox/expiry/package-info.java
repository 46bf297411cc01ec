/** What has waited too long goes, and is counted for the device that it was for. */
package org.messengerp2p.mailbox.expiry;
