package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;
import org.messengerp2p.standalone.postgres.ServiceDatabases;
import org.messengerp2p.testkit.FreePort;

/** A service that is told what could not work says so in a sentence, shows no secret, and ends. */
@Timeout(120)
class RefusedSettingsIT {

    private static final String SECRET = "a secret that two services share, and long enough";
    private static final String SECRET_ITSELF = "bm90IGEgcGF0aCBidXQgdGhlIHNlY3JldCBpdHNlbGY";
    private static final String RIGHT = "; it is the path of a file with one line of ASCII, at least 32 characters.";

    @TempDir
    static Path data;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static Map<String, String> databases;

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeAll
    static void start() {
        directory = DataDirectory.open(data.resolve("data"));
        postgres = EmbeddedPostgres.start(directory);
        databases = ServiceDatabases.provide(postgres, directory.secrets());
    }

    @AfterAll
    static void stop() {
        postgres.close();
        directory.close();
    }

    @BeforeEach
    void setRight() throws Exception {
        settings.put("mp2p.internal.secret-file", file(SECRET + '\n'));
        settings.put("mp2p.tokens.jwks-url", "http://127.0.0.1:" + FreePort.find());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth", "mailbox", "signaling"})
    void ofTheSecretOfTheirCallsEachTellsWhatIsWrong(String name) throws Exception {
        settings.put("mp2p.internal.secret-file", file("guessable\n"));

        refuses(name, "mp2p.internal.secret-file names a file whose secret is too short" + RIGHT);
    }

    /** The last of them is the secret itself, where its path belongs. */
    @ParameterizedTest
    @CsvSource({"'', is not set", ".., names a directory", SECRET_ITSELF + ", names a file that is not there"})
    void tellsThatThereIsNone(String given, String what) throws Exception {
        settings.put("mp2p.internal.secret-file", given);

        refuses("signaling", "mp2p.internal.secret-file " + what + RIGHT);
    }

    @Test
    void tellsAllThatIsWrongOfTheServersForADirectPath() throws Exception {
        settings.put("mp2p.signaling.ice.stun-uris", "stun:chat.example.org:0");
        settings.put("mp2p.signaling.ice.turn-uris", "turn:user:hidden@chat.example.org");
        settings.put("mp2p.signaling.ice.turn-secret-file", file("\n"));

        refuses(
                "signaling",
                "mp2p.signaling.ice.stun-uris has stun:chat.example.org:0; each is of the form stun:host:port or"
                        + " stuns:host:port."
                        + " mp2p.signaling.ice.turn-uris has a URI with a user in it; each is of the form"
                        + " turn:host:port?transport=udp, or turns: and tcp."
                        + " mp2p.signaling.ice.turn-secret-file names a file with nothing in it; it is the path of a"
                        + " file with one line of ASCII.");
    }

    private void refuses(String name, String sentence) throws Exception {
        databases.forEach((key, value) -> {
            if (key.startsWith("quarkus.datasource." + name + ".")) {
                settings.put(key, value);
            }
        });
        settings.put("mp2p.internal.port", "0");
        settings.put("mp2p.auth.secrets.directory", folder.resolve("auth").toString());
        settings.put("mp2p.mailbox.keyset", folder.resolve("envelopes.json").toString());
        // What a service logs before is not of interest.
        settings.put("quarkus.banner.enabled", "false");
        settings.put("quarkus.log.level", "WARN");

        try (ServiceProcess service = ServiceProcess.start(name + "-service", FreePort.find(), settings, folder)) {
            assertNotEquals(0, service.exitStatus(), service.log());
            assertEquals(List.of(sentence), service.log().lines().toList());
        }
    }

    private String file(String content) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "secret", null), content)
                .toString();
    }
}
