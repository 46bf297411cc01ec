package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.http.LongAnswers;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Eventually;

/** Pages that are asked for and not read, as by somebody who wants to fill the memory. */
@QuarkusTest
@TestProfile(UnreadAnswersTest.LittleRoom.class)
class UnreadAnswersTest extends MailboxTest {

    /** Room for two full pages of everybody, one of each address. */
    public static class LittleRoom implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.http.bodies.in-all", "8M",
                    "mp2p.http.bodies.by-address", "3M",
                    "mp2p.http.bodies.grace", "PT15S",
                    "mp2p.http.bodies.slowest", "16M",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    @Inject
    LongAnswers answers;

    @Inject
    MeterRegistry meters;

    private final List<Socket> readers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Socket reader : readers) {
            reader.close();
        }
        Eventually.isTrue("all room is free", () -> answers.held() == 0);
    }

    @Test
    void oneAddressHoldsNoMoreThanItsShareAndTheOthersGoOn() throws Exception {
        Device bob = withAFullPage();
        askAndReadNothing("10.0.0.1", bob);
        awaitAPageThatNobodyTakes();

        api.from("10.0.0.2").collect(bob).isProblem(503, "unavailable");
        assertEquals(50, api.from("10.0.1.1").collect(bob).ids().size());
    }

    @Test
    void whoReadsNothingIsCutOff() throws Exception {
        Device bob = withAFullPage();
        double before = cutOff();
        askAndReadNothing("10.0.0.1", bob);
        awaitAPageThatNobodyTakes();

        Eventually.isTrue("it is given up", () -> cutOff() > before && answers.held() == 0);
        assertEquals(50, api.from("10.0.0.1").collect(bob).ids().size());
    }

    @Test
    void whoHasGoneHoldsNothing() throws Exception {
        Device bob = withAFullPage();
        askAndReadNothing("10.0.0.1", bob);
        awaitAPageThatNobodyTakes();

        double before = cutOff();
        readers.get(0).close();

        Eventually.isTrue("all room is free", () -> answers.held() == 0);
        assertEquals(before, cutOff());
    }

    /** The first may be held for a moment and go into the system's buffers whole. */
    private void awaitAPageThatNobodyTakes() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        Eventually.isTrue("a page is held and stays", () -> {
            looks.set(answers.held() > 2_700_000 ? looks.get() + 1 : 0);
            return looks.get() == 10;
        });
    }

    private double cutOff() {
        return meters.counter("mp2p.http.answers.cut.off").count();
    }

    private Device withAFullPage() {
        Device bob = newListedDevice();
        for (int request = 0; request < 5; request++) {
            Addressed[] ten = new Addressed[10];
            for (int each = 0; each < 10; each++) {
                ten[each] = Addressed.to(bob, random(40_960));
            }
            api.messages(bob, bob.account(), 1, ten).is(200);
        }
        return bob;
    }

    /** Often enough that it is more than the system's own buffers take. */
    private void askAndReadNothing(String from, Device device) throws IOException {
        Socket reader = new Socket();
        readers.add(reader);
        reader.setReceiveBufferSize(4096);
        reader.connect(new InetSocketAddress(root.getHost(), root.getPort()));
        String ask = "GET /api/mailbox/v1/collect HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + from
                + "\r\nAuthorization: Bearer " + MailboxApi.tokenOf(device) + "\r\n\r\n";
        reader.getOutputStream().write(ask.repeat(8).getBytes(StandardCharsets.US_ASCII));
    }
}
