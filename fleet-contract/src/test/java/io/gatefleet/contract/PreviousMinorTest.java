package io.gatefleet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the minor before this one wrote: read here, and written again so that its readers find in it all that they know.
 * They skip what they do not know, and miss what is not there.
 */
class PreviousMinorTest {
    private static final int DOCUMENTS = 51;

    static Stream<String> documents() {
        return GoldenJsonTest.MESSAGES.keySet().stream()
                .filter(name -> PreviousMinorTest.class.getResource("/minor-before/" + name + ".json") != null);
    }

    @Test
    void noDocumentOfItWasTakenAway() {
        assertThat(documents()).hasSize(DOCUMENTS);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void itsWordsAreReadAndWhatIsWrittenOfThemHoldsAllThatItKnows(String name) throws IOException {
        JsonObject old = document(name);

        Object read = Wire.LENIENT.read(old.toBuffer(), Objects.requireNonNull(GoldenJsonTest.MESSAGES.get(name)));

        List<String> lost = new ArrayList<>();
        compare(name, old, Wire.LENIENT.write(read).toJsonObject(), lost);
        assertThat(lost).as("what a reader of the minor before would miss").isEmpty();
    }

    private static void compare(String path, Object old, Object now, List<String> lost) {
        if (old instanceof JsonObject before && now instanceof JsonObject after) {
            for (String field : before.fieldNames()) {
                Object was = before.getValue(field);
                Object is = after.getValue(field);
                if (was != null && is == null) {
                    lost.add(path + "." + field + ": absent (was " + was + ")");
                } else if (was != null) {
                    compare(path + "." + field, was, is, lost);
                }
            }
        } else if (old instanceof JsonArray before && now instanceof JsonArray after && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(path + "[" + i + "]", before.getValue(i), after.getValue(i), lost);
            }
        } else if (!old.equals(now)) {
            lost.add(path + ": " + now + " (was " + old + ")");
        }
    }

    private static JsonObject document(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                PreviousMinorTest.class.getResourceAsStream("/minor-before/" + name + ".json"))) {
            return Buffer.buffer(in.readAllBytes()).toJsonObject();
        }
    }
}
