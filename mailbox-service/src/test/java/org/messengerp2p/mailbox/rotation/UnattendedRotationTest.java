package org.messengerp2p.mailbox.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.secret.KeysetRotation;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.Eventually;

/** What the service does by itself after the command, at times made short by settings. */
@QuarkusTest
@TestProfile(UnattendedRotationTest.Often.class)
class UnattendedRotationTest extends MailboxTest {

    /** Keysets are read every second, old seals looked for ten times as often. */
    public static class Often implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("mp2p.mailbox.keyset-reread", "PT1S", "mp2p.mailbox.archive.reseal-interval", "PT0.1S");
        }
    }

    @ConfigProperty(name = "mp2p.mailbox.keyset")
    Path envelopes;

    @Test
    void theServiceTakesTheNewKeyAndSealsArchivesAnewByIt() throws Exception {
        Device phone = newListedDevice();
        String path = "archive/" + phone.device().value() + "/1/0/0";
        api.put(path, MailboxApi.tokenOf(phone), "{\"segment\":\"AAAA\"}").is(204);
        KeysetRotation rotation = new KeysetRotation(
                envelopes.resolveSibling("archive.json"),
                Clock.offset(Clock.systemUTC(), KeysetRotation.SPREAD.plusMinutes(1)));

        rotation.add();
        rotation.promote();

        List<KeysetRotation.Key> keys = rotation.keys();
        String newest = HexFormat.of().formatHex(keys.get(keys.size() - 1).prefix());
        String sealedByIt = "select count(*)::text from archive_segment where account = '"
                + phone.account().value() + "' and substring(sealed from 1 for 5) = '\\x" + newest + "'";
        Eventually.isTrue("it is sealed anew", () -> number(sealedByIt) == 1);
        assertEquals(
                "AAAA",
                api.get(path, MailboxApi.tokenOf(phone))
                        .is(200)
                        .body()
                        .path("segment")
                        .asText());
    }
}
