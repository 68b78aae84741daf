package io.gatefleet.contract;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP edge answers when it cannot do what was asked, as {@code application/problem+json}.
 *
 * @param type {@code https://gatefleet.io/problems/CODE}
 * @param title the same for every problem of this code
 * @param status 400 to 599
 * @param code stable, kebab-case: programs decide by it
 * @param detail this case, with name, value, expected and what to do next
 * @param instance the request's path
 * @param facts further members, by code
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        @Nullable String instance,
        @JsonAnyGetter @JsonAnySetter Map<String, Object> facts) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        // A document without further members brings none.
        facts = facts == null ? new TreeMap<>() : new TreeMap<>(facts);
    }

    public static Problem of(int status, String code, String title, String detail, Map<String, Object> facts) {
        return new Problem("https://gatefleet.io/problems/" + code, title, status, code, detail, null, facts);
    }

    public Problem at(String path) {
        return new Problem(type, title, status, code, detail, path, facts);
    }
}
