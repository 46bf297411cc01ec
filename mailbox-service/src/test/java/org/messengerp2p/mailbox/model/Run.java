package org.messengerp2p.mailbox.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.model.MailboxModel.Outcome;
import org.messengerp2p.mailbox.model.MailboxModel.Page;
import org.messengerp2p.mailbox.model.MailboxModel.Waiting;

/** Takes the same steps in the service and in the model, on accounts of its own, and compares each answer. */
final class Run {

    private final Random random = new Random();
    private final MailboxApi api;
    private final World world;
    private final List<AccountId> accounts;
    private final List<MailboxModel> models;
    private final Map<Integer, byte[]> envelopes = new HashMap<>();
    private final Map<Integer, byte[]> tokens = new HashMap<>();
    private final Map<Device, Collected> lastCollected = new HashMap<>();

    Run(MailboxApi api, World world, int quotaEnvelopes, long quotaBytes) {
        this.api = api;
        this.world = world;
        accounts = accountsAndModels(account -> AccountId.of(bytes(16)));
        models = accountsAndModels(account -> new MailboxModel(quotaEnvelopes, quotaBytes));
    }

    /** @return the number of the first step at which the service differs, and how; empty where it never does */
    Optional<String> firstDifference(List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            String expected = null;
            String actual;
            try {
                List<String> both = take(steps.get(i));
                expected = both.get(0);
                actual = both.get(1);
            } catch (AssertionError unreadable) {
                actual = unreadable.getMessage();
            }
            if (!actual.equals(expected)) {
                return Optional.of("step " + i + ", " + steps.get(i) + ": expected " + expected + ", was " + actual);
            }
        }
        return Optional.empty();
    }

    /** @return what the model answers, and what the service does */
    private List<String> take(Step step) {
        if (step instanceof Step.AuthLists lists) {
            MailboxModel model = models.get(lists.account());
            model.authLists(lists.devices());
            world.authKnows(accounts.get(lists.account()), model.authVersion(), ids(lists.devices()));
            return List.of("", "");
        }
        if (step instanceof Step.Tell tell) {
            MailboxModel model = models.get(tell.account());
            if (model.authVersion() == 0) {
                return List.of("", "");
            }
            model.learn();
            return List.of("204", told(tell.account(), model.authVersion(), model.authDevices()));
        }
        if (step instanceof Step.TellOld old) {
            MailboxModel model = models.get(old.account());
            long version = Math.max(1, model.listVersion() - 1);
            if (model.listVersion() == 0) {
                return List.of("", "");
            }
            return List.of("204", told(old.account(), version, old.devices()));
        }
        if (step instanceof Step.PutToken put) {
            boolean admitted = models.get(put.account()).putToken(put.device(), put.token());
            Answer answer = api.putDeliveryToken(device(put.account(), put.device()), token(put.token()));
            return List.of(admitted ? "204" : "401 device-revoked", inWords(answer));
        }
        if (step instanceof Step.Deliver deliver) {
            return deliver(deliver);
        }
        if (step instanceof Step.Messages messages) {
            return messages(messages);
        }
        if (step instanceof Step.Collect collect) {
            return collect(collect);
        }
        if (step instanceof Step.Ack ack) {
            return acknowledge(ack);
        }
        Step.Expire expire = (Step.Expire) step;
        models.get(expire.account()).expire(expire.device(), expire.count());
        world.expire(device(expire.account(), expire.device()), expire.count());
        return List.of("", "");
    }

    private List<String> deliver(Step.Deliver step) {
        MailboxModel model = models.get(step.account());
        long version = Math.max(1, model.listVersion() + step.ahead());
        Outcome expected = model.deliver(step.token(), version, step.parcels());
        Answer actual =
                api.deliver(accounts.get(step.account()), token(step.token()), version, addressed(step.parcels()));
        return List.of(inWords(expected, model), inWords(actual));
    }

    private List<String> messages(Step.Messages step) {
        MailboxModel model = models.get(step.account());
        BooleanSupplier sender = () -> models.get(step.fromAccount()).admits(step.fromDevice());
        // Asked first of all: what the copy learns of the sender's account is known when the version is taken.
        sender.getAsBoolean();
        long version = Math.max(1, model.listVersion() + step.ahead());
        Outcome expected = model.messages(sender, version, step.fromAccount() != step.account(), step.parcels());
        Answer actual = api.messages(
                device(step.fromAccount(), step.fromDevice()),
                accounts.get(step.account()),
                version,
                addressed(step.parcels()));
        return List.of(inWords(expected, model), inWords(actual));
    }

    private List<String> collect(Step.Collect step) {
        MailboxModel model = models.get(step.account());
        Device device = device(step.account(), step.device());
        model.admits(step.device());
        Collected last = lastCollected.get(device);
        boolean onward = step.onward() && last != null && last.next != null && last.in == model.mailbox(step.device());
        Optional<Page> expected = model.collect(step.device(), onward ? last.position : 0, step.limit());
        Answer actual = api.collect(device, onward ? last.next : null, step.limit());
        expected.ifPresent(page -> lastCollected.put(
                device,
                new Collected(
                        model.mailbox(step.device()),
                        page.items().stream().map(Waiting::envelope).toList(),
                        page.items().isEmpty()
                                ? 0
                                : page.items().get(page.items().size() - 1).position(),
                        actual.body().path("next").asText(null))));
        return List.of(expected.map(this::inWords).orElse("401 device-revoked"), pageInWords(actual));
    }

    private List<String> acknowledge(Step.Ack step) {
        Device device = device(step.account(), step.device());
        Collected last = lastCollected.get(device);
        List<Integer> envelopesOf = last == null ? List.of() : last.envelopes;
        List<Integer> named = IntStream.range(0, envelopesOf.size())
                .filter(i -> i % step.every() == 0)
                .mapToObj(envelopesOf::get)
                .toList();
        List<String> ids = new ArrayList<>(named.stream().map(this::id).toList());
        ids.add(EnvelopeId.of(bytes(8)).base64url());
        boolean admitted = models.get(step.account()).acknowledge(step.device(), named);
        return List.of(admitted ? "204" : "401 device-revoked", inWords(api.ack(device, ids)));
    }

    private String told(int account, long version, List<Integer> devices) {
        return Integer.toString(
                world.tell(accounts.get(account), version, ids(devices)).status());
    }

    private String inWords(Outcome outcome, MailboxModel model) {
        return outcome.refusal()
                .map(refusal -> switch (refusal) {
                    case DELIVERY_TOKEN -> "401 delivery-token";
                    case NOT_FOUND -> "404 not-found";
                    case LIST_VERSION -> "409 list-version " + model.listVersion();
                    case DEVICE_REVOKED -> "401 device-revoked";
                })
                .orElseGet(() -> "200 " + outcome.states());
    }

    private static String inWords(Answer answer) {
        if (answer.status() == 200) {
            return "200 " + answer.states();
        }
        if (answer.status() == 204) {
            return "204";
        }
        String slug = answer.body().path("type").asText().replace("urn:mp2p:problem:", "");
        return answer.status() + " " + slug
                + (slug.equals("list-version") ? " " + answer.body().path("list_version") : "");
    }

    private String inWords(Page page) {
        return page.items().stream()
                .map(waiting -> id(waiting.envelope()))
                .collect(Collectors.joining(
                        " ", "200 [", "] drained " + page.drained() + ", expired " + page.expired()));
    }

    private String pageInWords(Answer answer) {
        if (answer.status() != 200) {
            return inWords(answer);
        }
        List<String> ids = answer.envelopes().stream()
                .map(bytes -> EnvelopeId.of(bytes).base64url())
                .toList();
        String named = ids.equals(answer.ids()) ? "" : " under other ids: " + answer.ids();
        String cursor = Objects.isNull(answer.next()) == ids.isEmpty() ? "" : " with a wrong cursor";
        return "200 [" + String.join(" ", ids) + "] drained " + answer.drained() + ", expired " + answer.expired()
                + named + cursor;
    }

    private Addressed[] addressed(List<Step.Parcel> parcels) {
        return parcels.stream()
                .map(parcel -> new Addressed(
                        deviceId(parcel.device()),
                        envelopes.computeIfAbsent(parcel.envelope(), first -> bytes(parcel.size()))))
                .toArray(Addressed[]::new);
    }

    private String id(int envelope) {
        return EnvelopeId.of(envelopes.get(envelope)).base64url();
    }

    private byte[] token(int number) {
        return tokens.computeIfAbsent(number, first -> bytes(16));
    }

    private Device device(int account, int device) {
        return new Device(accounts.get(account), deviceId(device));
    }

    private static DeviceId deviceId(int device) {
        return new DeviceId(device + 1);
    }

    private static List<DeviceId> ids(List<Integer> devices) {
        return devices.stream().map(Run::deviceId).toList();
    }

    private static <T> List<T> accountsAndModels(IntFunction<T> make) {
        return IntStream.range(0, Steps.ACCOUNTS).mapToObj(make).toList();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** @param in the mailbox in which it was: cursors of a mailbox that has ended mean nothing */
    private record Collected(Object in, List<Integer> envelopes, long position, String next) {}
}
