package io.gatefleet.allocator.store;

class InMemoryLedgerStoreTest extends LedgerStoreContract {
    @Override
    protected LedgerStore empty() {
        return new InMemoryLedgerStore();
    }
}
