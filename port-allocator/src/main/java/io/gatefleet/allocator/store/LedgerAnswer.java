package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.lease.LeaseReply;
import java.util.Arrays;

/** What comes back from where a ledger is: a byte that says which of the two it is, and its JSON. */
final class LedgerAnswer {
    private static final byte REPLY = 0;
    private static final byte COMPLAINT = 1;

    private LedgerAnswer() {}

    private record Complaint(String name, String value, String expected) {}

    static byte[] reply(Object reply) {
        return tagged(REPLY, reply);
    }

    static byte[] complaint(BadInput bad) {
        return tagged(COMPLAINT, new Complaint(bad.name(), bad.value(), bad.expected()));
    }

    /** @throws BadInput if that is what came back */
    @SuppressWarnings("unchecked") // a command's answer is one of two types, and its own type says which
    static <R> R read(Command<R> command, byte[] answer) {
        byte[] json = Arrays.copyOfRange(answer, 1, answer.length);
        if (answer[0] == COMPLAINT) {
            Complaint complaint = Wire.LENIENT.read(json, Complaint.class);
            throw new BadInput(complaint.name(), complaint.value(), complaint.expected());
        }
        boolean aboutLeases = command instanceof Command.Acquire
                || command instanceof Command.Renew
                || command instanceof Command.Release;
        return (R) (aboutLeases ? Wire.LENIENT.read(json, LeaseReply.class) : Wire.LENIENT.read(json, Boolean.class));
    }

    private static byte[] tagged(byte tag, Object value) {
        byte[] json = Wire.LENIENT.write(value).getBytes();
        byte[] answer = new byte[json.length + 1];
        answer[0] = tag;
        System.arraycopy(json, 0, answer, 1, json.length);
        return answer;
    }
}
