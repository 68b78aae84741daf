package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.lease.LeaseReply;
import java.util.ArrayList;
import java.util.List;

/** What became of one command where its ledger is. */
sealed interface LedgerAnswer {
    int REPLY = 1;
    int COMPLAINT = 2;
    int BUG = 3;

    /**
     * The reply, to who gave that command.
     *
     * @throws BadInput if it could not be meant for that ledger
     */
    <R> R to(Command<R> command);

    void write(FieldWriter out);

    /** The reply itself: on the member that asked. */
    record Reply(Object value) implements LedgerAnswer {
        @Override
        @SuppressWarnings("unchecked") // it is the answer to this very command
        public <R> R to(Command<R> command) {
            return (R) value;
        }

        @Override
        public void write(FieldWriter out) {
            out.bytes(REPLY, Wire.LENIENT.write(value).getBytes());
        }
    }

    /** The reply as JSON: from another member. */
    final class Written implements LedgerAnswer {
        private final byte[] json;

        Written(byte[] json) {
            this.json = json;
        }

        @Override
        @SuppressWarnings("unchecked") // a command's answer is one of two types, and its own type says which
        public <R> R to(Command<R> command) {
            boolean aboutLeases = command instanceof Command.Acquire
                    || command instanceof Command.Renew
                    || command instanceof Command.Release;
            return (R)
                    (aboutLeases ? Wire.LENIENT.read(json, LeaseReply.class) : Wire.LENIENT.read(json, Boolean.class));
        }

        @Override
        public void write(FieldWriter out) {
            out.bytes(REPLY, json);
        }
    }

    /** The command was not meant for that ledger, which stayed as it was. */
    record Complaint(String name, String value, String expected) implements LedgerAnswer {
        static Complaint of(BadInput bad) {
            return new Complaint(bad.name(), bad.value(), bad.expected());
        }

        @Override
        public <R> R to(Command<R> command) {
            throw new BadInput(name, value, expected);
        }

        @Override
        public void write(FieldWriter out) {
            out.bytes(COMPLAINT, Wire.LENIENT.write(this).getBytes());
        }
    }

    /** The command ran into a bug, and changed nothing; those beside it did not suffer. */
    record Bug(String what) implements LedgerAnswer {
        @Override
        public <R> R to(Command<R> command) {
            throw new IllegalStateException(what);
        }

        @Override
        public void write(FieldWriter out) {
            out.text(BUG, what);
        }
    }

    static byte[] write(List<LedgerAnswer> answers) {
        FieldWriter out = new FieldWriter(512 * answers.size());
        answers.forEach(answer -> answer.write(out));
        return out.bytes();
    }

    static List<LedgerAnswer> read(byte[] answers) {
        List<LedgerAnswer> read = new ArrayList<>();
        FieldReader in = new FieldReader(answers);
        while (in.next()) {
            read.add(
                    switch (in.tag()) {
                        case REPLY -> new Written(in.bytes());
                        case COMPLAINT -> Wire.LENIENT.read(in.bytes(), Complaint.class);
                        case BUG -> new Bug(in.text());
                        default -> throw new IllegalStateException("answer " + in.tag() + " of a newer ledger");
                    });
        }
        return read;
    }
}
