package dev.microgpt.model.generate;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Decodes tokens as they arrive, and ends the text where a stop string begins.
 *
 * <pre>{@code
 * TextStream text = new TextStream(tokenizer, List.of("\n\n"));
 * generator.generate(prompt, 500, tokenizer.bos(), random, token -> {
 *     shown.append(text.add(token));
 *     return !text.stopped();
 * });
 * shown.append(text.end());
 * }</pre>
 *
 * <p>The pieces it returns add up to the decoded text up to the first stop string: the one that is complete first, or
 * the longest of several that are complete at the same character. It withholds what the next token may change: the
 * bytes of an incomplete character, and characters that may begin a stop string. Bytes that are not UTF-8 become
 * U+FFFD, as in {@link Tokenizer#decode}.
 *
 * <p>For one text; not thread-safe.
 */
public final class TextStream {
    private static final byte[] NOTHING = {};

    private final Tokenizer tokenizer;
    private final StopStrings stops;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The bytes of an incomplete character. */
    private byte[] held = NOTHING;

    /** Characters that have not been returned yet. */
    private final StringBuilder text = new StringBuilder();

    private boolean stopped;
    private boolean ended;

    /**
     * Starts a text.
     *
     * @param tokenizer   decodes the tokens
     * @param stopStrings the strings that end the text, none of them part of it; may be empty
     * @throws IllegalArgumentException if one of them is empty, or has an unpaired surrogate
     */
    public TextStream(Tokenizer tokenizer, List<String> stopStrings) {
        this.tokenizer = Objects.requireNonNull(tokenizer, "text: tokenizer is null");
        this.stops = new StopStrings(stopStrings);
    }

    /**
     * Adds the next token.
     *
     * @param token its id
     * @return the text that has become certain, often empty
     * @throws IllegalArgumentException if the id is not in the vocabulary
     * @throws IllegalStateException if the text has ended
     */
    public String add(int token) {
        if (stopped || ended) {
            throw new IllegalStateException("text: token " + token + " comes after "
                    + (stopped ? "a stop string" : "end()") + "; create a new TextStream for another text");
        }
        take(decoded(tokenizer.bytes(token), false));
        return stopped ? taken(text.length()) : taken(text.length() - stops.pending());
    }

    /** {@return whether a stop string was found, which ends the text} */
    public boolean stopped() {
        return stopped;
    }

    /** Returns the place of the next token: how many chars that have not been returned yet come before it. */
    int place(int token) {
        byte[] bytes = tokenizer.bytes(token);
        boolean isContinued = bytes.length > 0 && (bytes[0] & 0xC0) == 0x80;
        return text.length() + (held.length > 0 && !isContinued ? 1 : 0); // U+FFFD for what is held
    }

    /**
     * Ends the text after the last token.
     *
     * @return the withheld rest of the text; empty after a stop string
     */
    public String end() {
        if (!stopped && !ended) {
            ended = true;
            take(decoded(NOTHING, true));
        }
        return taken(text.length());
    }

    /** Returns the characters completed by these bytes; at the end, also the replacement of an incomplete one. */
    private CharBuffer decoded(byte[] more, boolean last) {
        ByteBuffer bytes = ByteBuffer.allocate(held.length + more.length);
        bytes.put(held).put(more).flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining()); // a byte yields at most one
        decoder.decode(bytes, characters, last);
        held = new byte[bytes.remaining()];
        bytes.get(held);
        return characters.flip();
    }

    private void take(CharBuffer characters) {
        while (characters.hasRemaining()) {
            char c = characters.get();
            text.append(c);
            if (stops.add(c)) {
                text.setLength(text.length() - stops.found());
                stopped = true;
                return;
            }
        }
    }

    private String taken(int length) {
        String piece = text.substring(0, length);
        text.delete(0, length);
        return piece;
    }
}
