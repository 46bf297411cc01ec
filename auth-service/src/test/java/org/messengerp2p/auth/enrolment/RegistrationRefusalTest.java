package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** What POST /accounts refuses, and that nothing of a refused request is stored. */
@QuarkusTest
class RegistrationRefusalTest extends AuthServiceTest {
    private static final long DAY_MS = 86_400_000;
    private static final int SIGNATURE_LENGTH = 64;

    /** Behind type, form, account_id, aik_pub and list_version. */
    private static final int ISSUED_AT = 1 + 1 + 16 + 32 + 4;

    private final TestAccount account = TestAccount.anybody();
    private final TestDevice device = account.device();

    /** One field of a good request, made bad. */
    private record Case(String name, int status, String problem, String field, Object value) {}

    @Test
    void refusesWhatIsNotAsTheProtocolHasIt() {
        byte[] salt = accounts.serverSalt(account.username());

        cases(salt).forEach(bad -> {
            Map<String, Object> body = account.registration(salt);
            body.put(bad.field(), bad.value());
            Answer answer = rest.post(AUTH + "/accounts", null, body);
            assertEquals(bad.problem(), answer.problem(), bad.name() + " " + answer.body());
            assertEquals(bad.status(), answer.status(), bad.name());
            assertEquals(
                    "application/problem+json",
                    answer.header("Content-Type").orElse("").split(";")[0],
                    bad.name());
        });
        assertEquals(
                201,
                rest.post(AUTH + "/accounts", null, account.registration(salt)).status());
    }

    private Stream<Case> cases(byte[] salt) {
        return Stream.of(names(), secrets(), lists(), prekeys(), vaults(salt)).flatMap(all -> all);
    }

    private Stream<Case> names() {
        return Stream.of("ab", "a".repeat(33), "with space", "\u212Aelvin", "m\u00fcller", "", "a/b", "a\nb")
                .map(name -> new Case("name " + name, 400, "malformed", "username", name));
    }

    private Stream<Case> secrets() {
        return Stream.of(
                new Case("short secret", 400, "malformed", "auth_secret", text(new byte[31])),
                new Case("zero secret", 400, "malformed", "auth_secret", text(new byte[32])),
                new Case("no secret", 400, "malformed", "auth_secret", null),
                new Case("secret in the other base64", 400, "malformed", "auth_secret", "+".repeat(43)),
                new Case("zero recovery", 400, "malformed", "rec_auth", text(new byte[32])),
                new Case("recovery without W2", 422, "vault-header", "rec_auth", text(filled(32))),
                new Case("p 2", 422, "vault-header", "p", 2),
                new Case("m in words", 400, "malformed", "m_kib", "much"),
                new Case("no m", 400, "malformed", "m_kib", null));
    }

    private Stream<Case> lists() {
        TestDevice other = account.newDevice();
        return Stream.of(
                dlc("garbage", filled(300)),
                dlc("empty", new byte[0]),
                dlc("second version", account.list(2, new byte[32], device)),
                dlc("something before it", account.list(1, filled(32), device)),
                dlc("two devices", account.list(1, new byte[32], device, other)),
                dlc("no device", account.list(1, new byte[32])),
                dlc(
                        "another's device",
                        account.list(1, new byte[32], TestAccount.anybody().device())),
                dlc("issued in two days", issued(System.currentTimeMillis() + 2 * DAY_MS)),
                dlc(
                        "with a device of the day after tomorrow",
                        account.list(1, new byte[32], account.newDevice(System.currentTimeMillis() + 2 * DAY_MS))),
                dlc("a byte too many", Arrays.copyOf(account.firstList(), 301)));
    }

    private Stream<Case> prekeys() {
        byte[] spk = device.prekey(TestDevice.SPK, 7);
        byte[] pql = device.prekey(TestDevice.PQL, 7);
        byte[] broken = spk.clone();
        broken[20] ^= 1;
        long now = System.currentTimeMillis();
        return Stream.of(
                records("no SPK", pql),
                records("no PQL", spk),
                records("broken signature", broken, pql),
                records("of another device", account.newDevice().prekey(TestDevice.SPK, 7), pql),
                records("key id zero", device.prekey(TestDevice.SPK, 0), pql),
                records("unknown kind", device.prekey(5, 7), spk, pql),
                records("kind zero", device.prekey(0, 7), spk, pql),
                records("two SPK", spk, pql, device.prekey(TestDevice.SPK, 8)),
                records("one id twice", spk, pql, opk(9), opk(9)),
                records("from the future", spk, pql, device.prekey(TestDevice.OPK, 9, now + 2 * DAY_MS)),
                records("an SPK of last year", device.prekey(TestDevice.SPK, 7, now - 181 * DAY_MS), pql),
                records("a PQL of last year", spk, device.prekey(TestDevice.PQL, 7, now - 181 * DAY_MS)),
                records("more PQO than are kept", device.prekeys(0, 81).toArray(byte[][]::new)),
                records("a time out of range", spk, pql, device.prekey(TestDevice.OPK, 9, -1)),
                records("short record", Arrays.copyOf(spk, 108), pql),
                new Case("no records", 400, "malformed", "prekeys", List.of()),
                new Case("too many records", 400, "malformed", "prekeys", Collections.nCopies(143, text(spk))),
                new Case("records null", 400, "malformed", "prekeys", null));
    }

    private Stream<Case> vaults(byte[] salt) {
        byte[] good = account.vault(salt, 1);
        return Stream.of(
                vault("another salt", account.vault(filled(16), 1)),
                vault("second version", account.vault(salt, 2)),
                vault("second key generation", account.vault(2, 65_536, 3, salt, 1)),
                vault("m below the floor", account.vault(1, 65_535, 3, salt, 1)),
                vault("m not as the request says", account.vault(1, 65_537, 3, salt, 1)),
                vault("m out of range", account.vault(1, 0xFFFF_FFFFL, 3, salt, 1)),
                vault("t below the floor", account.vault(1, 65_536, 2, salt, 1)),
                vault("a byte short", Arrays.copyOf(good, good.length - 1)),
                vault("a byte too many", Arrays.copyOf(good, good.length + 1)),
                vault("header alone", Arrays.copyOf(good, 30)),
                vault("empty", new byte[0]),
                new Case("more than 1 MiB", 413, "too-large", "vault", text(new byte[1024 * 1024 + 1])),
                new Case("no vault", 400, "malformed", "vault", null));
    }

    /** The first list with another time of issue. */
    private byte[] issued(long issuedMs) {
        byte[] unsigned = Arrays.copyOf(account.firstList(), account.firstList().length - SIGNATURE_LENGTH);
        ByteBuffer.wrap(unsigned).putLong(ISSUED_AT, issuedMs);
        return account.signed(unsigned);
    }

    private byte[] opk(long id) {
        return device.prekey(TestDevice.OPK, id);
    }

    private static Case dlc(String name, byte[] list) {
        return new Case("list: " + name, 422, "dlc-invalid", "dlc", text(list));
    }

    private static Case records(String name, byte[]... records) {
        List<String> texts =
                Stream.of(records).map(RegistrationRefusalTest::text).toList();
        return new Case("prekeys: " + name, 422, "prekey-invalid", "prekeys", texts);
    }

    private static Case vault(String name, byte[] vault) {
        return new Case("vault: " + name, 422, "vault-header", "vault", text(vault));
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 5);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
