package org.messengerp2p.mailbox.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * How often one may deliver. Who delivers by a token is unknown, so the token is counted for the account that it opens,
 * right or wrong: strangers that guess use up other buckets than the account's contacts. What they cost together is
 * bounded by where they come from, and a wrong token costs more there than a right one.
 */
@ApplicationScoped
public class DeliveryLimits {

    private final TokenBuckets<ShownToken> byToken;
    private final TokenBuckets<AddressPrefix> byAddress;
    private final TokenBuckets<AccountId> bySender;
    private final int moreForAWrongToken;

    DeliveryLimits(MailboxSettings settings) {
        MailboxSettings.Limits limits = settings.limits();
        this.byToken = new TokenBuckets<>(limits.deliver(), limits.memory());
        this.byAddress = new TokenBuckets<>(limits.deliverByAddress(), limits.memory());
        this.bySender = new TokenBuckets<>(limits.messages(), limits.memory());
        this.moreForAWrongToken = limits.wrongTokenCost() - 1;
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    void takeDeliver(AddressPrefix from, AccountId recipient, DeliveryTokenHash token) {
        refuse(byAddress.take(from));
        refuse(byToken.take(ShownToken.of(recipient, token)));
    }

    /** The token of a delivery that was let in was wrong. */
    void tokenWasWrong(AddressPrefix from) {
        byAddress.spend(from, moreForAWrongToken);
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    void takeMessages(AccountId sender) {
        refuse(bySender.take(sender));
    }

    private static void refuse(Optional<Duration> wait) {
        wait.ifPresent(longEnough -> {
            throw ProblemException.retryAfter(
                    CommonProblem.RATE_LIMITED, "Too many requests; wait before the next.", longEnough);
        });
    }

    /** @param token first bytes of its hash: whoever could aim at another token's bucket would have to know that token */
    private record ShownToken(AccountId recipient, long token) {

        static ShownToken of(AccountId recipient, DeliveryTokenHash token) {
            return new ShownToken(recipient, ByteBuffer.wrap(token.bytes()).getLong());
        }
    }
}
