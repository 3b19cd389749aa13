package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every flipped bit and every truncation is detected: by the checksum of a checkpoint or model, or, for files without
 * one, by the hash of the data in the checkpoint. A nightly build flips every bit and truncates at every byte, other
 * builds try a sample.
 */
class DamageTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** In bits; odd, so that successive flips hit different bits of their bytes. */
    private static final int STEP = NIGHTLY ? 1 : 37;

    private static final int CUT = NIGHTLY ? 1 : 5;

    /** Coprime to 8, so that neighboring bytes have different bits flipped. */
    private static final int NEXT_BIT = 5;

    private static int flips;
    private static int truncations;
    private static int corpusFlips;

    @TempDir
    private Path folder;

    private Path file;

    /** Reads the file of a model or checkpoint. */
    private interface Reader {
        Object read(Path file) throws IOException;
    }

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void noDamagedCheckpointIsLoaded() throws IOException {
        TinyModels.checkpoint().save(file);
        flipEverywhere(Checkpoint::load);
        cutEverywhere(Checkpoint::load, Checkpoint::stepIn, Checkpoint::isIn, TrainedModel::load);
    }

    @Test
    void noDamagedModelIsLoaded() throws IOException {
        TinyModels.model(TinyModels.bpe(), GptConfig.nano(2)).save(file);
        flipEverywhere(TrainedModel::load);
        cutEverywhere(TrainedModel::load, Checkpoint::isIn);
    }

    private void flipEverywhere(Reader reader) throws IOException {
        byte[] good = Files.readAllBytes(file);
        reader.read(file);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 8 * good.length; i += STEP) {
                int at = i / 8;
                int bit = (at * NEXT_BIT + i) % 8;
                put(out, at, good[at] ^ 1 << bit);
                assertRefused(reader, "bit " + bit + " of byte " + at + " flipped");
                put(out, at, good[at]);
                flips++;
            }
        }
        reader.read(file);
    }

    private void cutEverywhere(Reader... readers) throws IOException {
        byte[] good = Files.readAllBytes(file);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int more = 1; more <= 1 << 20; more *= 4) {
                out.setLength(good.length + more);
                assertAllRefuse(readers, more + " bytes too many");
            }
            for (int length = good.length - 1; length >= 0; length -= CUT) {
                out.setLength(length);
                String damage = "cut to " + length + " bytes";
                if (NIGHTLY) {
                    assertAllRefuse(readers, damage);
                } else {
                    assertRefused(readers[length % readers.length], damage);
                }
                truncations++;
            }
        }
    }

    private static void put(RandomAccessFile out, int at, int value) throws IOException {
        out.seek(at);
        out.write(value);
    }

    private void assertAllRefuse(Reader[] readers, String damage) throws IOException {
        for (Reader reader : readers) {
            assertRefused(reader, damage);
        }
    }

    private void assertRefused(Reader reader, String damage) throws IOException {
        try {
            reader.read(file);
        } catch (SafetensorsException refused) {
            assertEquals("", Refusals.flaw(refused.getMessage(), file), refused.getMessage());
            return;
        }
        fail("loaded, though " + damage);
    }

    @Test
    void everyDamageOfPreparedTokensIsRefusedOrGivesAnotherHash() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "to be, or not to be\n".repeat(9));
        Path corpus = folder.resolve("corpus");
        String hash = PreparedCorpus.prepare(TextSource.of(text), corpus, 0.2, false, null)
                .sha256();
        for (String name : new String[] {"train.bin", "val.bin"}) {
            Path tokens = corpus.resolve(name);
            byte[] good = Files.readAllBytes(tokens);
            try (RandomAccessFile out = new RandomAccessFile(tokens.toFile(), "rw")) {
                for (int bit = 0; bit < 8 * good.length; bit++) {
                    put(out, bit / 8, good[bit / 8] ^ 1 << bit % 8);
                    assertNotTheSame(hash, corpus);
                    put(out, bit / 8, good[bit / 8]);
                    corpusFlips++;
                }
                assertEquals(hash, hashOf(corpus));
                for (int length = good.length - 1; length >= 0; length -= CUT) {
                    out.setLength(length);
                    assertNotTheSame(hash, corpus);
                    corpusFlips++;
                }
                out.setLength(0);
                out.write(good);
            }
        }
    }

    private static void assertNotTheSame(String hash, Path corpus) throws IOException {
        try {
            assertNotEquals(hash, hashOf(corpus));
        } catch (DataException refused) {
            assertEquals("", Refusals.flaw(refused.getMessage(), corpus.resolve("train.bin")), refused.getMessage());
        }
    }

    private static String hashOf(Path folder) throws IOException {
        PreparedCorpus corpus = PreparedCorpus.open(folder);
        try {
            int[] ids = new int[(int) corpus.training().count()];
            corpus.training().read(0, ids, 0, ids.length);
            corpus.validationBytes();
        } catch (UncheckedIOException wrongId) {
            throw wrongId.getCause();
        }
        return corpus.sha256();
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure =
                flips + " flips and " + truncations + " truncations of checkpoints and models refused, 0 loaded; "
                        + corpusFlips + " of prepared tokens refused or told by their hash, 0 taken for the same";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, to -> Files.writeString(to, figure));
    }
}
