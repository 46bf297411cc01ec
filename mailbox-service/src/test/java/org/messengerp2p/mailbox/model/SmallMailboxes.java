package org.messengerp2p.mailbox.model;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.mailbox.MailboxSettings;

/** Mailboxes that are soon full, no limit of rates, much patience, and auth-service asked each time. */
public class SmallMailboxes implements QuarkusTestProfile {

    static final int ENVELOPES = 8;
    static final long BYTES = 12_000;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        settings.put("mp2p.mailbox.quota.envelopes", Integer.toString(ENVELOPES));
        settings.put("mp2p.mailbox.quota.bytes", Long.toString(BYTES));
        settings.put("mp2p.mailbox.ask-again-after", "PT0S");
        // A machine that is busy otherwise is no reason for 503, which the model does not have.
        settings.put("mp2p.mailbox.database.patience", "PT20S");
        for (var setting : MailboxSettings.Limits.class.getMethods()) {
            if (setting.getReturnType() == Limit.class) {
                String name = setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                settings.put("mp2p.mailbox.limits." + name, "1000000/PT1S");
            }
        }
        return settings;
    }
}
