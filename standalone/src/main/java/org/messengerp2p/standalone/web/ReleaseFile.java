package org.messengerp2p.standalone.web;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * One file of a release in all its codings.
 *
 * @param path as requested, beginning with '/'
 * @param byCoding content by HTTP content coding; {@code identity} is always there
 * @param entityTag strong validator of the release's content, quotes included
 */
record ReleaseFile(String path, Map<ContentCoding, Buffer> byCoding, String entityTag) {

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "webmanifest", "application/manifest+json",
            "woff2", "font/woff2",
            "txt", "text/plain; charset=utf-8");

    ReleaseFile {
        byCoding = Map.copyOf(byCoding);
        if (!byCoding.containsKey(ContentCoding.IDENTITY)) {
            throw new IllegalArgumentException(path + " has no content of its own beside its compressed forms");
        }
    }

    String mediaType() {
        return MEDIA_TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    /** A file whose name holds its hash never changes; any other may change with the next release. */
    String cacheControl() {
        return path.matches(".*-[A-Za-z0-9_]{8,}\\.[a-z0-9]+") ? "public, max-age=31536000, immutable" : "no-cache";
    }

    /** Web UI §3.1: of all responses the core worker's alone may compile WebAssembly. */
    boolean isCoreWorker() {
        return path.matches("/(.*/)?core\\.worker-[^/]+\\.js");
    }
}
