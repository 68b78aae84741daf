package io.gatefleet.history;

import io.gatefleet.contract.BadInput;

/**
 * How much a journal keeps, and how safely.
 *
 * @param fileBytes a file that has grown to this makes room for the next, 64 KiB to 1 GiB
 * @param files of one journal together, the present one included, 1 to 1000; the oldest goes first
 * @param sync whether each batch of lines is forced to the disk. A process that dies loses nothing of what it wrote
 *     either way; a machine that loses its power loses the last seconds without, and costs some milliseconds a batch with
 */
public record Keeping(long fileBytes, int files, boolean sync) {
    /** Of a node: some weeks. */
    public static final Keeping SMALL = new Keeping(4L << 20, 4, false);

    /** Of an allocator. */
    public static final Keeping LARGE = new Keeping(64L << 20, 8, false);

    public Keeping {
        if (fileBytes < 64 << 10 || fileBytes > 1 << 30) {
            throw new BadInput("fileBytes", fileBytes, "65536 to 1073741824");
        }
        if (files < 1 || files > 1000) {
            throw new BadInput("files", files, "1 to 1000");
        }
    }
}
