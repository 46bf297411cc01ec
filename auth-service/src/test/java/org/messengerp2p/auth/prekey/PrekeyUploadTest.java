package org.messengerp2p.auth.prekey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class PrekeyUploadTest extends AuthServiceTest {
    private static final long DAY_MS = 86_400_000;

    private SignedIn signedIn;
    private TestDevice device;

    /** An account with one SPK, one PQL, 4 OPK and 2 PQO. */
    @BeforeEach
    void register() {
        signedIn = accounts.newcomer();
        device = signedIn.account().device();
    }

    @Test
    void appendsAndCounts() {
        Answer counts = upload("POST", device.oneTimeKeys(3, 1));

        assertEquals(200, counts.status(), counts.body().toString());
        assertEquals(7, counts.body().path("n_opk").asInt());
        assertEquals(3, counts.body().path("n_pqo").asInt());
    }

    @Test
    void changesNothingByTheSameRecordsAgain() {
        List<byte[]> records = device.oneTimeKeys(3, 1);
        upload("POST", records);

        Answer again = upload("POST", records);

        assertEquals(7, again.body().path("n_opk").asInt());
        assertEquals(3, again.body().path("n_pqo").asInt());
    }

    @Test
    void replacesSpkAndPqlByTheirSuccessors() {
        byte[] spk = device.prekey(TestDevice.SPK, 11);
        byte[] pql = device.prekey(TestDevice.PQL, 12);

        upload("POST", List.of(spk, pql));

        Answer digest = digest();
        assertEquals(11, digest.body().path("spk_id").asLong());
        assertEquals(12, digest.body().path("pql_id").asLong());
        assertEquals(4, digest.body().path("opk_ids").size());
        assertEquals(2, digest.body().path("pqo_ids").size());
    }

    @Test
    void keepsTheSuccessorWhenTheFormerComesLate() {
        List<byte[]> former = List.of(device.prekey(TestDevice.SPK, 11));
        upload("POST", former);
        upload("POST", List.of(device.prekey(TestDevice.SPK, 12)));

        Answer late = upload("POST", former);

        assertEquals(200, late.status());
        assertEquals(12, digest().body().path("spk_id").asLong());
    }

    @Test
    void replacesAll() {
        List<byte[]> records = List.of(
                device.prekey(TestDevice.SPK, 21),
                device.prekey(TestDevice.PQL, 22),
                device.prekey(TestDevice.OPK, 23),
                device.prekey(TestDevice.PQO, 24));

        Answer counts = upload("PUT", records);
        Answer again = upload("PUT", records);

        assertEquals(1, counts.body().path("n_opk").asInt(), counts.body().toString());
        assertEquals(counts.body(), again.body());
        assertEquals(
                "{\"spk_id\":21,\"pql_id\":22,\"opk_ids\":[23],\"pqo_ids\":[24]}",
                digest().body().toString());
    }

    @Test
    void refusesAnIdThatIsAnotherKeys() {
        upload("POST", List.of(device.prekey(TestDevice.OPK, 31)));

        Answer taken = upload("POST", List.of(device.prekey(TestDevice.OPK, 31)));
        Answer otherKind = upload("POST", List.of(device.prekey(TestDevice.PQO, 31)));

        assertEquals("prekey-invalid", taken.problem());
        assertEquals(200, otherKind.status());
    }

    @Test
    void refusesTheIdOfAKeyThatWasHandedOut() {
        upload("PUT", List.of(device.prekey(TestDevice.SPK, 1), device.prekey(TestDevice.PQL, 1), opk(41)));
        bundle();

        Answer other = upload("POST", List.of(opk(41)));

        assertEquals("prekey-invalid", other.problem());
    }

    @Test
    void doesNotBringBackAKeyThatWasHandedOut() {
        List<byte[]> records = List.of(device.prekey(TestDevice.SPK, 1), device.prekey(TestDevice.PQL, 1), opk(51));
        upload("PUT", records);
        assertTrue(bundle().body().at("/devices/0").has("opk"));

        Answer appended = upload("POST", records);
        Answer replaced = upload("PUT", records);

        assertEquals(0, appended.body().path("n_opk").asInt());
        assertEquals(0, replaced.body().path("n_opk").asInt());
        assertEquals(200, replaced.status());
    }

    @Test
    void keepsNoMoreThanTheLimit() {
        upload("POST", oneTime(TestDevice.OPK, 1_000, 140));

        Answer overOpk = upload("POST", oneTime(TestDevice.OPK, 2_000, 57));
        Answer atOpk = upload("POST", oneTime(TestDevice.OPK, 2_000, 56));
        Answer overPqo = upload("POST", oneTime(TestDevice.PQO, 3_000, 79));

        assertEquals(409, overOpk.status());
        assertEquals("prekey-limit", overOpk.problem());
        assertEquals(200, atOpk.body().path("n_opk").asInt());
        assertEquals("prekey-limit", overPqo.problem());
        assertEquals(2, digest().body().path("pqo_ids").size());
    }

    @Test
    void dropsOneTimeKeysThatAreTooOld() {
        long now = System.currentTimeMillis();

        Answer counts = upload(
                "POST",
                List.of(
                        device.prekey(TestDevice.OPK, 61, now - 61 * DAY_MS),
                        device.prekey(TestDevice.OPK, 62, now - 59 * DAY_MS)));

        assertEquals(5, counts.body().path("n_opk").asInt());
    }

    @Test
    void refusesRecordsOfAnotherDevice() {
        Answer refused = upload("POST", signedIn.account().newDevice().oneTimeKeys(1, 0));

        assertEquals(422, refused.status());
        assertEquals("prekey-invalid", refused.problem());
    }

    private byte[] opk(long id) {
        return device.prekey(TestDevice.OPK, id);
    }

    private List<byte[]> oneTime(int kind, int firstId, int count) {
        return IntStream.range(firstId, firstId + count)
                .mapToObj(id -> device.prekey(kind, id))
                .toList();
    }

    private Answer upload(String method, List<byte[]> records) {
        List<String> texts = records.stream()
                .map(record -> Base64.getUrlEncoder().withoutPadding().encodeToString(record))
                .toList();
        return rest.call(method, KEYS + "/prekeys", signedIn.tokens().auth(), Map.of("records", texts))
                .join();
    }

    private Answer digest() {
        return rest.get(KEYS + "/prekeys/digest", signedIn.tokens().auth());
    }

    private Answer bundle() {
        return rest.get(
                KEYS + "/accounts/" + signedIn.account().id().base64url() + "/bundle",
                signedIn.tokens().auth());
    }
}
