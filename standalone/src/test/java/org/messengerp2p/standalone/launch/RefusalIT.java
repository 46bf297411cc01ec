package org.messengerp2p.standalone.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;

/** What prevents a start is told in one sentence, and nothing is begun. */
class RefusalIT extends PackagedTest {

    @Test
    void saysWhoHasTheData() throws Exception {
        try (DataDirectory held = DataDirectory.open(data)) {
            refuses("messenger: The data directory " + held + " is in use by process "
                    + ProcessHandle.current().pid() + "; .*");
        }
    }

    @Test
    void saysThatAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("MESSENGER_PORT", Integer.toString(taken.getLocalPort()));

            refuses("messenger: Port " + taken.getLocalPort() + " on 127.0.0.1 cannot be used \\(.*\\); set .*");
            assertFalse(Files.exists(data), "nothing was begun");
        }
    }

    @Test
    void saysThatASettingIsWrong() throws Exception {
        settings.put("MP2P_MAILBOX_TTL_DAYS", "0");

        refuses("messenger: A setting is wrong: .*");
    }

    /** One that a service of it looks at by itself. */
    @Test
    void saysThatASettingOfTheSocketsIsWrong() throws Exception {
        settings.put("MP2P_SIGNALING_LIMITS_FRAMES_PER_SECOND", "0");

        refuses(
                "messenger: A setting is wrong: mp2p.signaling.limits.frames-per-second is 0; it is between 1 and 1000000\\.");
    }

    @Test
    void saysThatTheSecretOfTheTurnServerIsMissing() throws Exception {
        settings.put("MP2P_SIGNALING_ICE_TURN_URIS", "turn:chat.example.org:3478?transport=udp");

        refuses("messenger: A setting is wrong: mp2p.signaling.ice.turn-secret-file is not set; .*");
    }

    @Test
    void saysThatTheDataAreOfANewerVersion() throws Exception {
        try (MessengerProcess first = MessengerProcess.start(settings)) {
            first.firstLine();
        }
        try (DataDirectory directory = DataDirectory.open(data);
                EmbeddedPostgres server = EmbeddedPostgres.start(directory);
                var session = server.connect("auth");
                var statement = session.createStatement()) {
            statement.execute("insert into flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success) values (999, '999', 'from the future', 'SQL',"
                    + " 'V999__future.sql', 1, 'auth', 1, true)");
        }

        refuses("messenger: The data were written by a newer version of Messenger; .*");
    }

    @Test
    void saysThatTheDataDirectoryIsBroken() throws Exception {
        Files.writeString(data, "a file");

        refuses("messenger: The data directory .* is a file; .*");
        Files.delete(data);
    }

    private void refuses(String sentence) throws Exception {
        try (MessengerProcess process = MessengerProcess.start(settings)) {
            assertNull(process.firstLine());
            assertEquals(1, process.exitStatus());
            assertTrue(process.errors().strip().matches(sentence), process.errors());
        }
    }
}
