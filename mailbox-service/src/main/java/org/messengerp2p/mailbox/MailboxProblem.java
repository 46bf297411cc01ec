package org.messengerp2p.mailbox;

import org.messengerp2p.kit.problem.ProblemType;

/** Refusals of this service (MP2P/1 §20). */
public enum MailboxProblem implements ProblemType {
    DELIVERY_TOKEN(401, "delivery-token"),
    LIST_VERSION(409, "list-version"),
    MANIFEST_VERSION(409, "manifest-version"),
    SEGMENT_UNREADABLE(404, "segment-unreadable"),
    QUOTA_FULL(507, "quota-full"),
    STORAGE_FULL(507, "storage-full");

    private final int status;
    private final String slug;

    MailboxProblem(int status, String slug) {
        this.status = status;
        this.slug = slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String slug() {
        return slug;
    }
}
