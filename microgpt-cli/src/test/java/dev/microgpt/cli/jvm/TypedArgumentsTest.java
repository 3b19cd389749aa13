package dev.microgpt.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TypedArgumentsTest {
    private static byte[] commandLine(String... arguments) {
        return (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatTheLocaleCouldNotReadIsReadAsUtf8() {
        String[] typed = TypedArguments.of(
                commandLine("java", "-jar", "microgpt.jar", "sample", "--prompt", "한👍"),
                "sample",
                "--prompt",
                "\uFFFD".repeat(7));
        assertArrayEquals(new String[] {"sample", "--prompt", "한👍"}, typed);
    }

    @Test
    void replacementCharacterMayBeTyped() {
        String[] typed = TypedArguments.of(commandLine("java", "Main", "", "a\uFFFD"), "", "a\uFFFD");
        assertArrayEquals(new String[] {"", "a\uFFFD"}, typed);
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        byte[] latin = "java\0Main\0sample\0caf\u00e9\0".getBytes(StandardCharsets.ISO_8859_1);
        CliException e = assertThrows(CliException.class, () -> TypedArguments.of(latin, "sample", "caf\uFFFD"));
        assertEquals(ExitCode.CONTENT, e.exitCode());
        assertEquals("sample, argument 2 must be UTF-8, but is not: byte 0xE9 at offset 3", e.getMessage());
    }

    @Test
    void argumentsThatWereReadStayAsTheyAre() {
        String[] args = {"sample", "--prompt", "한"};
        assertSame(args, TypedArguments.of(args));
    }

    @Test
    void commandLineThatLacksArgumentsIsNotUsed() {
        String[] args = {"sample", "\uFFFD"};
        assertSame(args, TypedArguments.of(commandLine("java"), args));
    }
}
