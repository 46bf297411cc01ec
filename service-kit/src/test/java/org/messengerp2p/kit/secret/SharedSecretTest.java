package org.messengerp2p.kit.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class SharedSecretTest {

    @TempDir
    Path folder;

    @Test
    void isTheOneLineOfTheFile() throws Exception {
        assertEquals("exactly 10", secret("exactly 10\n").read());
    }

    @Test
    void saysWhatIsWrongAndWhatWouldBeRight() throws Exception {
        refuses("is not set", new SharedSecret("the.setting", Optional.empty(), 10));
        refuses("names a file that is not there", at(folder.resolve("absent")));
        refuses("names a directory", at(folder));
        refuses("names a file that this process may not or cannot read", at(Path.of("/proc/self/mem")));
        refuses("names a file with nothing in it", secret(" \n"));
        refuses("names a file whose secret is too short", secret("only nine\n"));
        refuses("names a file of more than 4096 bytes", secret("1".repeat(4097)));
        refuses("names what is no regular file", at(Path.of("/dev/zero")));
        refuses(
                "names a file with more than one line, or with letters that ASCII does not have",
                secret("1234567890\n1"));
        refuses(
                "names a file with more than one line, or with letters that ASCII does not have",
                secret("paßwort für beide"));
        Path noText = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
        refuses("names a file that is no text", at(noText));
    }

    /** As one of Kubernetes is mounted. */
    @Test
    void mayBeBehindALink() throws Exception {
        Path file = Files.writeString(folder.resolve("of this version"), "exactly 10\n");

        assertEquals(
                "exactly 10",
                at(Files.createSymbolicLink(folder.resolve("link"), file)).read());
    }

    /** Where one writes into it or not. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void isNotWaitedForAtAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        refuses("names what is no regular file", at(pipe));
    }

    private static void refuses(String what, SharedSecret secret) {
        assertEquals(
                "the.setting " + what + "; it is the path of a file with one line of ASCII, at least 10 characters.",
                assertThrows(ConfigurationException.class, secret::read).getMessage());
    }

    private SharedSecret secret(String content) throws Exception {
        return at(Files.writeString(Files.createTempFile(folder, "secret", null), content, StandardCharsets.UTF_8));
    }

    private static SharedSecret at(Path file) {
        return new SharedSecret("the.setting", Optional.of(file), 10);
    }
}
