package dev.microgpt.cli.option;

import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.tokenizer.SpecialTokens;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the text that samples begin with. */
public final class PromptOptions {
    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "Text that each sample begins with (default none); \\n, \\r, \\t and \\\\ stand for a line"
                    + " feed, a carriage return, a tab and a backslash.")
    private @Nullable String prompt;

    @Option(
            names = "--prompt-file",
            paramLabel = "FILE|-",
            converter = Converters.PathOrStandardInput.class,
            description = "The prompt as a UTF-8 file, or - for standard input. The line end at its end is left out.")
    private @Nullable Path file;

    @Option(
            names = "--special-tokens",
            description = "Read special tokens that are written out in the prompt, such as <|endoftext|>, as these"
                    + " tokens; otherwise they are plain text.")
    private boolean specialTokens;

    /**
     * Refuses both options together, and two texts on standard input.
     *
     * @param data the path of the data, or null
     */
    public void check(@Nullable Path data) {
        if (prompt != null && file != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--prompt and --prompt-file cannot be used together",
                    "give the prompt in one of them");
        }
        if (file != null && StandardInput.isNamedBy(file) && data != null && StandardInput.isNamedBy(data)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--prompt-file and --data cannot both be -, standard input",
                    "give one of them as a file");
        }
    }

    /** Returns the prompt. */
    public String read() throws IOException {
        if (file == null) {
            return prompt == null ? "" : prompt;
        }
        String text = StandardInput.wholeText(name(), file);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** Returns the name of the option that gives the prompt. */
    public String name() {
        return file == null ? "--prompt" : "--prompt-file";
    }

    /** Returns what a document with this prompt begins with: BOS that is written out before it is no part of it. */
    public String beginning(String text, Tokenizer tokenizer) {
        SpecialTokens specials = SpecialTokens.of(tokenizer);
        String first = specialTokens ? specials.firstIn(text) : null;
        boolean isBos =
                first != null && text.startsWith(first) && specials.ids().get(first) == tokenizer.bos();
        return isBos ? text.substring(first.length()) : text;
    }

    /** Encodes a prompt; a special token that stays plain text is worth a note. */
    public int[] encode(String text, Tokenizer tokenizer, Terminal terminal) {
        SpecialTokens specials = SpecialTokens.of(tokenizer);
        if (specialTokens) {
            return specials.encode(text);
        }
        String special = specials.firstIn(text);
        if (special != null) {
            terminal.say("note: " + name() + " has " + Format.visible(special)
                    + " as plain characters; --special-tokens makes it the token");
        }
        return tokenizer.encode(text);
    }
}
