package org.messengerp2p.standalone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.standalone.launch.StandaloneResource;
import org.messengerp2p.standalone.launch.TestRelease;

@QuarkusTest
@WithTestResource(StandaloneResource.class)
class WebRoutesTest {

    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self';"
            + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types app";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI root;

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/c/abc", "/settings", "/settings/devices"})
    void answersThePagesRoutesWithThePage(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertEquals(200, answer.statusCode());
        assertEquals(TestRelease.PAGE, answer.body());
        assertEquals("text/html; charset=utf-8", header(answer, "Content-Type"));
        assertEquals("no-cache", header(answer, "Cache-Control"));
        assertEquals(List.of(PAGE_POLICY), answer.headers().allValues("Content-Security-Policy"));
    }

    @Test
    void letsTheCoreWorkerAloneCompileWebAssembly() throws Exception {
        String policy = header(get(TestRelease.WORKER), "Content-Security-Policy");

        assertEquals(PAGE_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"), policy);
        assertEquals(PAGE_POLICY, header(get(TestRelease.APP), "Content-Security-Policy"));
    }

    @Test
    void keepsHashedFilesForEver() throws Exception {
        assertEquals("public, max-age=31536000, immutable", header(get(TestRelease.APP), "Cache-Control"));
        assertEquals("text/javascript; charset=utf-8", header(get(TestRelease.APP), "Content-Type"));
        assertEquals("image/svg+xml", header(get("/icons-0123456789abcdef.svg"), "Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", TestRelease.APP, "/api/none", "/none", "/q/health"})
    void setsTheOtherHeadersOnEveryResponse(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(answer, "Referrer-Policy"));
        assertEquals("same-origin", header(answer, "Cross-Origin-Opener-Policy"));
        assertEquals("require-corp", header(answer, "Cross-Origin-Embedder-Policy"));
        assertEquals("same-origin", header(answer, "Cross-Origin-Resource-Policy"));
        assertEquals("DENY", header(answer, "X-Frame-Options"));
        assertTrue(header(answer, "Permissions-Policy").contains("camera=(self)"));
        assertEquals(1, answer.headers().allValues("Content-Security-Policy").size());
        assertTrue(answer.headers().firstValue("Strict-Transport-Security").isEmpty());
    }

    @Test
    void sendsTheBestCodingThatTheBrowserTakes() throws Exception {
        assertEquals("br", coded("gzip, deflate, br, zstd"));
        assertEquals("gzip", coded("gzip, br;q=0"));
        assertEquals("app", coded("deflate"));
        assertEquals("app", get(TestRelease.APP).body());
        assertEquals("accept-encoding", header(get(TestRelease.APP), "Vary"));
    }

    @Test
    void answersAKnownReleaseWithoutItsContent() throws Exception {
        String tag = header(get("/"), "ETag");

        HttpResponse<String> answer = send(request("/").header("If-None-Match", tag));

        assertEquals(304, answer.statusCode());
        assertEquals("", answer.body());
    }

    @Test
    void tellsTheLengthToHead() throws Exception {
        HttpResponse<String> answer = send(request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertEquals(200, answer.statusCode());
        assertEquals(Integer.toString(TestRelease.PAGE.length()), header(answer, "Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none",
                "/app-ffffffffffffffff.js",
                "/index.html.br",
                "/../pom.xml",
                "/%2e%2e/pom.xml",
                "/q/health",
                "/q/metrics",
                "/internal/v1/devices/AAAAAAAAAAAAAAAAAAAAAA",
                "//q/health",
                "/api/../q/health",
                "/api/%2e%2e/q/health"
            })
    void answersEverythingElseWithNotFound(String path) throws Exception {
        assertEquals(404, rawStatus("GET", path));
    }

    @Test
    void answersAnUnknownCallWithAProblem() throws Exception {
        for (String path : List.of("/api/none", "/api/auth/v1/none", "/api/")) {
            HttpResponse<String> answer = get(path);

            assertEquals(404, answer.statusCode(), path);
            assertEquals("application/problem+json", header(answer, "Content-Type"), path);
            assertTrue(answer.body().contains("urn:mp2p:problem:not-found"), answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"})
    void takesReadingMethodsOnly(String method) throws Exception {
        int status = rawStatus(method, "/");

        assertTrue(status == 405 || status == 501, method + " gives " + status);
    }

    @Test
    void refusesASocketWithoutAToken() throws Exception {
        assertEquals(
                401,
                rawStatus(
                        "GET",
                        "/ws",
                        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost:"
                                + root.getPort()
                                + "\r\n"));
        assertFalse(get("/ws").statusCode() < 400);
    }

    private String coded(String acceptEncoding) throws Exception {
        HttpResponse<String> answer = send(request(TestRelease.APP).header("Accept-Encoding", acceptEncoding));
        assertEquals(
                answer.body().equals("app") ? "" : answer.body(),
                answer.headers().firstValue("Content-Encoding").orElse(""));
        return answer.body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private int rawStatus(String method, String path) throws IOException {
        return rawStatus(method, path, "");
    }

    /** Sends the path as it is; an HTTP client would tidy it. */
    private int rawStatus(String method, String path, String headers) throws IOException {
        try (var socket = new java.net.Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: localhost:" + root.getPort() + "\r\n" + headers
                                    + "\r\n")
                            .getBytes());
            var reader = new java.io.BufferedReader(new java.io.InputStreamReader(socket.getInputStream()));
            return Integer.parseInt(reader.readLine().split(" ")[1]);
        }
    }
}
