package dev.microgpt.cli;

import java.util.Arrays;

/** The program in a JVM in which something else holds memory; its amount in MB is the first argument. */
final class FullHeap {
    private static byte[] held = {};

    private FullHeap() {}

    public static void main(String[] args) {
        held = new byte[Integer.parseInt(args[0]) << 20];
        Main.main(Arrays.copyOfRange(args, 1, args.length));
        throw new AssertionError("the program ended without its exit code, beside " + held.length + " bytes");
    }
}
