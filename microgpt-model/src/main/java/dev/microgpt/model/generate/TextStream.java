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
 * Turns tokens into text as they come, and ends the text where a stop string begins.
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
 * <p>What it returns, put together, is the text of all tokens at once up to the first stop string: the one that is
 * complete first, and of several that are complete at the same character the longest. So it holds back what the next token
 * may change: the bytes of half a character, and characters with which a stop string may begin. Bytes that are not UTF-8
 * become U+FFFD, as in {@link Tokenizer#decode}.
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

    /** The bytes of half a character. */
    private byte[] held = NOTHING;

    /** Characters that have not been returned yet. */
    private final StringBuilder text = new StringBuilder();

    private boolean stopped;
    private boolean ended;

    /**
     * Begins a text.
     *
     * @param tokenizer   says what the tokens stand for
     * @param stopStrings what ends the text; may be empty
     * @throws IllegalArgumentException if one of them is empty, or has a surrogate without its other half
     */
    public TextStream(Tokenizer tokenizer, List<String> stopStrings) {
        this.tokenizer = Objects.requireNonNull(tokenizer, "text: tokenizer is null");
        this.stops = new StopStrings(stopStrings);
    }

    /**
     * Takes the next token.
     *
     * @param token its id
     * @return the text that is certain now and was not before, often empty
     * @throws IllegalArgumentException if the id is none of the vocabulary
     * @throws IllegalStateException if the text has ended
     */
    public String add(int token) {
        if (stopped || ended) {
            throw new IllegalStateException("text: token " + token + " comes after "
                    + (stopped ? "a stop string" : "end()") + "; begin a new one for another text");
        }
        take(decoded(tokenizer.bytes(token), false));
        return stopped ? taken(text.length()) : taken(text.length() - stops.pending());
    }

    /** {@return whether a stop string was found, after which there is no more text} */
    public boolean stopped() {
        return stopped;
    }

    /**
     * Ends the text where no more tokens come.
     *
     * @return what was held back; nothing after a stop string
     */
    public String end() {
        if (!stopped && !ended) {
            ended = true;
            take(decoded(NOTHING, true));
        }
        return taken(text.length());
    }

    /** Returns the characters that are complete with these bytes; at the end also what half a character becomes. */
    private CharBuffer decoded(byte[] more, boolean last) {
        ByteBuffer bytes = ByteBuffer.allocate(held.length + more.length);
        bytes.put(held).put(more).flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining()); // no byte makes more than one
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
