package org.messengerp2p.mailbox.archive;

import java.util.List;

/**
 * Answer to {@code GET /archive/{device_id}/{gen}/segments}: what is there, named by a manifest or not.
 *
 * @param next where the next page begins; null at the end
 */
record SegmentPage(List<Revision> segments, String next) {}
