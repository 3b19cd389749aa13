package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.attribution.Attribution;
import dev.microgpt.train.attribution.Influence;
import dev.microgpt.train.attribution.Influences;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Explains samples and texts of small models of names. */
class WhyCommandTest {
    @TempDir
    static Path folder;

    private static List<String> samples;

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(folder.resolve("names.txt"), "anna\nkaren\nemma\nanna\nolivia\nlea\nava\nelin\nmarek\nora\n");
        Run run = run("run", "--steps", "9");
        samples = run.out().lines().filter(line -> line.startsWith("sample ")).toList();
        assertEquals(3, samples.size(), run.out());
    }

    private static Run run(String out, String... options) {
        List<String> args = new ArrayList<>(List.of("train", "--val-fraction", "0.1"));
        args.addAll(List.of(
                "--data",
                names(),
                "--num-samples",
                "3",
                "--out",
                folder.resolve(out).toString()));
        args.addAll(List.of(options));
        Run run = Run.of(args.toArray(new String[0]));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    private static String names() {
        return folder.resolve("names.txt").toString();
    }

    private static Run why(String checkpoint, String... options) {
        List<String> args =
                new ArrayList<>(List.of("why", folder.resolve(checkpoint).toString(), "--data", names()));
        args.addAll(List.of(options));
        return Run.of(args.toArray(new String[0]));
    }

    private static Attribution attribution(String text) throws IOException {
        Checkpoint saved = Checkpoint.load(folder.resolve("run/checkpoint.safetensors"));
        List<String> documents = Documents.read(Path.of(names())).texts();
        PythonRandom random = new PythonRandom(42);
        random.shuffle(documents);
        return Attribution.of(
                saved, documents.subList(0, 9), random, saved.tokenizer().encode(text));
    }

    @Test
    void aSampleOfTheRunIsExplained() throws IOException {
        for (int i = 2; i <= 3; i++) {
            String text = samples.get(i - 1).substring("sample  1: ".length());
            Run run = why("run", "--sample", Integer.toString(i), "--top", "4");
            assertEquals(ExitCode.DONE, run.exitCode(), run.err());
            Attribution attribution = attribution(text);
            Influences influences = attribution.influences(99);
            List<String> out = run.out().lines().toList();
            assertEquals("text: " + text, out.get(0));
            assertTrue(
                    out.get(1).startsWith("log p: " + Format.fixed(attribution.logProbability(), 4) + " nats, for "));
            List<Influence> expected = new ArrayList<>(influences.helped(4));
            expected.addAll(influences.hindered(4));
            List<String> lines = out.stream()
                    .filter(line -> line.matches(" +[+-]?[0-9]\\.[0-9]{4} .* [a-z]+"))
                    .toList();
            assertEquals(expected.size(), lines.size(), run.out());
            for (int line = 0; line < lines.size(); line++) {
                Influence influence = expected.get(line);
                String[] words = lines.get(line).strip().split(" +");
                assertEquals(influence.exact(), Double.parseDouble(words[0]), 5e-5);
                assertEquals(influence.gradientEstimate(), Double.parseDouble(words[1]), 5e-5);
                assertEquals(influence.adamEstimate(), Double.parseDouble(words[2]), 5e-5);
                assertEquals(influence.firstStep(), Integer.parseInt(words[3]));
                assertEquals(influence.occurrences(), Integer.parseInt(words[4]));
                assertEquals(influence.document(), words[5]);
            }
        }
    }

    @Test
    void aTextIsNewOrACopy() {
        String copy = why("run", "--text", "anna").out();
        assertTrue(
                copy.contains("\ntraining data: has this text, 2 times word for word, first seen in step 2\n"), copy);
        assertTrue(copy.contains("\ndocuments: 8 different ones in 9 steps\nleft out: each of them\n"), copy);
        String added = why("run", "--text", "annal").out();
        assertTrue(added.contains("\ntraining data: does not have this text: it is new\n"), added);
        assertTrue(added.contains(" nats, for 5 tokens and the end\n"), added);
        String full = why("run", "--text", "annaannaannaanna").out();
        assertTrue(full.contains(" nats, for 16 tokens without the end, which is beyond the block size\n"), full);
    }

    @Test
    void someDocumentsAreLeftOutAndTheOthersEstimated() {
        Run run = why("run", "--text", "anna", "--exact", "6");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("training without each of 6 documents, which takes about "), run.err());
        assertTrue(run.err().contains("; --exact 8 leaves out each of all 8 and takes about "), run.err());
        assertTrue(
                run.out()
                        .contains("\nleft out: 6 of them, 3 at random and the others for their estimates\n"
                                + "strongest estimate of the others: "),
                run.out());
    }

    @Test
    void aRunWhoseBeginningIsUnknownIsRefused() throws IOException {
        run("tuned", "--steps", "2", "--init-from", folder.resolve("run").toString());
        refused(
                "tuned: replay: the random state in the checkpoint is not the one after seed 42",
                "tuned",
                "--text",
                "a");
        run("longer", "--steps", "4");
        String longer = folder.resolve("longer").toString();
        Run extended = Run.of(
                "train", "--resume", longer, "--extend", "--steps", "6", "--data", names(), "--num-samples", "0");
        assertEquals(ExitCode.DONE, extended.exitCode(), extended.err());
        refused("longer: replay: the run was extended after step 4 from 4 to 6 steps", "longer", "--text", "a");
    }

    @Test
    void aRunOnCropsAModelAloneAndTheMiddleOfARunAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Run crops = SmallTraining.run(text, folder.resolve("text"));
        assertEquals(ExitCode.DONE, crops.exitCode(), crops.err());
        refused(
                "was trained on random crops of a text, so there are no documents to leave out\n"
                        + "hint: give a checkpoint of a run with --format documents\n",
                "text",
                "--text",
                "a");
        Checkpoint saved = Checkpoint.load(folder.resolve("run/checkpoint.safetensors"));
        saved.trainedModel().save(folder.resolve("model.safetensors"));
        refused("hint: give a checkpoint of a training run, which ", "model.safetensors", "--text", "a");
        run("middle", "--steps", "4", "--checkpoint-interval", "2");
        refused(
                "checkpoint-00000002.safetensors is from step 2 of 4\n"
                        + "hint: give the last checkpoint, or the text itself with --text\n",
                "middle/checkpoint-00000002.safetensors",
                "--sample",
                "1");
        Run middle = why("middle/checkpoint-00000002.safetensors", "--text", "a");
        assertTrue(middle.out().contains("\ndocuments: 2 different ones in 2 steps\n"), middle.out() + middle.err());
    }

    private static void refused(String message, String checkpoint, String... options) {
        Run run = why(checkpoint, options);
        assertEquals(ExitCode.CONTENT, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals("", run.out());
    }
}
