package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainCommandTest {
    private static final String TEXT = "안녕하세요 नमस्ते مرحبا 😀 the cat and the hat\n".repeat(60);

    @TempDir
    private Path folder;

    private Path data;
    private Path tokenizer;

    @BeforeEach
    void writeTheText() throws IOException {
        data = Files.writeString(folder.resolve("data.txt"), TEXT);
        tokenizer = folder.resolve("tokenizer.json");
    }

    @Test
    void whatItLearnsIsTrainedOnAndStaysInTheCheckpoint() throws IOException {
        Run learnt = learn("300");
        assertEquals(ExitCode.DONE, learnt.exitCode(), learnt.err());
        assertEquals("vocab size: 300\n", learnt.out());
        String out = folder.resolve("out").toString();
        Run trained = train(out, "--tokenizer", tokenizer.toString());
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        assertTrue(trained.out().contains("vocab size: 300"), trained.out());
        Files.delete(tokenizer);

        Run info = Run.of("info", "--checkpoint", out);
        assertTrue(info.out().contains("tokenizer: byte-level BPE with 43 merges"), info.out());
        Run eval = Run.of("eval", "--checkpoint", out, "--text", "안녕 the नमस्ते مرحبا 😀");
        assertTrue(eval.out().contains("bits per byte: "), eval.out() + eval.err());
        Run sample = Run.of("sample", "--checkpoint", out, "--prompt", "مرحبا", "--num-samples", "1");
        assertTrue(sample.out().startsWith("مرحبا"), sample.out());
    }

    @Test
    void equalTextsGiveEqualFiles() throws IOException {
        learn("300");
        byte[] first = Files.readAllBytes(tokenizer);
        assertEquals(ExitCode.DONE, learn("300", "--overwrite").exitCode());
        assertArrayEquals(first, Files.readAllBytes(tokenizer));
    }

    @Test
    void documentsBeginWithTheTokenThatStandsForNoText() throws IOException {
        learn("280");
        String out = folder.resolve("out").toString();
        Run trained = Run.of(
                "train", "--data", data.toString(), "--tokenizer", tokenizer.toString(), "--steps", "2", "--out", out);
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        assertTrue(trained.out().contains("vocab size: 280"), trained.out());
    }

    @Test
    void aCorpusIsPreparedWithIt() {
        learn("300");
        String corpus = folder.resolve("corpus").toString();
        Run prepared = Run.of(
                "data", "prepare", "--data", data.toString(), "--tokenizer", tokenizer.toString(), "--out", corpus);
        assertEquals(ExitCode.DONE, prepared.exitCode(), prepared.err());
        data = Path.of(corpus);
        Run trained = train(folder.resolve("out").toString());
        assertTrue(trained.out().contains("vocab size: 300"), trained.out() + trained.err());
    }

    @Test
    void aTokenizerWithoutABeginningExpressesNoDocuments() throws IOException {
        learn("300");
        String json = Files.readString(tokenizer).replace("\"<|endoftext|>\"", "\"<pad>\"");
        Files.writeString(tokenizer, json.replace("\"special\":true", "\"special\":true,\"bos\":false"));
        String out = folder.resolve("out").toString();
        Run documents = Run.of(
                "train", "--data", data.toString(), "--tokenizer", tokenizer.toString(), "--steps", "2", "--out", out);
        assertEquals(ExitCode.CONTENT, documents.exitCode());
        assertTrue(
                documents
                        .err()
                        .contains("--format documents needs a tokenizer with a special token for the beginning of a"
                                + " document, but this tokenizer has none\n"),
                documents.err());
        Run text = train(out, "--tokenizer", tokenizer.toString());
        assertEquals(ExitCode.DONE, text.exitCode(), text.err());
    }

    @Test
    void aTextWithFewPairsGivesFewerTokens() {
        Run run = learn("5000");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(Integer.parseInt(run.out().strip().substring("vocab size: ".length())) < 5000, run.out());
        assertTrue(
                run.err().contains("note: --vocab-size is 5000, but no more pairs of tokens occur twice in the text\n"),
                run.err());
    }

    @Test
    void whatItWritesCanBeReadHoweverLongTheTokensAre() throws IOException {
        Files.writeString(data, "^".repeat(196_608));
        Run learnt = learn("300");
        assertEquals(ExitCode.DONE, learnt.exitCode(), learnt.err());
        assertEquals("vocab size: 273\n", learnt.out()); // the longest token has 65,536 carets
        Run again = learn("300", "--overwrite"); // reads it
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        String corpus = folder.resolve("corpus").toString();
        Run prepared = Run.of(
                "data", "prepare", "--data", data.toString(), "--tokenizer", tokenizer.toString(), "--out", corpus);
        assertEquals(ExitCode.DONE, prepared.exitCode(), prepared.err());
    }

    @Test
    void foldersAboveTheFileAreMade() {
        tokenizer = folder.resolve("a/b/tokenizer.json");
        assertEquals(ExitCode.DONE, learn("300").exitCode());
        assertTrue(Files.exists(tokenizer));
    }

    @Test
    void nothingIsReplacedUnasked() throws IOException {
        learn("300");
        Run again = learn("300");
        assertEquals(ExitCode.FOLDER_IN_USE, again.exitCode());
        assertTrue(again.err().contains("--out " + tokenizer + " already exists\n"), again.err());
        Files.writeString(tokenizer, "mine");
        Run mine = learn("300", "--overwrite");
        assertEquals(ExitCode.FOLDER_IN_USE, mine.exitCode());
        assertTrue(mine.err().contains("--out " + tokenizer + " already exists and is not a tokenizer\n"), mine.err());
        assertEquals("mine", Files.readString(tokenizer));
    }

    @Test
    void whatCannotBeLearntIsRefused() throws IOException {
        assertEquals(ExitCode.USAGE, learn("256").exitCode());
        Files.writeString(data, "");
        Run empty = learn("300");
        assertEquals(ExitCode.CONTENT, empty.exitCode());
        assertEquals(
                "microgpt: data " + data + ": the text is empty, but must have at least one character\n", empty.err());
        assertFalse(Files.exists(tokenizer));
    }

    private Run learn(String vocabSize, String... more) {
        String[] args = {
            "tokenizer", "train", "--data", data.toString(), "--vocab-size", vocabSize, "--out", tokenizer.toString()
        };
        return Run.of(joined(args, more));
    }

    private Run train(String out, String... more) {
        String[] args = {
            "train", "--data", data.toString(), "--format", "text", "--steps", "2", "--num-samples", "1", "--out", out
        };
        return Run.of(joined(args, more));
    }

    private static String[] joined(String[] args, String... more) {
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }
}
