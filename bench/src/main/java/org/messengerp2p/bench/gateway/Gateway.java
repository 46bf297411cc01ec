package org.messengerp2p.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.relay.Entrance;

/**
 * The nginx of the images with the product's own files, as the gateway's tests run it: in the root that {@code
 * deploy/test/nginx-root.sh} makes, read-only, without rights. Other than as shipped are its ports, and that every
 * service is the one at the port given.
 */
public final class Gateway implements AutoCloseable {

    /** nginx' own in the image. */
    private static final int USER = 101;

    /** Java names a host without a dot in no handshake, and the gateway answers nobody who names none. */
    private static final String HOST = "messenger.localhost";

    private static final String CERTIFICATES = "/var/lib/gateway/tls";
    private static final Map<String, String> COPIES = Map.of(
            "nginx.conf", "etc/nginx/nginx.conf",
            "http", "etc/nginx/gateway",
            "templates", "etc/nginx/templates",
            "hooks", "docker-entrypoint.d");

    private final Child nginx;
    private final int port;

    private Gateway(Child nginx, int port) {
        this.nginx = nginx;
        this.port = port;
    }

    /** Whether the tests' root is here, and this user may mount. */
    public static boolean isInstalled() {
        return root().isPresent() && "root".equals(System.getProperty("user.name"));
    }

    /** @param deploy that folder of a checkout */
    public static Gateway start(Path deploy, Path directory, int service) throws IOException, InterruptedException {
        Ports ports = new Ports(Child.freePort(), Child.freePort(), Child.freePort(), service);
        Path layer = directory.resolve("gateway");
        for (Map.Entry<String, String> copy : COPIES.entrySet()) {
            copy(deploy.resolve("gateway").resolve(copy.getKey()), layer.resolve(copy.getValue()), ports);
        }
        Files.createDirectories(layer.resolve(CERTIFICATES.substring(1)));
        Path certificates = Files.createDirectories(directory.resolve("gateway-tls"));
        Files.setAttribute(certificates, "unix:uid", USER);
        Path log = Files.createFile(directory.resolve("gateway.log"));
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
        List<String> command = List.of(
                "unshare",
                "--mount",
                deploy.resolve("test/harness/container.sh").toAbsolutePath().toString(),
                root().orElseThrow().toString(),
                layer.toAbsolutePath().toString(),
                String.valueOf(USER),
                certificates.toAbsolutePath() + ":" + CERTIFICATES,
                "--",
                "MESSENGER_HOST=" + HOST,
                "NGINX_ENTRYPOINT_QUIET_LOGS=1",
                "NGINX_LOCAL_RESOLVERS=127.0.0.1",
                "NGINX_ENVSUBST_FILTER=^(GATEWAY_|NGINX_LOCAL_RESOLVERS|MESSENGER_HOST)",
                "/docker-entrypoint.sh",
                "nginx",
                "-g",
                "daemon off;");
        Child nginx = Child.start(command, Map.of(), log);
        return new Gateway(nginx.awaitPort(ports.https()), ports.https());
    }

    Entrance entrance() {
        return new Entrance(HOST, port, true);
    }

    public long pid() {
        return nginx.pid();
    }

    @Override
    public void close() {
        nginx.close();
    }

    private static Optional<Path> root() {
        String named = System.getenv("MESSENGER_NGINX_ROOT");
        Path root = named != null
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache", "messenger-p2p", "nginx-root");
        return Optional.of(root).filter(found -> Files.exists(found.resolve("docker-entrypoint.sh")));
    }

    private static void copy(Path source, Path target, Ports ports) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(source)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path to = target.resolve(source.relativize(file).toString());
            Files.createDirectories(to.getParent());
            Files.writeString(to, ports.in(Files.readString(file)));
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** On loopback, and none of them another's. */
    private record Ports(int https, int http, int health, int service) {

        String in(String file) {
            return file.replaceAll("server [a-z-]+:\\d+ resolve", "server 127.0.0.1:" + service)
                    .replace("listen [::]:8443", "listen [::1]:" + https)
                    .replace("listen [::]:8080", "listen [::1]:" + http)
                    .replace("listen 8443", "listen 127.0.0.1:" + https)
                    .replace("listen 8080", "listen 127.0.0.1:" + http)
                    .replace("127.0.0.1:8079", "127.0.0.1:" + health);
        }
    }
}
