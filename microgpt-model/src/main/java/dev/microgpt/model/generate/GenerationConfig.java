package dev.microgpt.model.generate;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of generated texts: how tokens are chosen, and where a text ends besides at its own end.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.of(SamplingConfig.ofTemperature(0.8))
 *         .withMaxNewTokens(500)
 *         .withStop("\n\n");
 * }</pre>
 *
 * <p>A text without any limit of its length ends with the block of the model.
 *
 * @param sampling      how each token is chosen
 * @param maxNewTokens  the maximum number of tokens after the prompt, at least 1; {@link #NO_LIMIT} for none
 * @param maxCharacters the maximum number of characters (code points) after the prompt, at least 1; {@link #NO_LIMIT}
 *     for none
 * @param stop          the strings that end a text, none of them part of it; may be empty
 * @param beyondBlock   what the model sees of a text that is longer than its block; {@code null} for
 *     {@link BeyondBlock#HALF}, except that a document must not begin beyond the block
 */
public record GenerationConfig(
        SamplingConfig sampling,
        int maxNewTokens,
        int maxCharacters,
        List<String> stop,
        @Nullable BeyondBlock beyondBlock) {
    /** The {@link #maxNewTokens()} and {@link #maxCharacters()} that are no limit. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    /**
     * Checks the ranges.
     *
     * @param sampling      not null
     * @param maxNewTokens  at least 1
     * @param maxCharacters at least 1
     * @param stop          copied
     * @param beyondBlock   may be null
     * @throws IllegalArgumentException if a number is below 1, or if a stop string is empty or has an unpaired
     *     surrogate
     */
    public GenerationConfig {
        Objects.requireNonNull(sampling, "generation: sampling is null");
        checkLimit("max new tokens", maxNewTokens);
        checkLimit("max characters", maxCharacters);
        stop = List.copyOf(stop);
        new StopStrings(stop); // checks them
    }

    /**
     * Returns settings without a limit of the length and without stop strings; beyond the block, the model
     * keeps half of it ({@link BeyondBlock#HALF}).
     *
     * @param sampling how each token is chosen
     * @return the settings
     */
    public static GenerationConfig of(SamplingConfig sampling) {
        return new GenerationConfig(sampling, NO_LIMIT, NO_LIMIT, List.of(), null);
    }

    /**
     * Returns these settings with another limit of tokens.
     *
     * @param other the maximum number of tokens after the prompt, at least 1; {@link #NO_LIMIT} for none
     * @return new settings
     * @throws IllegalArgumentException if the number is below 1
     */
    public GenerationConfig withMaxNewTokens(int other) {
        return new GenerationConfig(sampling, other, maxCharacters, stop, beyondBlock);
    }

    /**
     * Returns these settings with another limit of characters.
     *
     * @param other the maximum number of characters after the prompt, at least 1; {@link #NO_LIMIT} for none
     * @return new settings
     * @throws IllegalArgumentException if the number is below 1
     */
    public GenerationConfig withMaxCharacters(int other) {
        return new GenerationConfig(sampling, maxNewTokens, other, stop, beyondBlock);
    }

    /**
     * Returns these settings with other stop strings.
     *
     * @param other the strings that end a text; none for no such end
     * @return new settings
     * @throws IllegalArgumentException if one is empty or has an unpaired surrogate
     */
    public GenerationConfig withStop(String... other) {
        return new GenerationConfig(sampling, maxNewTokens, maxCharacters, List.of(other), beyondBlock);
    }

    /**
     * Returns these settings with a choice of what the model sees beyond its block. It also lets the prompt of a
     * document be longer than the block: the text continues from its last tokens as if a document began there.
     *
     * @param other the choice
     * @return new settings
     */
    public GenerationConfig withBeyondBlock(BeyondBlock other) {
        return new GenerationConfig(sampling, maxNewTokens, maxCharacters, stop, other);
    }

    /** {@return whether the settings limit the length of a text} */
    public boolean isLimited() {
        return maxNewTokens != NO_LIMIT || maxCharacters != NO_LIMIT;
    }

    private static void checkLimit(String name, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(name + " is " + limit + ", but must be at least 1");
        }
    }
}
