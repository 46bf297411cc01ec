package org.messengerp2p.auth.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;

@QuarkusTest
class VaultTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    private SignedIn signedIn;
    private byte[] salt;

    @BeforeEach
    void register() {
        signedIn = accounts.newcomer();
        salt = accounts.serverSalt(signedIn.account().username());
    }

    @Test
    void takesTheNextVersionAndGivesItBack() {
        byte[] next = vault(2);

        Answer put = put(next);

        assertEquals(204, put.status(), put.body().toString());
        Answer got = rest.get(AUTH + "/vault", signedIn.tokens().auth());
        assertEquals(2, got.body().path("vault_version").asInt());
        assertEquals(text(next), got.text("vault"));
    }

    @Test
    void answersTheSameBytesAgainAlike() {
        byte[] next = vault(2);
        put(next);

        assertEquals(204, put(next).status());
    }

    @Test
    void namesTheVersionThatStandsToWhoIsBehind() {
        put(vault(2));

        Answer behind = put(vault(2));
        Answer ahead = put(vault(4));

        assertEquals(409, behind.status());
        assertEquals("vault-version", behind.problem());
        assertEquals(2, behind.body().path("vault_version").asInt());
        assertEquals("vault-version", ahead.problem());
    }

    @Test
    void keepsTheWrappedKeys() {
        byte[] otherKey = vault(2);
        otherKey[40] ^= 1;
        byte[] otherKeyAndVersion = vault(3);
        otherKeyAndVersion[40] ^= 1;

        assertEquals("vault-header", put(otherKey).problem());
        assertEquals("vault-version", put(otherKeyAndVersion).problem(), "the version is looked at first");
    }

    @Test
    void letsOneOfManyAtOnceWin() {
        List<Answer> answers = IntStream.range(0, 12)
                .mapToObj(i ->
                        rest.call("PUT", AUTH + "/vault", signedIn.tokens().auth(), Map.of("vault", text(vault(2)))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 204).count());
        assertEquals(
                11, answers.stream().filter(answer -> answer.status() == 409).count());
    }

    @Test
    void liesSealedInTheDatabase() throws Exception {
        byte[] next = vault(2);
        put(next);

        try (Connection connection = database.getConnection();
                PreparedStatement read = connection.prepareStatement("select sealed from vault where account_id = ?")) {
            read.setObject(1, signedIn.account().id().value());
            ResultSet row = read.executeQuery();
            row.next();
            String sealed = new String(row.getBytes(1), StandardCharsets.ISO_8859_1);
            String part = new String(Arrays.copyOfRange(next, 500, 532), StandardCharsets.ISO_8859_1);
            assertFalse(sealed.contains(part));
        }
    }

    private byte[] vault(long version) {
        return signedIn.account().vault(salt, version);
    }

    private Answer put(byte[] vault) {
        return rest.put(AUTH + "/vault", signedIn.tokens().auth(), Map.of("vault", text(vault)));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
