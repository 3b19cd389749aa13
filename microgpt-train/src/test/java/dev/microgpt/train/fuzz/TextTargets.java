package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The readers of data and tokenizers, each with valid files. */
final class TextTargets {
    private static final String TEXT = "text.txt";

    private final Path seeds;

    /** @param seeds a folder in which to create the files */
    TextTargets(Path seeds) {
        this.seeds = seeds;
    }

    List<Target> all() throws IOException {
        return List.of(tokenizer(), corpus(), documents(), text());
    }

    private Target tokenizer() throws IOException {
        List<Map<String, byte[]>> files = new ArrayList<>();
        for (Tokenizer tokenizer :
                List.of(CharTokenizer.ofAlphabet("ab\u00e9\ud55c"), new ByteTokenizer(), TinyModels.bpe())) {
            TokenizerFile.write(seeds.resolve("tokenizer.json"), tokenizer);
            files.add(SeedFiles.one(seeds.resolve("tokenizer.json")));
        }
        return new Target(
                "tokenizer",
                files,
                List.of(DataException.class),
                folder -> {
                    Tokenizer read = TokenizerFile.read(folder.resolve("tokenizer.json"));
                    return scratch -> checkTokenizer(read, scratch);
                },
                SeedFiles::boundOfText);
    }

    private static void checkTokenizer(Tokenizer tokenizer, Path scratch) throws IOException {
        Path file = scratch.resolve("tokenizer.json");
        TokenizerFile.write(file, tokenizer);
        assertEquals(tokenizer, TokenizerFile.read(file));
        for (int id = 0; id < tokenizer.vocabSize(); id++) {
            tokenizer.bytes(id);
        }
        try {
            assertEquals("ab ab", tokenizer.decode(tokenizer.encode("ab ab")));
        } catch (IllegalArgumentException unknown) {
            Refusals.flaw(unknown.getMessage(), file);
        }
    }

    private Target corpus() throws IOException {
        Files.writeString(seeds.resolve(TEXT), "ab\u00e9 ba\n".repeat(40));
        PreparedCorpus.prepare(TextSource.of(seeds.resolve(TEXT)), seeds.resolve("corpus"), 0.1, true, null);
        return new Target(
                "prepared-corpus",
                List.of(SeedFiles.all(seeds.resolve("corpus"))),
                List.of(DataException.class),
                folder -> {
                    PreparedCorpus corpus = PreparedCorpus.open(folder);
                    int[] ids = ids(corpus.training());
                    corpus.validationBytes();
                    return scratch -> checkIds(ids, corpus.tokenizer(), folder);
                },
                SeedFiles::boundOfText);
    }

    private static int[] ids(Tokens tokens) {
        int[] ids = new int[(int) tokens.count()];
        tokens.read(0, ids, 0, ids.length);
        return ids;
    }

    private static void checkIds(int[] ids, Tokenizer tokenizer, Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("train.bin"));
        assertEquals(bytes.length, 2 * ids.length);
        for (int i = 0; i < ids.length; i++) {
            assertEquals(bytes[2 * i] & 0xFF | (bytes[2 * i + 1] & 0xFF) << 8, ids[i]);
            tokenizer.bytes(ids[i]);
        }
    }

    private Target documents() throws IOException {
        Files.writeString(seeds.resolve(TEXT), "\ufeffemma\r\n zo\u00eb\u00a0\n\n\ud55c\ud83d\ude00\r\tava");
        return new Target(
                "documents",
                List.of(SeedFiles.one(seeds.resolve(TEXT))),
                List.of(DataException.class),
                folder -> {
                    List<String> texts = Documents.read(folder.resolve(TEXT)).texts();
                    return scratch -> {
                        Path file = Files.writeString(scratch.resolve(TEXT), "\ufeff" + String.join("\n", texts));
                        assertEquals(texts, Documents.read(file).texts());
                    };
                },
                SeedFiles::boundOfText);
    }

    private Target text() throws IOException {
        Files.writeString(seeds.resolve(TEXT), "\ufeffTo be, or \ufeffnot\r\nto \ud83d\ude00 be.\n".repeat(3));
        return new Target(
                "text",
                List.of(SeedFiles.one(seeds.resolve(TEXT))),
                List.of(DataException.class),
                folder -> {
                    TextCorpus corpus = TextCorpus.read(TextSource.of(folder.resolve(TEXT)), 0);
                    return scratch -> {
                        String text = corpus.tokenizer().decode(ids(corpus.training()));
                        byte[] file = Files.readAllBytes(folder.resolve(TEXT));
                        String whole = new String(file, StandardCharsets.UTF_8);
                        String unmarked = whole.startsWith("\ufeff") ? whole.substring(1) : whole;
                        assertEquals(unmarked.replaceAll("\r\n?", "\n"), text);
                    };
                },
                files -> SeedFiles.boundOfText(files)
                        + 4 * SeedFiles.MEGABYTE); // a table of all characters, and one of those of the text
    }
}
