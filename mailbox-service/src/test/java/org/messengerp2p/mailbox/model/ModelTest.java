package org.messengerp2p.mailbox.model;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.mailbox.expiry.SweepNow;

/**
 * Random steps, one at a time: every answer is exactly the model's, with the order, the cursor's page, {@code drained},
 * {@code expired}, the states of a batch and the reason of a refusal. What differs is made shorter and told with its
 * seed; the system property {@code model.seed} draws it again.
 */
@QuarkusTest
@TestProfile(SmallMailboxes.class)
class ModelTest extends MailboxTest implements World {

    private static final int RUNS = 25;
    private static final int STEPS = 80;

    @Inject
    SweepNow expiry;

    @Test
    void everyAnswerIsTheModels() {
        long seed = Long.getLong("model.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        for (int run = 0; run < RUNS; run++) {
            List<Step> steps = Steps.draw(seed + run, STEPS);
            Optional<String> difference = difference(steps);
            if (difference.isPresent()) {
                List<Step> shorter = shortened(steps);
                throw new AssertionError("seed " + (seed + run) + ", "
                        + difference(shorter).orElseGet(difference::get) + ", after " + shorter);
            }
        }
    }

    @Override
    public void authKnows(AccountId account, long listVersion, List<DeviceId> devices) {
        authKnows(account, listVersion, devices.toArray(DeviceId[]::new));
    }

    @Override
    public Answer tell(AccountId account, long listVersion, List<DeviceId> devices) {
        List<Long> ids = devices.stream().map(DeviceId::value).toList();
        return putList(account, AuthDouble.SECRET, "{\"list_version\":" + listVersion + ",\"devices\":" + ids + "}");
    }

    @Override
    public void expire(Device device, int count) {
        update("""
                update envelope
                   set received_at = date_trunc('minute', now(), 'UTC') - interval '31 days'
                 where account = '%1$s' and device = %2$d
                   and position in (select position from envelope
                                     where account = '%1$s' and device = %2$d
                                     order by position limit %3$d)
                """.formatted(device.account().value(), device.device().value(), count));
        expiry.run();
    }

    private Optional<String> difference(List<Step> steps) {
        return new Run(api, this, SmallMailboxes.ENVELOPES, SmallMailboxes.BYTES).firstDifference(steps);
    }

    /** Drops each step without which the service still differs. */
    private List<Step> shortened(List<Step> steps) {
        List<Step> shorter = steps;
        for (int i = steps.size() - 1; i >= 0; i--) {
            List<Step> without = new ArrayList<>(shorter);
            without.remove(i);
            if (difference(without).isPresent()) {
                shorter = without;
            }
        }
        return shorter;
    }
}
