package org.messengerp2p.mailbox.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;

/** Calls of the archive as clients make them; a path is {@code device/gen} or {@code device/gen/seg_no/rev}. */
abstract class ArchiveTestBase extends MailboxTest {

    protected static final ObjectMapper JSON = new ObjectMapper();

    protected static String series(Device writer) {
        return writer.device().value() + "/1";
    }

    protected static String segment(Device writer, long segNo, long rev) {
        return series(writer) + "/" + segNo + "/" + rev;
    }

    protected Answer putSegment(Device caller, String path, byte[] bytes) {
        ObjectNode body = JSON.createObjectNode().put("segment", MailboxApi.base64url(bytes));
        return api.put("archive/" + path, MailboxApi.tokenOf(caller), body.toString());
    }

    protected Answer getSegment(Device caller, String path) {
        return api.get("archive/" + path, MailboxApi.tokenOf(caller));
    }

    /** @param drop pairs of segment number and revision */
    protected Answer putManifest(Device caller, String series, long manNo, byte[] manifest, long[]... drop) {
        ObjectNode body = JSON.createObjectNode().put("man_no", manNo).put("manifest", MailboxApi.base64url(manifest));
        body.set("drop", JSON.valueToTree(drop));
        return api.put("archive/" + series + "/manifest", MailboxApi.tokenOf(caller), body.toString());
    }

    protected Answer manifests(Device caller) {
        return api.get("archive/manifests", MailboxApi.tokenOf(caller)).is(200);
    }

    protected Answer deleteArchive(Device caller) {
        return api.delete("archive", MailboxApi.tokenOf(caller));
    }

    protected String segmentsOf(Device caller, String series) {
        return api.get("archive/" + series + "/segments", MailboxApi.tokenOf(caller))
                .is(200)
                .body()
                .path("segments")
                .toString();
    }

    protected static byte[] bytes(JsonNode base64url) {
        return Base64.getUrlDecoder().decode(base64url.asText());
    }

    /** The counters of the account's archive and what is really there, as one text each. */
    protected String counters(Device device) {
        return text("select segments || ' ' || manifests || ' ' || bytes from archive where account = '%s'", device);
    }

    protected String counted(Device device) {
        return text(
                "select (select count(*) from archive_segment where account = '%1$s') || ' '"
                        + " || (select count(*) from archive_manifest where account = '%1$s') || ' '"
                        + " || (select coalesce(sum(size), 0) from (select size from archive_segment where account = '%1$s'"
                        + " union all select size from archive_manifest where account = '%1$s') s)",
                device);
    }

    protected String text(String sql, Device device) {
        return new String(column(sql.formatted(device.account().value())).get(0));
    }

    /** Repeats what a machine under load did not get done in time, as a client does. */
    protected static Answer repeated(Supplier<Answer> call) {
        Answer answer = call.get();
        for (int tries = 1; answer.status() == 503 && tries < 20; tries++) {
            answer = call.get();
        }
        return answer;
    }

    protected static <T> List<T> atOnce(int count, java.util.function.IntFunction<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<T>> all = new ArrayList<>();
            for (int each = 0; each < count; each++) {
                all.add(calls.apply(each));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(all)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
