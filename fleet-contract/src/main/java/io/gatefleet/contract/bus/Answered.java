package io.gatefleet.contract.bus;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of one of the questions that were asked together. To another member each goes as its length, a byte that says
 * which it is, and its JSON, or the failure's code and text.
 */
sealed interface Answered {
    byte WELL = 1;
    byte FAILED = 2;

    record Well(Object answer) implements Answered {}

    record Failed(int code, String message) implements Answered {}

    /** As whoever asked gets it when he asks one thing alone. */
    default <R> Future<R> as(Class<R> type) {
        if (this instanceof Well well) {
            return Future.succeededFuture(type.cast(well.answer()));
        }
        Failed failed = (Failed) this;
        return Future.failedFuture(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, failed.code(), failed.message()));
    }

    static Buffer write(List<Answered> answers) {
        Buffer all = Buffer.buffer();
        for (Answered answer : answers) {
            if (answer instanceof Well well) {
                Buffer json = Wire.LENIENT.write(well.answer());
                all.appendInt(json.length()).appendByte(WELL).appendBuffer(json);
            } else if (answer instanceof Failed failed) {
                byte[] text = failed.message().getBytes(StandardCharsets.UTF_8);
                all.appendInt(text.length + Integer.BYTES)
                        .appendByte(FAILED)
                        .appendInt(failed.code())
                        .appendBytes(text);
            }
        }
        return all;
    }

    /**
     * The answers in their order.
     *
     * @param body those of this process, or what another member wrote
     */
    static List<Answered> read(Object body, Class<?> type) {
        List<Answered> answers = new ArrayList<>();
        if (body instanceof Word) {
            List<?> here = Word.read(body, List.class);
            here.forEach(answer -> answers.add((Answered) answer));
            return answers;
        }
        Buffer all = (Buffer) body;
        int at = 0;
        while (at < all.length()) {
            int from = at + Integer.BYTES + 1;
            int end = from + all.getInt(at);
            answers.add(
                    all.getByte(at + Integer.BYTES) == WELL
                            ? new Well(Wire.LENIENT.read(all.slice(from, end), type))
                            : new Failed(all.getInt(from), all.getString(from + Integer.BYTES, end)));
            at = end;
        }
        return answers;
    }
}
