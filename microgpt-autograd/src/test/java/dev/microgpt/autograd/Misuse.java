package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that a program does wrong, and what it must be told.
 *
 * @param <S>     what it is done to
 * @param name    what tests call it
 * @param refusal the exception
 * @param words   what the message must contain: first its beginning, which names who refuses, then values and rule
 * @param attempt does it
 */
record Misuse<S>(String name, Class<? extends RuntimeException> refusal, List<String> words, Consumer<S> attempt) {
    static <S> Misuse<S> argument(String name, Consumer<S> attempt, String who, String found, String expected) {
        return new Misuse<>(name, IllegalArgumentException.class, List.of(who, found, expected), attempt);
    }

    static <S> Misuse<S> state(String name, Consumer<S> attempt, String who, String found, String remedy) {
        return new Misuse<>(name, IllegalStateException.class, List.of(who, found, remedy), attempt);
    }

    /** Null, which is refused with the name of the argument by us or by the JVM. */
    static <S> Misuse<S> absent(String argument, String name, Consumer<S> attempt) {
        return new Misuse<>(name, NullPointerException.class, List.of("", argument), attempt);
    }

    /** Does it and checks that it is refused with a message that a programmer can work with. */
    void check(S target) {
        String message =
                assertThrowsExactly(refusal, () -> attempt.accept(target), name).getMessage();
        String says = name + ": " + message;
        assertTrue(message != null && message.lines().count() == 1, says);
        assertTrue(message.startsWith(words.get(0)), says);
        for (String word : words) {
            assertTrue(message.contains(word), says + " does not say " + word);
        }
        assertFalse(message.contains("Exception"), says);
        if (refusal == NullPointerException.class) {
            assertTrue(message.matches(".*\\b" + words.get(1) + "(\\[\\d+])?\"? is null"), says);
        } else {
            assertFalse(message.contains("null"), says);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
