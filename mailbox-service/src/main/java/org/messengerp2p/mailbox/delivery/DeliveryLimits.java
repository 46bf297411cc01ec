package org.messengerp2p.mailbox.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxSettings;

/** How often one may deliver. */
@ApplicationScoped
public class DeliveryLimits {

    private final TokenBuckets<AccountId> byRecipient;
    private final TokenBuckets<AccountId> bySender;

    DeliveryLimits(MailboxSettings settings) {
        MailboxSettings.Limits limits = settings.limits();
        this.byRecipient = new TokenBuckets<>(limits.deliver(), limits.memory());
        this.bySender = new TokenBuckets<>(limits.messages(), limits.memory());
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    void takeDeliver(AccountId recipient) {
        take(byRecipient, recipient);
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    void takeMessages(AccountId sender) {
        take(bySender, sender);
    }

    private static void take(TokenBuckets<AccountId> buckets, AccountId account) {
        buckets.take(account).ifPresent(wait -> {
            throw ProblemException.retryAfter(
                    CommonProblem.RATE_LIMITED, "Too many requests; wait before the next.", wait);
        });
    }
}
