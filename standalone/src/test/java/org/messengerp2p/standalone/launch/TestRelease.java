package org.messengerp2p.standalone.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the form that web-ui's build makes, small enough to read. */
public final class TestRelease {

    public static final String PAGE = "<!doctype html><title>page</title>";
    public static final String APP = "/app-0123456789abcdef.js";
    public static final String WORKER = "/core.worker-fedcba9876543210.js";

    private TestRelease() {}

    public static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        file(directory, "index.html", PAGE);
        file(directory, APP.substring(1), "app");
        file(directory, WORKER.substring(1), "worker");
        Files.writeString(directory.resolve("icons-0123456789abcdef.svg"), "<svg/>");
        return directory;
    }

    /** The compressed forms hold their own name: no test needs to unpack them. */
    private static void file(Path directory, String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
        Files.writeString(directory.resolve(name + ".br"), "br");
        Files.writeString(directory.resolve(name + ".gz"), "gzip");
    }
}
