package org.messengerp2p.kit.secret;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A secret that two processes share: one line in a file that a setting names. What is wrong with it is one sentence
 * that names the setting and shows nothing of its value: some write there the secret itself.
 *
 * @param setting its name
 * @param file its value
 * @param shortest characters that the secret has at least
 */
public record SharedSecret(String setting, Optional<Path> file, int shortest) {

    /** So that a log is not read into memory. */
    private static final int MOST_BYTES = 4096;

    /** @throws ConfigurationException with the sentence */
    public String read() {
        Path path = file.orElseThrow(() -> wrong("is not set"));
        // Opening a pipe waits for who writes into it, and a device may never end.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw wrong(Files.isDirectory(path) ? "names a directory" : "names what is no regular file");
        }
        try {
            return required(Files.newInputStream(path));
        } catch (NoSuchFileException absent) {
            throw wrong("names a file that is not there");
        } catch (CharacterCodingException noText) {
            throw wrong("names a file that is no text");
        } catch (IOException unreadable) {
            throw wrong("names a file that this process may not or cannot read");
        }
    }

    private String required(InputStream opened) throws IOException {
        byte[] bytes;
        try (opened) {
            bytes = opened.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw wrong("names a file of more than " + MOST_BYTES + " bytes");
        }
        String secret = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .strip();
        if (secret.isEmpty()) {
            throw wrong("names a file with nothing in it");
        }
        // It becomes the header of a call, which may hold no others.
        if (!secret.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            throw wrong("names a file with more than one line, or with letters that ASCII does not have");
        }
        if (secret.length() < shortest) {
            throw wrong("names a file whose secret is too short");
        }
        return secret;
    }

    private ConfigurationException wrong(String what) {
        return new ConfigurationException(setting + ' ' + what + "; it is the path of a file with one line of ASCII"
                + (shortest > 1 ? ", at least " + shortest + " characters." : "."));
    }

    /** Not the path: see above. */
    @Override
    public String toString() {
        return "SharedSecret[" + setting + ']';
    }
}
