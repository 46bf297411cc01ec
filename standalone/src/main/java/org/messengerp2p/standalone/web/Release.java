package org.messengerp2p.standalone.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.messengerp2p.standalone.CannotStart;

/** All files of one release of the page, in memory: a request is a lookup and can name nothing else. */
final class Release {

    private static final String PAGE = "/index.html";

    private final Map<String, ReleaseFile> files;

    private Release(Map<String, ReleaseFile> files) {
        this.files = files;
    }

    static Release read(Path directory) {
        if (!Files.isRegularFile(directory.resolve("index.html"))) {
            throw new CannotStart("There is no page in " + directory + "; build it with npm run build in web-ui.");
        }
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> contents = found.filter(Files::isRegularFile)
                    .filter(file -> !isCompressed(file))
                    .toList();
            return new Release(contents.stream()
                    .map(file -> read(directory, file))
                    .collect(Collectors.toUnmodifiableMap(ReleaseFile::path, Function.identity())));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Every route of the page's own router is answered with the page. */
    Optional<ReleaseFile> find(String path) {
        return Optional.ofNullable(files.get(isPageRoute(path) ? PAGE : path));
    }

    private static boolean isPageRoute(String path) {
        return path.equals("/") || path.startsWith("/c/") || path.equals("/settings") || path.startsWith("/settings/");
    }

    private static ReleaseFile read(Path directory, Path file) {
        Map<ContentCoding, Buffer> byCoding = new EnumMap<>(ContentCoding.class);
        for (ContentCoding coding : ContentCoding.values()) {
            Path coded = file.resolveSibling(file.getFileName() + coding.suffix());
            if (Files.isRegularFile(coded)) {
                byCoding.put(coding, Buffer.buffer(bytes(coded)));
            }
        }
        String path = "/" + directory.relativize(file).toString().replace('\\', '/');
        return new ReleaseFile(path, byCoding, entityTag(bytes(file)));
    }

    private static boolean isCompressed(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(ContentCoding.BROTLI.suffix()) || name.endsWith(ContentCoding.GZIP.suffix());
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String entityTag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
