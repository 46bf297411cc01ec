package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.testkit.TestTokens;

/** Sizes, forms and tokens that are refused before anything is looked up. */
@QuarkusTest
class ArchiveBoundsTest extends ArchiveTestBase {

    private static final String MANIFEST = "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[]}";

    @Test
    void takesTheLongestAndRefusesOneByteMore() {
        Device phone = newListedDevice();

        putSegment(phone, segment(phone, 0, 0), random(262_216)).is(204);
        putSegment(phone, segment(phone, 1, 0), random(262_217)).isProblem(413, "too-large");
        putManifest(phone, series(phone), 1, random(262_216)).is(204);
        putManifest(phone, series(phone), 2, random(262_217)).isProblem(413, "too-large");
        putSegment(phone, segment(phone, 1, 0), random(1 << 20)).isProblem(413, "too-large");
        putSegment(phone, segment(phone, 1, 0), random(3 << 20)).isProblem(413, "too-large");

        assertEquals("[[0,0]]", segmentsOf(phone, series(phone)));
    }

    @Test
    void dropsAtMostAsManySegmentsAsFillAnArchive() {
        Device phone = newListedDevice();
        long[][] most =
                IntStream.range(0, 4096).mapToObj(n -> new long[] {n, 0}).toArray(long[][]::new);
        long[][] more =
                IntStream.range(0, 4097).mapToObj(n -> new long[] {n, 0}).toArray(long[][]::new);

        putManifest(phone, series(phone), 1, random(10), more).isProblem(413, "too-large");
        putManifest(phone, series(phone), 1, random(10), most).is(204);
    }

    @Test
    void takesTheLargestNumbers() {
        Device phone = newListedDevice();
        String largest = "4294967295/4294967295/9007199254740991/4294967295";

        putSegment(phone, largest, random(10)).is(204);

        getSegment(phone, largest).is(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0/1/0/0",
                "4294967296/1/0/0",
                "1/0/0/0",
                "1/4294967296/0/0",
                "1/1/9007199254740992/0",
                "1/1/0/4294967296",
                "1/1/-1/0",
                "1/1/00/0",
                "1/1/+1/0",
                "1/1/1e3/0",
                "1/1/99999999999999999999/0",
                "one/1/0/0",
                "1/1/%D9%A1/0",
            })
    void refusesWhatIsNoNumberOfItsKind(String path) {
        Device phone = newListedDevice();

        putSegment(phone, path, random(10)).isProblem(400, "malformed");
        getSegment(phone, path).isProblem(400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"man_no\":1}",
                "{\"manifest\":\"AAAA\"}",
                "{\"man_no\":0,\"manifest\":\"AAAA\"}",
                "{\"man_no\":-1,\"manifest\":\"AAAA\"}",
                "{\"man_no\":9007199254740992,\"manifest\":\"AAAA\"}",
                "{\"man_no\":\"1\",\"manifest\":\"AAAA\"}",
                "{\"man_no\":1.0,\"manifest\":\"AAAA\"}",
                "{\"man_no\":1,\"manifest\":\"\"}",
                "{\"man_no\":1,\"manifest\":\"AA=\"}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[[1]]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[[1,2,3]]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[null]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[1]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[[\"1\",0]]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[[-1,0]]}",
                "{\"man_no\":1,\"manifest\":\"AAAA\",\"drop\":[[0,4294967296]]}",
            })
    void refusesWhatIsNoManifest(String body) {
        Device phone = newListedDevice();

        api.put("archive/1/1/manifest", MailboxApi.tokenOf(phone), body).isProblem(400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "{}", "{\"segment\":null}", "{\"segment\":\"\"}", "{\"segment\":\"A\"}", "\"AAAA\""})
    void refusesWhatIsNoSegment(String body) {
        Device phone = newListedDevice();

        api.put("archive/1/1/0/0", MailboxApi.tokenOf(phone), body).isProblem(400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "1-", "-1-0", "1-2-3", "99999999999999999999-1"})
    void refusesAPlaceThatIsNotItsOwn(String after) {
        Device phone = newListedDevice();

        for (String list : List.of("archive/manifests", "archive/1/1/segments")) {
            api.get(list + "?after=" + after, MailboxApi.tokenOf(phone)).isProblem(400, "malformed");
        }
    }

    @Test
    void wantsATokenOfThisService() {
        Device phone = newListedDevice();
        for (String token :
                new String[] {null, TestTokens.forged(phone, Audience.MAILBOX), TestTokens.access(phone, Audience.AUTH)
                }) {
            api.get("archive/manifests", token).isProblem(401, "token-invalid");
            api.get("archive/1/1/segments", token).isProblem(401, "token-invalid");
            api.get("archive/1/1/0/0", token).isProblem(401, "token-invalid");
            api.put("archive/1/1/0/0", token, "{\"segment\":\"AAAA\"}").isProblem(401, "token-invalid");
            api.put("archive/1/1/manifest", token, MANIFEST).isProblem(401, "token-invalid");
            api.delete("archive", token).isProblem(401, "token-invalid");
        }
    }
}
