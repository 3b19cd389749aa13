package dev.microgpt.cli.fetch;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A text that {@code data fetch} knows by name, with its address and hash. */
public enum KnownCorpus {
    /** The names of makemore, at the commit that microgpt.py uses. */
    NAMES(
            "names",
            "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt",
            "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"),

    /** The text that char-rnn and nanoGPT train on. */
    TINYSHAKESPEARE(
            "tinyshakespeare",
            "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed");

    private final String label;
    private final String address;
    private final String sha256;

    KnownCorpus(String label, String address, String sha256) {
        this.label = label;
        this.address = address;
        this.sha256 = sha256;
    }

    /** Returns the corpus with this name, or null if there is none. */
    public static @Nullable KnownCorpus named(String label) {
        for (KnownCorpus corpus : values()) {
            if (corpus.label.equals(label)) {
                return corpus;
            }
        }
        return null;
    }

    public URI address() {
        return URI.create(address);
    }

    /** Returns the SHA-256 of its content, 64 lower-case hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /** Returns the default name of the downloaded file. */
    public String fileName() {
        return label + ".txt";
    }
}
