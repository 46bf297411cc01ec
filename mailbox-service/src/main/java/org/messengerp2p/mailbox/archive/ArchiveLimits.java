package org.messengerp2p.mailbox.archive;

import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxSettings;

/** How often one account may use its archive; both methods throw rate-limited, with the time to wait. */
@ApplicationScoped
public class ArchiveLimits {

    private final TokenBuckets<AccountId> writes;
    private final TokenBuckets<AccountId> reads;

    ArchiveLimits(ArchiveSettings settings, MailboxSettings mailbox) {
        this.writes =
                new TokenBuckets<>(settings.limits().write(), mailbox.limits().memory());
        this.reads =
                new TokenBuckets<>(settings.limits().read(), mailbox.limits().memory());
    }

    void takeWrite(AccountId account) {
        take(writes, account);
    }

    void takeRead(AccountId account) {
        take(reads, account);
    }

    private static void take(TokenBuckets<AccountId> buckets, AccountId account) {
        buckets.take(account).ifPresent(wait -> {
            throw ProblemException.retryAfter(
                    CommonProblem.RATE_LIMITED, "Too many requests to the archive; wait before the next.", wait);
        });
    }
}
