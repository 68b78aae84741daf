package io.gatefleet.cli;

/** How the command ends. The numbers are part of its interface. */
public final class Exit {
    /** Done; asked for the health: all is well. */
    public static final int OK = 0;

    /** The answer is a no: the fleet has problems, the request was refused, a fleet runs already. */
    public static final int NO = 1;

    /** It could not be asked: bad input, no fleet, no answer. */
    public static final int CANNOT_ASK = 2;

    /** A fault of Gatefleet itself. */
    public static final int FAULT = 70;

    private Exit() {}
}
