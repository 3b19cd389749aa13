package dev.microgpt.train.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Adam;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.Gradients;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.DataConfig;
import dev.microgpt.train.data.DataFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributionTest {
    /** Twenty documents, some of them more than once, and one longer than the block. */
    private static final List<String> NAMES = List.of(
            "anna",
            "ben",
            "anna",
            "clara",
            "dana",
            "ed",
            "anna",
            "ben",
            "hannah",
            "nina",
            "nan",
            "abe",
            "annabelle",
            "dan",
            "dan",
            "lea",
            "",
            "ada",
            "al",
            "cal");

    private static final int BLOCK = 7;
    private static final DataConfig DATA = new DataConfig(DataFormat.DOCUMENTS, 0, "0123456789abcdef".repeat(4));

    /** "drop" in ASCII, the stream of dropout. */
    private static final long DROPOUT = 0x64726f70L;

    private static GptConfig shape(double dropout) {
        return GptConfig.microgpt(2).withSizes(1, 2, 8, BLOCK).with(GptConfig.DROPOUT, dropout);
    }

    private static TrainingConfig training(int batchSize, int parts, double gradClip) {
        Schedule schedule = new Schedule(Schedule.Kind.LINEAR, 0.02, 0.002, 2);
        return new TrainingConfig(22, batchSize, parts, schedule, new AdamConfig(0.85, 0.99, 1e-8, 0.1), gradClip, 7);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0, 0", "3, 1, 0, 0", "2, 3, 0.7, 0.3"})
    void influencesAreThoseOfALoopWrittenByHand(int batchSize, int parts, double gradClip, double dropout) {
        TrainingConfig training = training(batchSize, parts, gradClip);
        MicrogptRun run = new MicrogptRun(NAMES, shape(dropout), training).train();
        String text = "hanna";
        double with = logProbability(run.gpt, run.tokenizer, text);
        Attribution attribution = attribution(run, training, text);
        assertEquals(with, attribution.logProbability());
        assertEquals(with, byHand(run, training, null, text));

        List<Influence> all = attribution.influences(Integer.MAX_VALUE).all();
        assertEquals(
                new LinkedHashSet<>(run.documents).stream().toList(),
                all.stream().map(Influence::document).toList());
        for (Influence influence : all) {
            double without = byHand(run, training, influence.document(), text);
            assertEquals(with - without, influence.exact(), influence.document());
            assertTrue(influence.exact() != 0, influence.document());
        }
    }

    /** Trains without a document, by the halves of a step, and returns log p(text). */
    private static double byHand(MicrogptRun run, TrainingConfig training, String leftOut, String text) {
        PythonRandom random = new PythonRandom(training.seed());
        random.shuffle(new ArrayList<>(NAMES));
        Gpt gpt = new Gpt(run.gpt.config(), Parameters.drawnFrom(random));
        Adam adam = new Adam(gpt.parameters().all(), training.adam());
        Trainer trainer = new Trainer(
                gpt,
                (step, part, parts) -> {
                    throw new AssertionError("the loop makes its own batches");
                },
                adam,
                training);
        Gradients gradients = new Gradients(gpt.parameters().all());
        int updates = 0;
        for (int step = 0; step < training.steps(); step++) {
            List<Batch> batches = new ArrayList<>();
            long tokens = 0;
            for (int part = 0; part < training.gradientAccumulationSteps(); part++) {
                List<int[]> sequences = new ArrayList<>();
                List<Integer> numbers = new ArrayList<>();
                for (int i = 0; i < training.batchSize(); i++) {
                    int number = part * training.batchSize() + i;
                    int perStep = training.batchSize() * training.gradientAccumulationSteps();
                    String document = run.documents.get((step * perStep + number) % NAMES.size());
                    if (!document.equals(leftOut)) {
                        sequences.add(framed(run.tokenizer, document));
                        numbers.add(number);
                    }
                }
                if (!sequences.isEmpty()) {
                    CounterRandom stream =
                            new CounterRandom(training.seed()).child(DROPOUT).child(step);
                    Batch batch = Batch.forTraining(sequences).withRandom(stream, 0);
                    batches.add(batch.withNumbers(
                            numbers.stream().mapToInt(Integer::intValue).toArray()));
                    tokens += batch.targets().length;
                }
            }
            if (tokens > 0) {
                for (Batch batch : batches) {
                    trainer.addGradients(batch, tokens);
                }
                gradients.clip(gradients.norm(), training.gradClip());
                trainer.update(training.schedule().over(training.steps()).at(step));
                updates++;
            }
        }
        assertEquals(updates, adam.updates());
        return logProbability(gpt, run.tokenizer, text);
    }

    private static double logProbability(Gpt gpt, CharTokenizer tokenizer, String text) {
        Tape tape = Tape.inference();
        Batch batch = Batch.forTraining(List.of(framed(tokenizer, text)));
        return -tape.apply(new CrossEntropy(gpt.forward(tape, batch), batch.targets(), 1))
                .item();
    }

    private static int[] framed(CharTokenizer tokenizer, String document) {
        int[] ids = tokenizer.encode(document);
        int[] tokens = new int[Math.min(ids.length + 2, BLOCK + 1)];
        Arrays.fill(tokens, tokenizer.bos());
        System.arraycopy(ids, 0, tokens, 1, Math.min(ids.length, BLOCK));
        return tokens;
    }

    /**
     * Without momentum and at a small rate, a run is the sum of its steps, and the estimates are the differences:
     * TracIn's if eps is all that Adam divides by, and the scaled one always.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1e4, 1e-1, 0, 0",
        "1, 1, 1e-8, 1e-6, 0, 0",
        "1, 1, 1e4, 1e-1, 0.01, 0",
        "5, 1, 1e4, 1e-1, 0, 0",
        "4, 3, 1e4, 1e-1, 0, 0.3"
    })
    void atASmallRateTheEstimatesAreTheDifferences(
            int batchSize, int parts, double eps, double rate, double gradClip, double dropout) {
        Schedule schedule = new Schedule(Schedule.Kind.CONSTANT, rate, 0, 0);
        AdamConfig adam = new AdamConfig(0, 0, eps, 0);
        TrainingConfig training = new TrainingConfig(6, batchSize, parts, schedule, adam, gradClip, 7);
        MicrogptRun run = new MicrogptRun(NAMES, shape(dropout), training).train();
        Influences influences = attribution(run, training, "ann").influences(99);
        for (Influence influence : influences.all()) {
            double exact = influence.exact();
            assertEquals(exact, influence.adamEstimate(), 0.01 * Math.abs(exact), influence.document());
            if (eps > 1) {
                assertEquals(exact, influence.gradientEstimate() / eps, 0.01 * Math.abs(exact));
            }
        }
        assertTrue(influences.ofAdamEstimates().pearson() > 0.999);
    }

    @Test
    void theTextItselfHelpsMostAndIsEstimatedToHelp() {
        TrainingConfig training = training(1, 1, 0);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0), training).train();
        Influences influences = attribution(run, training, "anna").influences(Integer.MAX_VALUE);
        Influence first = influences.helped(1).get(0);
        assertThrows(IllegalArgumentException.class, () -> influences.hindered(-1));
        assertEquals("anna", first.document());
        assertEquals(run.documents.indexOf("anna") + 1, first.firstStep());
        int seen = 0;
        for (int step = 0; step < 22; step++) {
            seen += run.documents.get(step % 20).equals("anna") ? 1 : 0;
        }
        assertEquals(seen, first.occurrences());
        assertTrue(first.exact() > 0 && first.gradientEstimate() > 0 && first.adamEstimate() > 0, first.toString());
        assertTrue(influences.ofAdamEstimates().pearson() > 0.5);
        for (Influence influence : influences.hindered(99)) {
            assertTrue(influence.exact() < 0);
        }
    }

    @Test
    void someExactInfluencesAreTheSameAsAll() {
        TrainingConfig training = training(3, 1, 0);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0), training).train();
        Attribution attribution = attribution(run, training, "anna");
        Influences all = attribution.influences(Integer.MAX_VALUE);
        Influences some = attribution.influences(6);
        assertEquals(16, all.exactCount());
        assertEquals(all.all(), all.sample());
        assertEquals(6, some.exactCount());
        assertEquals(3, some.sample().size());
        for (int i = 0; i < all.all().size(); i++) {
            Influence influence = some.all().get(i);
            assertEquals(
                    all.all().get(i),
                    influence.isExact()
                            ? influence
                            : influence.withExact(all.all().get(i).exact()));
        }
        double strongest = 0;
        for (Influence influence : all.all()) {
            strongest = Math.max(strongest, Math.abs(influence.estimate()));
        }
        double of = strongest;
        assertTrue(some.all().stream().anyMatch(i -> i.isExact() && Math.abs(i.estimate()) == of));
        assertEquals(0, attribution.influences(0).exactCount());
        assertTrue(attribution.seconds(16) > attribution.seconds(6));
        assertTrue(attribution.tokens(16) > attribution.tokens(6));
        assertEquals(0, attribution.tokens(0));
    }

    /** A loop within a part of another runs on its thread. */
    @Test
    void theNumberOfThreadsDoesNotAffectTheResults() {
        TrainingConfig training = training(2, 2, 0.7);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0.3), training).train();
        Influences[] onOneThread = new Influences[1];
        Kernels kernels = Kernels.active();
        kernels.parallel(kernels.threads(), Long.MAX_VALUE, (part, from, to) -> {
            if (part == 0) {
                onOneThread[0] = attribution(run, training, "anna").influences(99);
            }
        });
        assertEquals(attribution(run, training, "anna").influences(99), onOneThread[0]);
    }

    @Test
    void documentsAfterTheLastStepHaveNoInfluence() {
        TrainingConfig training = training(1, 1, 0);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0), training);
        run.trainer.run(3);
        Attribution attribution = attribution(run, training, "a");
        assertEquals(
                new LinkedHashSet<>(run.documents.subList(0, 3)).size(),
                attribution.estimates().size());
    }

    @Test
    void aClosingBosCountsIfItFits() {
        TrainingConfig training = training(1, 1, 0);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0), training).train();
        assertEquals(6, attribution(run, training, "hanna").targets());
        assertEquals(7, attribution(run, training, "annahan").targets());
        assertEquals(
                "attribution: the text has 8 tokens, but must have at most 7, the block size of the model",
                refusal(() -> attribution(run, training, "annahann")));
    }

    @Test
    void whatCannotBeAttributedIsRefused() {
        TrainingConfig training = training(1, 1, 0);
        MicrogptRun run = new MicrogptRun(NAMES, shape(0), training);
        assertEquals(
                "attribution: the run has not done a step yet, so no document has an influence",
                refusal(() -> attribution(run, training, "a")));
        run.trainer.run(2);
        Checkpoint saved = saved(run, training);
        assertEquals(
                "attribution: a token of the text is 99, but must be from 0 to " + (run.tokenizer.vocabSize() - 1)
                        + ", those of the tokenizer",
                refusal(() -> Attribution.of(saved, run.documents, shuffled(training), 99)));
        Attribution attribution = attribution(run, training, "a");
        assertEquals(
                "attribution: the number of exact influences is -1, but must be at least 0",
                refusal(() -> attribution.influences(-1)));
        List<String> others = new ArrayList<>(run.documents);
        others.set(1, "bella");
        String message = refusal(
                () -> Attribution.of(saved, others, shuffled(training), 0).influences(1));
        assertTrue(message.startsWith("replay: after step 2, the number at index "), message);
    }

    @Test
    void correlationsAreThoseOfTheTextbook() {
        Correlation correlation = Correlation.of(new double[] {1, 2, 3, 4}, 1, 4, 9, 16);
        assertEquals(0.9843740386976972, correlation.pearson(), 1e-15);
        assertEquals(1, correlation.spearman(), 1e-15);
        Correlation falling = Correlation.of(new double[] {1, 2, 2, 3}, 4, 3, 3, -8);
        assertEquals(-1, falling.spearman(), 1e-15);
        assertFalse(Double.isFinite(Correlation.of(new double[] {1}, 2).pearson()));
    }

    private static Attribution attribution(MicrogptRun run, TrainingConfig training, String text) {
        return Attribution.of(saved(run, training), run.documents, shuffled(training), run.tokenizer.encode(text));
    }

    private static Checkpoint saved(MicrogptRun run, TrainingConfig training) {
        return new Checkpoint(
                training,
                run.tokenizer,
                run.gpt,
                run.adam,
                run.trainer.step(),
                run.random.state(),
                DATA,
                Double.POSITIVE_INFINITY);
    }

    private static PythonRandom shuffled(TrainingConfig training) {
        PythonRandom random = new PythonRandom(training.seed());
        random.shuffle(new ArrayList<>(NAMES));
        return random;
    }

    private static String refusal(Runnable refused) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, refused::run);
        return String.valueOf(e.getMessage());
    }
}
