package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.internal.InternalListener;
import org.messengerp2p.testkit.Citus;
import org.messengerp2p.testkit.JwksResource;

/** The running service with a real database; each test makes accounts of its own. */
@QuarkusTestResource(value = CuttableDatabase.class, initArgs = @ResourceArg(name = "datasource", value = "mailbox"))
@QuarkusTestResource(JwksResource.class)
@QuarkusTestResource(AuthDouble.class)
public abstract class MailboxTest {

    @TestHTTPResource("/")
    protected URI root;

    @Inject
    @io.quarkus.agroal.DataSource("mailbox")
    protected DataSource dataSource;

    @Inject
    InternalListener internal;

    @ConfigProperty(name = "mp2p.mailbox.auth-internal-url")
    URI auth;

    @ConfigProperty(name = CuttableDatabase.SWITCH)
    URI databaseSwitch;

    protected MailboxApi api;

    @BeforeEach
    void connect() throws SQLException {
        api = new MailboxApi(root);
        try (Connection connection = dataSource.getConnection()) {
            Citus.distribute(connection);
        }
    }

    protected static byte[] random(int length) {
        byte[] bytes = new byte[length];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }

    /** A device of an account that nobody knows yet. */
    protected static Device newDevice() {
        return new Device(AccountId.of(random(16)), newDeviceId());
    }

    protected static DeviceId newDeviceId() {
        return new DeviceId(ThreadLocalRandom.current().nextLong(1, 1L << 32));
    }

    /** A device of an account whose list of version 1 has it alone. */
    protected Device newListedDevice() {
        Device device = newDevice();
        list(device.account(), 1, device.device());
        return device;
    }

    /** As auth-service hands a list over. */
    protected void list(AccountId account, long listVersion, DeviceId... devices) {
        assertEquals(
                204,
                putList(account, AuthDouble.SECRET, listJson(listVersion, devices))
                        .status());
    }

    protected Answer putList(AccountId account, String secret, String body) {
        return MailboxApi.send(directory(account.base64url(), secret)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** As auth-service tells the end of an account. */
    protected Answer delete(String account, String secret) {
        return MailboxApi.send(directory(account, secret).DELETE());
    }

    /** As signaling-service asks which delivery tokens are right. */
    protected Answer askAboutTokens(String secret, String body) {
        return MailboxApi.send(internal("delivery-tokens", secret)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder directory(String account, String secret) {
        return internal("devices/" + account, secret);
    }

    private HttpRequest.Builder internal(String path, String secret) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + internal.port() + "/internal/v1/" + path))
                .header("Authorization", "Bearer " + secret);
    }

    /** What auth-service answers when it is asked. */
    protected void authKnows(AccountId account, long listVersion, DeviceId... devices) {
        prepareAuth(account, listJson(listVersion, devices));
    }

    protected void authFails(AccountId account) {
        prepareAuth(account, "");
    }

    protected int questionsAbout(AccountId account) {
        return MailboxApi.send(HttpRequest.newBuilder(authControl(account)))
                .body()
                .asInt();
    }

    protected void database(String turn) {
        MailboxApi.send(HttpRequest.newBuilder(databaseSwitch.resolve("/" + turn))
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .is(204);
    }

    /**
     * Makes a call beside those of the test, on a thread of its own: on few cores the common pool has one for all, and a
     * call that waits there takes up others on its stack.
     */
    protected static <T> CompletableFuture<T> meanwhile(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> {
            Thread caller = new Thread(task, "caller");
            caller.setDaemon(true);
            caller.start();
        });
    }

    /** Runs a statement past the service. */
    protected int update(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** First column of a query past the service. */
    protected List<byte[]> column(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<byte[]> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getBytes(1));
            }
            return values;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    protected long number(String sql) {
        return Long.parseLong(new String(column(sql).get(0), StandardCharsets.US_ASCII));
    }

    private void prepareAuth(AccountId account, String body) {
        MailboxApi.send(HttpRequest.newBuilder(authControl(account)).PUT(HttpRequest.BodyPublishers.ofString(body)))
                .is(200);
    }

    private URI authControl(AccountId account) {
        return auth.resolve("/test/devices/" + account.base64url());
    }

    private static String listJson(long listVersion, DeviceId... devices) {
        List<Long> ids = Arrays.stream(devices).map(DeviceId::value).toList();
        return "{\"list_version\":" + listVersion + ",\"devices\":" + ids + "}";
    }
}
