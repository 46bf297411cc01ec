package org.messengerp2p.auth;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** Limits and a queue that a test reaches, and keys that rotate within the life of a token. */
public class TightLimits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        settings.put("mp2p.auth.limits.passwords-by-name", "3/PT15M");
        settings.put("mp2p.auth.limits.names-by-hour", "4/PT1H");
        settings.put("mp2p.auth.limits.bundles-by-pair", "2/PT1H");
        settings.put("mp2p.auth.limits.bundles-by-requester", "5/P1D");
        settings.put("mp2p.auth.limits.lists-by-account", "3/P1D");
        settings.put("mp2p.auth.limits.prekeys-by-account", "2/P1D");
        settings.put("mp2p.auth.work.queue", "64");
        settings.put("mp2p.auth.token-keys.signs-for", "PT5M");
        settings.put("mp2p.auth.token-keys.published-ahead", "PT1M");
        settings.put("mp2p.auth.token-keys.published-after", "PT4M");
        settings.put("mp2p.auth.token-keys.check-every", "1s");
        return settings;
    }
}
