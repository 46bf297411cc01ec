package org.messengerp2p.auth.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.internal.InternalListener;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** What signaling-service asks, over the listener that only services reach. */
@QuarkusTest
class RevocationsEndpointTest extends AuthServiceTest {
    private static final String FROM_THE_START = "";

    private final AccountId account = new AccountId(UUID.randomUUID());

    @Inject
    InternalListener listener;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Inject
    RevokedDevices revoked;

    @Inject
    ShiftedClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void namesADeviceWhenItIsRemoved() {
        SignedIn person = accounts.newcomer();
        TestAccount its = person.account();
        TestDevice second = its.newDevice();
        byte[] two = its.listAfter(its.firstList(), its.device(), second);
        accounts.putDevices(accounts.pendingToken(its), two, second.prekeys(0, 0));
        Round before = round(FROM_THE_START);

        accounts.putDevices(person.tokens().auth(), its.listAfter(two, its.device()), null);

        assertFalse(before.devices().contains(second.device()));
        assertTrue(round(before.next()).devices().contains(second.device()));
        assertTrue(round(FROM_THE_START).devices().contains(second.device()));
        assertFalse(round(FROM_THE_START).devices().contains(its.device().device()));
    }

    /** A transaction that is open anywhere in the cluster lets the last ones be told again. */
    @Test
    void tellsNothingForEver() throws Exception {
        try (Connection transaction = transaction()) {
            remove(transaction, device(1));
            transaction.commit();
        }

        Round first = round(FROM_THE_START);
        assertTrue(first.devices().contains(device(1)));
        AtomicReference<Round> last = new AtomicReference<>(first);
        Eventually.isTrue("told no more", () -> {
            last.set(round(last.get().next()));
            return !last.get().devices().contains(device(1));
        });
    }

    @Test
    void missesNothingThatIsCommittedLate() throws Exception {
        try (Connection early = transaction();
                Connection late = transaction()) {
            remove(early, device(1));
            remove(late, device(2));
            late.commit();

            Round first = round(FROM_THE_START);
            early.commit();
            Round second = round(first.next());

            assertEquals(Set.of(device(2)), ours(first));
            assertTrue(ours(second).contains(device(1)));
        }
    }

    @Test
    void missesNothingThatIsCommittedBetweenTwoPages() throws Exception {
        List<Device> many =
                LongStream.rangeClosed(2, 1502).mapToObj(this::device).toList();
        try (Connection early = transaction();
                Connection late = transaction()) {
            remove(early, device(1));
            remove(late, many.toArray(Device[]::new));
            late.commit();

            Answer page = ask(FROM_THE_START);
            early.commit();
            Set<Device> told = new HashSet<>(devices(page));
            while (page.body().path("more").asBoolean()) {
                page = ask(page.text("next"));
                told.addAll(devices(page));
            }
            Round next = round(page.text("next"));

            assertTrue(told.containsAll(many));
            assertTrue(ours(next).contains(device(1)));
        }
    }

    @Test
    void tellsAllWhereTheCursorIsOfAnotherDatabase() throws Exception {
        try (Connection transaction = transaction()) {
            remove(transaction, device(1));
            transaction.commit();
        }

        assertEquals(Set.of(device(1)), ours(round("900000000000000000")));
    }

    @Test
    void forgetsWhatNoTokenOutlives() throws Throwable {
        try (Connection transaction = transaction()) {
            remove(transaction, Duration.ofMinutes(64), device(1));
            remove(transaction, Duration.ofMinutes(66), device(2));
            transaction.commit();
        }

        VertxContextSupport.subscribeAndAwait(revoked::forgetOld);

        assertEquals(Set.of(device(1)), ours(round(FROM_THE_START)));
    }

    @Test
    void namesTheDevicesOfADeletedAccountAsLongAsTheirTokensMayLive() throws Throwable {
        SignedIn person = accounts.newcomer();
        Device its = person.account().device().device();
        accounts.deleteAccount(person.tokens().auth(), person.account().authSecret());
        assertTrue(round(FROM_THE_START).devices().contains(its));

        clock.advance(Duration.ofMinutes(64));
        VertxContextSupport.subscribeAndAwait(revoked::forgetOld);
        assertTrue(round(FROM_THE_START).devices().contains(its));

        clock.advance(Duration.ofMinutes(1));
        VertxContextSupport.subscribeAndAwait(revoked::forgetOld);
        assertFalse(round(FROM_THE_START).devices().contains(its));
    }

    @Test
    void refusesWhoHasNotTheSecretAndWhatIsNoCursor() {
        String path = "/internal/v1/revocations";

        assertEquals(401, internal().get(path, null).status());
        assertEquals(401, internal().get(path, "0".repeat(32)).status());
        assertEquals(404, rest.get(path, InternalSecretResource.SECRET).status());
        for (String malformed : List.of("x", "-1", "1.", "1.2.3", "9".repeat(19))) {
            assertEquals(400, ask(malformed).status(), malformed);
        }
    }

    /** All pages of one round. */
    private record Round(List<Device> devices, String next) {}

    private Round round(String since) {
        List<Device> told = new ArrayList<>();
        Answer page = ask(since);
        told.addAll(devices(page));
        while (page.body().path("more").asBoolean()) {
            page = ask(page.text("next"));
            told.addAll(devices(page));
        }
        return new Round(told, page.text("next"));
    }

    private Set<Device> ours(Round round) {
        Set<Device> ours = new HashSet<>(round.devices());
        ours.removeIf(device -> !device.account().equals(account));
        return ours;
    }

    private static List<Device> devices(Answer page) {
        List<Device> devices = new ArrayList<>();
        for (JsonNode device : page.body().path("devices")) {
            devices.add(new Device(
                    AccountId.parse(device.path("account").asText()),
                    DeviceId.of(device.path("device").asLong())));
        }
        return devices;
    }

    private Answer ask(String since) {
        return internal()
                .get(
                        "/internal/v1/revocations" + (since.isEmpty() ? "" : "?since=" + since),
                        InternalSecretResource.SECRET);
    }

    private RestClient internal() {
        return new RestClient(URI.create("http://127.0.0.1:" + listener.port()));
    }

    private Device device(long id) {
        return new Device(account, DeviceId.of(id));
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void remove(Connection transaction, Device... devices) throws SQLException {
        remove(transaction, Duration.ZERO, devices);
    }

    private static void remove(Connection transaction, Duration ago, Device... devices) throws SQLException {
        try (PreparedStatement insert = transaction.prepareStatement(
                "insert into revoked_device (account_id, device_id, removed_at) values (?, ?, ?)")) {
            for (Device device : devices) {
                insert.setObject(1, device.account().value());
                insert.setLong(2, device.device().value());
                insert.setObject(3, Instant.now().minus(ago).atOffset(ZoneOffset.UTC));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
