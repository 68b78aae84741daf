package io.gatefleet.contract;

import org.jspecify.annotations.Nullable;

/**
 * A value from outside that cannot be used. Says which, what it was, and what was expected, so that whoever sent it can
 * mend it; HTTP edges answer it as 400 {@code bad-input}.
 */
public final class BadInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_ECHO = 120;

    private final String message;
    private final String name;
    private final String value;
    private final String expected;

    /**
     * @param name the field or parameter, as the sender spells it
     * @param value what was sent; shortened to 120 characters, control characters replaced
     * @param expected what would have been right, for example {@code 1 to 65535}
     */
    public BadInput(String name, @Nullable Object value, String expected) {
        this.message = "%s: %s (expected: %s)".formatted(name, echo(value), expected);
        this.name = name;
        this.value = echo(value);
        this.expected = expected;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    public String expected() {
        return expected;
    }

    /** The same complaint about a field that stands inside {@code parent}. */
    public BadInput in(String parent) {
        return new BadInput(parent + "." + name, value, expected);
    }

    private static String echo(@Nullable Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "\uFFFD");
        return text.length() <= LONGEST_ECHO ? text : text.substring(0, LONGEST_ECHO) + "…";
    }
}
