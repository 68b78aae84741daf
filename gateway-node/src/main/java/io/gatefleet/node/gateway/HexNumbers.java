package io.gatefleet.node.gateway;

import java.math.BigInteger;

/**
 * JSON5's hexadecimal numbers, which the JSON parser does not know: written in decimal digits at the same place and of the
 * same length, so that every other character keeps its place. {@code 0x384} is {@code 00900}.
 */
final class HexNumbers {
    private static final int HEX = 16;

    private HexNumbers() {}

    /** What the parser is given. Numbers beyond 2^36 stay as they are, and are refused by it. */
    static String inDecimal(String json5) {
        StringBuilder text = new StringBuilder(json5);
        int at = 0;
        while (at < text.length()) {
            char now = text.charAt(at);
            if (now == '"' || now == '\'') {
                at = afterString(text, at);
            } else if (starts(text, at, "//")) {
                at = after(text.indexOf("\n", at), 1, text);
            } else if (starts(text, at, "/*")) {
                at = after(text.indexOf("*/", at + 2), 2, text);
            } else if (Character.isJavaIdentifierPart(now)) {
                int end = at;
                while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
                    end++;
                }
                replace(text, at, end);
                at = end;
            } else {
                at++;
            }
        }
        return text.toString();
    }

    private static boolean starts(StringBuilder text, int at, String with) {
        return text.length() >= at + 2 && text.substring(at, at + 2).equals(with);
    }

    private static int after(int found, int length, CharSequence text) {
        return found < 0 ? text.length() : found + length;
    }

    private static int afterString(CharSequence text, int begin) {
        char quote = text.charAt(begin);
        int at = begin + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static void replace(StringBuilder text, int begin, int end) {
        String word = text.substring(begin, end);
        if (!word.matches("0[xX][0-9a-fA-F]+")) {
            return;
        }
        String decimal = new BigInteger(word.substring(2), HEX).toString();
        if (decimal.length() <= word.length()) {
            text.replace(begin, end, "0".repeat(word.length() - decimal.length()) + decimal);
        }
    }
}
