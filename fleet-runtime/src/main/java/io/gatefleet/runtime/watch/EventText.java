package io.gatefleet.runtime.watch;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.watch.Change;
import io.gatefleet.contract.watch.Revision;
import io.gatefleet.contract.watch.WatchEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events as they go over the wire. A change that many are told is written as JSON once.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>
 */
final class EventText<T> {
    /** As many as one turn of the event loop usually brings; who is further behind pays for himself. */
    private static final int REMEMBERED = 1024;

    private static final byte[] AGO = ",\"agoMillis\":".getBytes(StandardCharsets.UTF_8);

    private final long[] numbers = new long[REMEMBERED];
    private final byte[] @Nullable [] items = new byte[REMEMBERED] @Nullable [];

    /** Appends {@code event}, as the one that came of {@code change}. */
    void append(Buffer out, Change<T> change, WatchEvent<T> event, Revision revision) {
        head(out, event.kind(), revision);
        out.appendString("data: ");
        T item = event.item();
        if (item == null) {
            json(out, event, null);
        } else {
            int at = (int) (change.number() % REMEMBERED);
            byte[] written = items[at];
            if (written == null || numbers[at] != change.number()) {
                written = bytes(item);
                items[at] = written;
                numbers[at] = change.number();
            }
            json(out, event, written);
        }
        out.appendString("\n\n");
    }

    /** An event that holds anything else. */
    static void append(Buffer out, String kind, @Nullable Revision revision, Object data) {
        head(out, kind, revision);
        out.appendString("data: ").appendBytes(bytes(data)).appendString("\n\n");
    }

    /** Nobody sees it but those who look at the bytes. */
    static Buffer comment(String text) {
        return Buffer.buffer(": " + text + "\n\n");
    }

    /** One of a snapshot's events, as JSON. */
    static byte[] bytes(Object value) {
        return Wire.STRICT.write(value).getBytes();
    }

    private static void head(Buffer out, String kind, @Nullable Revision revision) {
        if (revision != null) {
            out.appendString("id: ").appendString(revision.toString()).appendString("\n");
        }
        out.appendString("event: ").appendString(kind).appendString("\n");
    }

    /** What Jackson makes of a {@link WatchEvent}, around an item that is written already. */
    private static void json(Buffer out, WatchEvent<?> event, byte @Nullable [] item) {
        out.appendString("{\"kind\":").appendBytes(bytes(event.kind()));
        out.appendString(",\"key\":").appendBytes(bytes(event.key()));
        if (item != null) {
            out.appendString(",\"item\":").appendBytes(item);
        }
        out.appendBytes(AGO).appendString(Long.toString(event.agoMillis())).appendString("}");
    }
}
