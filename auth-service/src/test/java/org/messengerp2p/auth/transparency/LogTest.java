package org.messengerp2p.auth.transparency;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.AccountClient.SignedIn;

/** Tests that follow the log as a client does. */
abstract class LogTest extends AuthServiceTest {
    private static final Random RANDOM = new Random();

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Inject
    KeyLog log;

    SignedIn reader;

    @BeforeEach
    void register() {
        reader = accounts.newcomer();
    }

    /** A device that has seen nothing of the log yet. */
    LogClient newClient() {
        byte[] logKey = Base64.getUrlDecoder()
                .decode(rest.get(AUTH + "/login/parameters?username=anybody", null)
                        .body()
                        .at("/server/log_key")
                        .asText());
        return new LogClient(rest, () -> reader.tokens().auth(), logKey);
    }

    /** Through the service's own way of appending. */
    void append(List<byte[]> leaves) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(
                () -> log.append(leaves.stream().map(Leaf::new).toList())));
    }

    /** Lists of accounts that nobody has. */
    static List<byte[]> anyLeaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> listLeaf(randomAccount(), 1, random(100)))
                .toList();
    }

    static byte[] listLeaf(AccountId account, int version, byte[] list) {
        return ByteBuffer.allocate(53)
                .put((byte) 1)
                .put(account.bytes())
                .putInt(version)
                .put(sha256(list))
                .array();
    }

    static byte[] nameLeaf(String serverName, String username, AccountId account, int seq) {
        byte[] named = ByteBuffer.allocate(10 + 2 + serverName.length() + 2 + username.length())
                .put(ascii("MP2P/1/un\0"))
                .putShort((short) serverName.length())
                .put(ascii(serverName))
                .putShort((short) username.length())
                .put(ascii(username))
                .array();
        return ByteBuffer.allocate(53)
                .put((byte) 2)
                .put(sha256(named))
                .put(account.bytes())
                .putInt(seq)
                .array();
    }

    private static AccountId randomAccount() {
        return AccountId.of(random(16));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
