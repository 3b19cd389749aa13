package dev.microgpt.cli.jvm;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Recovers command-line arguments that the JVM could not decode.
 *
 * <p>Java decodes arguments in the encoding of the locale. In the locale {@code C}, which many containers use, each
 * byte that is not ASCII becomes U+FFFD, so a prompt in Korean would be lost silently. Linux keeps the original bytes.
 */
public final class TypedArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String REPLACEMENT = "\uFFFD";

    private TypedArguments() {}

    /**
     * Returns the arguments, decoded as UTF-8 if the locale could not.
     *
     * @throws CliException if an argument is not UTF-8 either
     */
    public static String[] of(String... args) {
        if (!String.join("", args).contains(REPLACEMENT)) {
            return args;
        }
        try {
            return of(Files.readAllBytes(COMMAND_LINE), args);
        } catch (IOException notLinux) {
            return args;
        }
    }

    /** Does the same for a given command line of the process, which ends with the arguments of the program. */
    public static String[] of(byte[] commandLine, String... args) {
        List<byte[]> all = split(commandLine);
        int before = all.size() - args.length;
        if (before < 0) {
            return args;
        }
        String[] typed = args.clone();
        for (int i = 0; i < args.length; i++) {
            if (args[i].contains(REPLACEMENT)) {
                typed[i] = decoded(all.get(before + i), i == 0 ? "" : args[i - 1] + ", ", i + 1);
            }
        }
        return typed;
    }

    /** Splits the arguments, each of which ends with a zero byte. */
    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                parts.add(Arrays.copyOfRange(commandLine, from, i));
                from = i + 1;
            }
        }
        return parts;
    }

    private static String decoded(byte[] bytes, String before, int number) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            int offset = in.position();
            throw new CliException(
                    ExitCode.CONTENT,
                    before + "argument " + number + " must be UTF-8, but is not: byte 0x"
                            + HexFormat.of().withUpperCase().toHexDigits(bytes[offset]) + " at offset " + offset,
                    null);
        }
    }
}
