package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;

/**
 * The run of microgpt.py: all its 1,000 losses, its weights and its 20 names, against figures recorded from that
 * program.
 *
 * <p>Seed 42 is calm: noise in the last bit of every gradient stays below 5e-15 in all losses, so 1e-12 leaves two
 * hundredfold room for other orders of summation and none for a mistake.
 */
class ReferenceRunTest {
    private static final double TOLERANCE = 1e-12;

    private static int runs;
    private static double worstLoss;
    private static double worstWeight;

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = String.format(
                Locale.ROOT,
                "runs of 1,000 losses: %d tried, %d held; worst difference of a loss %.1e, of a final weight %.1e",
                runs,
                runs,
                worstLoss,
                worstWeight);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** On the names that ship. */
    @Nested
    class BundledNames extends Facts {
        BundledNames() {
            super("bundled");
        }

        @Override
        List<String> documents() throws IOException {
            return MicrogptRun.bundledNames();
        }

        @Test
        void theShuffledDocumentsBeginAsRecorded() {
            List<String> expected = reference.texts("first_documents_after_shuffle");
            assertEquals(expected, run.documents.subList(0, expected.size()));
        }
    }

    /** On the names of makemore, which are another project's file and do not ship. */
    @Nested
    class MakemoreNames extends Facts {
        MakemoreNames() {
            super("names");
        }

        @Override
        List<String> documents() throws IOException {
            String file = System.getProperty("microgpt.names");
            assumeTrue(file != null, "skipped: makemore's names.txt is not here; -Dmicrogpt.names=FILE names it");
            return Documents.read(Path.of(file)).texts();
        }
    }

    /** What must be as recorded, on any data. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Facts {
        private final String name;
        ReferenceRun reference;
        MicrogptRun run;
        private List<String> samples;

        Facts(String name) {
            this.name = name;
        }

        abstract List<String> documents() throws IOException;

        @BeforeAll
        void runAll() throws IOException {
            List<String> documents = documents();
            reference = ReferenceRun.read(name);
            run = new MicrogptRun(documents, GptConfig.microgpt(2), TrainingConfig.microgpt()).train();
            samples = run.samples(20, 0.5);
        }

        @Test
        void theDataAreCountedAsRecorded() {
            assertEquals(reference.number("num_docs"), run.documents.size());
            assertEquals(reference.number("vocab_size"), run.tokenizer.vocabSize());
            assertEquals(reference.number("num_params"), run.gpt.parameters().count());
            assertEquals(reference.number("num_params"), run.gpt.config().parameterCount());
        }

        @Test
        void theShuffleIsPythons() throws GeneralSecurityException {
            byte[] joined = String.join("\n", run.documents).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(joined);
            assertEquals(
                    reference.text("shuffled_documents_sha256"), HexFormat.of().formatHex(hash));
        }

        @Test
        void theFirstWeightsAreTheRecordedOnes() {
            double[] expected = reference.numbers("initial_parameters_first_32");
            double[] drawn = run.firstParameters.get("wte");
            for (int i = 0; i < expected.length; i++) {
                // the C library's sin, cos and log differ from Java's by a few units in the last place
                double allowed = Math.max(1e-15, 4 * Math.ulp(expected[i]));
                assertEquals(expected[i], drawn[i], allowed, "weight " + i);
            }
            assertEquals(reference.number("initial_parameters_sum"), sum(run.firstParameters), 1e-12);
        }

        @Test
        void everyGradientOfTheFirstStepIsTheRecordedOne() {
            Map<String, double[]> expected = reference.tensors("gradient_at_step_1");
            assertEquals(9, expected.size());
            Distance.assertClose(expected, run.firstGradients, TOLERANCE);
        }

        @Test
        void allThousandLossesAreTheRecordedOnes() {
            double[] expected = reference.numbers("losses");
            assertEquals(1000, expected.length);
            double[] losses = run.losses.stream().mapToDouble(loss -> loss).toArray();
            assertArrayEquals(expected, losses, TOLERANCE);
            runs++;
            worstLoss = Math.max(worstLoss, Distance.absolute(losses, expected));
        }

        @Test
        void everyFinalWeightIsTheRecordedOne() {
            Map<String, double[]> expected = reference.tensors("final_parameters");
            assertEquals(9, expected.size());
            worstWeight = Math.max(worstWeight, Distance.assertClose(expected, run.parameters(), TOLERANCE));
            assertEquals(reference.number("final_parameters_sum"), sum(run.parameters()), 1e-10);
        }

        @Test
        void theTwentyNamesAreTheRecordedOnesInTheirOrder() {
            assertEquals(20, samples.size());
            assertEquals(reference.texts("samples"), samples);
        }

        @Test
        void theRecordingSaysWhereItComesFrom() {
            assertTrue(reference.about().contains("microgpt.py"), reference.about());
        }

        private static double sum(Map<String, double[]> tensors) {
            double sum = 0;
            for (double[] tensor : tensors.values()) {
                for (double number : tensor) {
                    sum += number;
                }
            }
            return sum;
        }
    }
}
