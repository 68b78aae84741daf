package io.gatefleet.bench.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.gatefleet.bench.load.Door;
import io.gatefleet.bench.load.Grant;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.bench.load.Slots;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Ranges in etcd, as a team would build them with jetcd: a lease for each, and one key for each slot of a host's pool,
 * put by a transaction only where it is absent. The transaction that finds it taken brings back what else is. A renewal
 * keeps the lease alive once; a release revokes it, which deletes the key.
 */
final class EtcdDoor implements Door {
    private static final long TERM_SECONDS = 30;

    private final List<Client> clients;

    /** @param endpoints of one client each; callers are spread over the clients */
    EtcdDoor(List<String> endpoints) {
        clients = endpoints.stream()
                .map(endpoint -> Client.builder().endpoints(endpoint).build())
                .toList();
    }

    @Override
    public Executor thread(int caller) {
        return Runnable::run;
    }

    @Override
    public CompletionStage<Grant> acquire(int caller, Seat seat) {
        Client client = client(caller);
        return client.getLeaseClient()
                .grant(TERM_SECONDS)
                .thenCompose(lease -> claim(client, seat, Slots.first(seat), lease.getID()));
    }

    private static CompletionStage<Grant> claim(Client client, Seat seat, int slot, long lease) {
        ByteSequence host = bytes("/ranges/" + seat.host() + "/");
        ByteSequence key = host.concat(bytes(Integer.toString(slot)));
        return client.getKVClient()
                .txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(0)))
                .Then(Op.put(
                        key,
                        bytes(seat.instance()),
                        PutOption.builder().withLeaseId(lease).build()))
                .Else(Op.get(
                        host,
                        GetOption.builder().isPrefix(true).withKeysOnly(true).build()))
                .commit()
                .thenCompose(answer -> answer.isSucceeded()
                        ? CompletableFuture.completedFuture(new Grant(seat, Seat.base(slot), lease))
                        : claim(client, seat, Slots.next(taken(answer, host)), lease));
    }

    private static BitSet taken(TxnResponse answer, ByteSequence host) {
        BitSet taken = new BitSet();
        for (KeyValue found : answer.getGetResponses().get(0).getKvs()) {
            taken.set(Integer.parseInt(found.getKey().substring(host.size()).toString(StandardCharsets.UTF_8)));
        }
        return taken;
    }

    @Override
    public CompletionStage<?> renew(int caller, Grant grant) {
        return client(caller).getLeaseClient().keepAliveOnce((Long) grant.proof());
    }

    @Override
    public CompletionStage<?> release(int caller, Grant grant) {
        return client(caller).getLeaseClient().revoke((Long) grant.proof());
    }

    private Client client(int caller) {
        return clients.get(caller % clients.size());
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }
}
