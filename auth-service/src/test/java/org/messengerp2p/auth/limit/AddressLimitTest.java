package org.messengerp2p.auth.limit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;

/** Nobody gets more tries by another way to write an address or a path. */
@QuarkusTest
@TestProfile(AddressLimitTest.OneTrustedProxy.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AddressLimitTest extends AuthServiceTest {
    private static final String STRANGER = "127.0.0.1";
    private static final String PROXY = "127.0.1.2";
    private static final int TRIES = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random();

    @Test
    void believesNobodyButTheTrustedProxy() throws IOException {
        useUp(STRANGER, "");

        assertEquals(429, login(STRANGER, "X-Forwarded-For: 198.51.100.7\r\n", "/login"));
        assertEquals(429, login(STRANGER, "Forwarded: for=198.51.100.7\r\n", "/login"));
        assertEquals(429, login(STRANGER, "X-Real-IP: 198.51.100.7\r\n", "/login"));
        assertEquals(401, login(PROXY, forwarded("198.51.100.7"), "/login"), "nor has anybody else's been used up");
    }

    @Test
    void countsAnIpv6NetworkAsOne() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(401, login(PROXY, forwarded("2001:db8:0:1::" + Integer.toHexString(i + 1)), "/login"));
        }

        assertEquals(429, login(PROXY, forwarded("2001:db8:0:1:ffff:ffff:ffff:ffff"), "/login"));
        assertEquals(429, login(PROXY, forwarded("2001:0DB8:0000:0001:0:0:0:1"), "/login"));
        assertEquals(401, login(PROXY, forwarded("2001:db8:0:2::1"), "/login"));
    }

    @Test
    void countsAnIpv4AddressWrittenAsIpv6AsItself() throws IOException {
        useUp(PROXY, forwarded("203.0.113.5"));

        assertEquals(429, login(PROXY, forwarded("203.0.113.77"), "/login"), "the same /24");
        assertEquals(429, login(PROXY, forwarded("::ffff:203.0.113.5"), "/login"));
        assertEquals(429, login(PROXY, forwarded("::ffff:cb00:7105"), "/login"));
        assertEquals(401, login(PROXY, forwarded("::ffff:203.0.114.5"), "/login"));
    }

    @Test
    void countsAPathHoweverItIsWritten() throws IOException {
        String address = forwarded("192.0.2.9");
        useUp(PROXY, address);

        for (String path :
                new String[] {"/login/", "/%6Cogin", "//login", "/./login", "/x/../login", "/login?a=b", "/LOGIN"}) {
            int status = login(PROXY, address, path);

            assertNotEquals(401, status, path);
            assertNotEquals(200, status, path);
        }
    }

    @Test
    @Order(1)
    void letsADeviceRefreshWhereEveryPasswordTryIsUsedUp() throws IOException {
        SignedIn victim = accounts.newcomer();

        useUp(STRANGER, "");

        assertEquals(
                429,
                accounts.login(victim.account().username(), victim.account().authSecret())
                        .status());
        assertEquals(200, accounts.refresh(victim.account().device()).status());
    }

    @Test
    void countsSignUpsByAddressAndAccountsFromEverywhere() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals(422, signUp("198.51.100.20", nonsense()));
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(429, signUp("198.51.100.21", nonsense()), "the same /24");
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(422, signUp("203.0.112.1", nonsense()));
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    201, signUp("192.0." + (3 + i) + ".1", sound()), "what makes no account counts for nobody else");
        }

        assertEquals(429, signUp("192.0.9.1", sound()), "four accounts in all, the first one that of another test");
    }

    /** Five tries an address, and a proxy that is believed. */
    public static class OneTrustedProxy implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.auth.limits.passwords-by-address",
                    TRIES + "/PT15M",
                    "mp2p.auth.limits.registrations-by-address",
                    "3/PT1H",
                    "mp2p.auth.limits.registrations",
                    "4/PT24H",
                    "quarkus.http.proxy.proxy-address-forwarding",
                    "true",
                    "quarkus.http.proxy.allow-x-forwarded",
                    "true",
                    "quarkus.http.proxy.trusted-proxies",
                    PROXY);
        }
    }

    private void useUp(String from, String headers) throws IOException {
        int tries = 0;
        while (login(from, headers, "/login") == 401) {
            tries++;
        }
        assertTrue(tries <= TRIES, tries + " tries");
    }

    private static String forwarded(String address) {
        return "X-Forwarded-For: " + address + "\r\n";
    }

    /** A guess for another name each time. @return the status */
    private int login(String from, String headers, String path) throws IOException {
        return post(
                from, headers, path, Map.of("username", TestAccount.anybody().username(), "auth_secret", secret()));
    }

    /** @return the status */
    private int signUp(String address, Map<String, Object> request) throws IOException {
        return post(PROXY, forwarded(address), "/accounts", request);
    }

    private static Map<String, Object> nonsense() {
        Map<String, Object> request = TestAccount.anybody().registration(new byte[16]);
        request.put("dlc", "AA");
        return request;
    }

    private Map<String, Object> sound() {
        TestAccount account = TestAccount.anybody();
        return account.registration(accounts.serverSalt(account.username()));
    }

    private String secret() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** As it goes over the wire, from an address of this machine. */
    private int post(String from, String headers, String path, Map<String, Object> body) throws IOException {
        byte[] json = JSON.writeValueAsBytes(body);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), service.getPort(), InetAddress.getByName(from), 0)) {
            socket.getOutputStream()
                    .write(("POST " + AUTH + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + json.length + "\r\n"
                                    + headers + "\r\n")
                            .getBytes(US_ASCII));
            socket.getOutputStream().write(json);
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }
}
