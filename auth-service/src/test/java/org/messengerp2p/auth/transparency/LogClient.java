package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.messengerp2p.auth.transparency.LogFault.Kind;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;

/**
 * A device that follows the log as MP2P/1 §10.1 has it: it keeps all leaves, and computes the root of each head that it
 * accepts from them. Written from the text of the protocol, without the service's code.
 */
final class LogClient {
    private static final String PATH = "/api/keys/v1/kt";
    private static final byte[] LABEL = "MP2P/1/sig/sth\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_LENGTH = 113;
    private static final int SIGNED_LENGTH = 49;
    private static final int LEAF_LENGTH = 53;

    private final RestClient rest;
    private final Supplier<String> token;
    private final byte[] logKey;
    private final List<byte[]> leaves = new ArrayList<>();
    private final Map<String, String> listHashes = new HashMap<>();
    private Head pinned = new Head(0, 0, new byte[0]);

    /** @param logKey as the first answer of the server told it */
    LogClient(RestClient rest, Supplier<String> token, byte[] logKey) {
        this.rest = rest;
        this.token = token;
        this.logKey = logKey.clone();
    }

    record Head(long size, long ms, byte[] root) {}

    /** Asks for the newest head, then for the leaves up to its size, and accepts it. */
    Head follow() throws LogFault {
        return accept(ok(PATH + "/sth").bytes("sth"));
    }

    Head accept(byte[] sth) throws LogFault {
        Head head = verified(sth);
        if (head.size() < pinned.size()) {
            throw new LogFault(Kind.SHORTER);
        }
        if (head.size() == pinned.size() && pinned.ms() > 0 && !Arrays.equals(head.root(), pinned.root())) {
            throw new LogFault(Kind.FORKED);
        }
        if (head.ms() < pinned.ms()) {
            throw new LogFault(Kind.OLDER);
        }
        stream(head.size());
        if (!Arrays.equals(head.root(), MerkleTree.root(leaves.subList(0, (int) head.size())))) {
            throw new LogFault(Kind.OTHER_ROOT);
        }
        pinned = head;
        return head;
    }

    List<byte[]> leaves() {
        return List.copyOf(leaves);
    }

    /** How many times this very leaf stands in the log. */
    long count(byte[] leaf) {
        return leaves.stream().filter(each -> Arrays.equals(each, leaf)).count();
    }

    private Head verified(byte[] sth) throws LogFault {
        assertEquals(HEAD_LENGTH, sth.length);
        byte[] signed = ByteBuffer.allocate(LABEL.length + SIGNED_LENGTH)
                .put(LABEL)
                .put(sth, 0, SIGNED_LENGTH)
                .array();
        if (sth[0] != 1 || !Ed25519.verify(sth, SIGNED_LENGTH, logKey, 0, signed, 0, signed.length)) {
            throw new LogFault(Kind.SIGNATURE);
        }
        ByteBuffer fields = ByteBuffer.wrap(sth, 1, SIGNED_LENGTH - 1);
        return new Head(fields.getLong(), fields.getLong(), Arrays.copyOfRange(sth, 17, SIGNED_LENGTH));
    }

    private void stream(long size) throws LogFault {
        while (leaves.size() < size) {
            Answer page = ok(PATH + "/leaves?from=" + leaves.size() + "&limit=1000");
            assertEquals(leaves.size(), page.body().path("from").asLong());
            JsonNode told = page.body().path("leaves");
            if (told.isEmpty()) {
                throw new LogFault(Kind.LEAVES_MISSING);
            }
            for (JsonNode leaf : told) {
                keep(Base64.getUrlDecoder().decode(leaf.asText()));
            }
        }
    }

    private void keep(byte[] leaf) throws LogFault {
        assertEquals(LEAF_LENGTH, leaf.length);
        if (leaf[0] == 1) {
            String list = HexFormat.of().formatHex(leaf, 1, 21);
            String hash = HexFormat.of().formatHex(leaf, 21, LEAF_LENGTH);
            String known = listHashes.putIfAbsent(list, hash);
            if (known != null && !known.equals(hash)) {
                throw new LogFault(Kind.TWO_LISTS);
            }
        }
        leaves.add(leaf);
    }

    private Answer ok(String path) {
        Answer answer = rest.get(path, token.get());
        assertEquals(200, answer.status(), answer.body().toString());
        return answer;
    }
}
