package io.gatefleet.history;

/**
 * One line of a journal, JSON.
 *
 * @param writer who wrote it: one life of one process or node, and no other ever has the same name
 * @param seq grows by one from line to line of a writer, from 1
 * @param boot the kernel's boot id
 * @param nanos the machine's monotonic clock: the same for all processes of one boot, and no wall clock's step moves it
 * @param wallMillis milliseconds since 1970 by the wall clock: for people, and to set machines beside each other
 */
public record Line(String writer, long seq, String boot, long nanos, long wallMillis, Event event) {}
