package org.messengerp2p.standalone.inprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.revocation.Revocations;
import org.messengerp2p.signaling.revocation.Revocations.Answer;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** signaling-service asks auth-service which devices were removed. */
abstract class RevocationsContract extends ContractTest {

    /** It is told again while a transaction is open that began before. */
    private static final int MANY = 1000;

    private SignedIn person;
    private TestDevice second;
    private byte[] two;

    abstract Revocations revocations();

    @BeforeEach
    void addADevice() {
        person = accounts.newcomer();
        TestAccount account = person.account();
        second = account.newDevice();
        two = account.listAfter(account.firstList(), account.device(), second);
        assertEquals(
                200,
                accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(1, 1))
                        .status());
    }

    @Test
    void aRemovedDeviceIsToldToWhoAskedBefore() throws Throwable {
        Answer before = since(Optional.empty());

        removeIt();

        assertFalse(tells(before, second.device()));
        assertTrue(tells(since(Optional.of(before.next())), second.device()));
    }

    @Test
    void aRemovedDeviceIsToldToWhoAsksForTheFirstTime() throws Throwable {
        removeIt();

        Answer first = since(Optional.empty());

        assertTrue(tells(first, second.device()));
        assertFalse(tells(first, person.account().device().device()));
    }

    @Test
    void whatWasToldIsNotToldForEver() throws Throwable {
        removeIt();

        Answer answer = since(Optional.empty());
        for (int asked = 0; tells(answer, second.device()) && asked < MANY; asked++) {
            answer = since(Optional.of(answer.next()));
        }

        assertFalse(tells(answer, second.device()));
    }

    @Test
    void whatIsNoCursorIsRefused() {
        assertThrows(Exception.class, () -> since(Optional.of("yesterday")));
    }

    private void removeIt() {
        TestAccount account = person.account();
        assertEquals(
                200,
                accounts.putDevices(person.tokens().auth(), account.listAfter(two, account.device()), null)
                        .status());
    }

    private Answer since(Optional<String> cursor) throws Throwable {
        return answer(() -> revocations().since(cursor));
    }

    private static boolean tells(Answer answer, Device device) {
        return answer.devices().contains(device);
    }
}
