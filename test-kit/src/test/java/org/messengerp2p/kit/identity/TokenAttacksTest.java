package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.jwt.auth.principal.ParseException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.messengerp2p.testkit.attack.Attack;
import org.messengerp2p.testkit.attack.TokenAttacks;
import org.messengerp2p.testkit.attack.TokenForge;

/** Every attack, on the verifier that all services share. */
class TokenAttacksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "0d9ae4a6-1c7a-4a5c-9a0f-3c1f0b7f7d11";
    private static final KeyPair KEYS = newKeys();
    private static final TokenForge FORGE = new TokenForge(
            KEY,
            KEYS.getPrivate(),
            (RSAPublicKey) KEYS.getPublic(),
            new Device(AccountId.of(new byte[16]), DeviceId.of(7)),
            Audience.MAILBOX,
            NOW);

    private final TokenVerifier verifier =
            new TokenVerifier(new Keys(Map.of(KEY, KEYS.getPublic())), Clock.fixed(NOW, ZoneOffset.UTC));

    static Stream<Attack> forged() {
        return TokenAttacks.by(FORGE).stream().filter(attack -> !attack.authentic());
    }

    @ParameterizedTest
    @MethodSource("forged")
    void isRefusedAndTellsNothing(Attack attack) {
        ParseException refused = assertThrows(ParseException.class, () -> verifier.parse(attack.token(), null));

        assertEquals("the token does not verify", refused.getMessage());
        assertNull(refused.getCause());
        assertThrows(ParseException.class, () -> verifier.parse(attack.token(), null), "the second time too");
    }

    /** Else the attacks would be refused for another reason than their own. */
    @Test
    void acceptsWhatTheForgeMakesWithoutFault() throws Exception {
        assertEquals(
                new Caller(AccountId.of(new byte[16]), Optional.of(DeviceId.of(7)), "").account(),
                Caller.of(verifier.parse(FORGE.good(), null)).account());
    }

    @Test
    void hasNamesThatDiffer() {
        List<String> names = TokenAttacks.by(FORGE).stream().map(Attack::name).toList();

        assertEquals(names.size(), names.stream().distinct().count());
        assertTrue(names.size() >= 60, names.size() + " attacks");
    }

    private record Keys(Map<String, PublicKey> keys) implements VerificationKeys {
        @Override
        public Optional<PublicKey> byKeyId(String keyId) {
            return Optional.ofNullable(keys.get(keyId));
        }

        @Override
        public boolean loaded() {
            return true;
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
