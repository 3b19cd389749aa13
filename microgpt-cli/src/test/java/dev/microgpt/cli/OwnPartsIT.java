package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/extending.md, with the jar of the project that microgpt-train builds from that page. */
class OwnPartsIT {
    private static final Path GUIDE = Path.of("..", "docs", "extending.md");
    private static final Path PARTS = Path.of("..", "microgpt-train", "target", "it", "parts", "target");

    @TempDir
    Path folder;

    private Trainings trainings;
    private List<String> commands;

    @BeforeEach
    void readTheGuide() throws IOException {
        Path jar = PARTS.resolve("parts-1.0.jar");
        assertTrue(Files.exists(jar), jar + " is missing; mvn verify builds it in microgpt-train");
        trainings = new Trainings(folder);
        trainings.use(jar);
        String text = Files.readString(GUIDE).replaceAll("\\\\\r?\n +", "");
        commands = Pattern.compile(
                        "(?m)^java -cp microgpt\\.jar:target/parts-1\\.0\\.jar dev\\.microgpt\\.cli\\.Main (.*)$")
                .matcher(text)
                .results()
                .map(command -> command.group(1))
                .toList();
        assertEquals(5, commands.size(), commands::toString);
    }

    @AfterEach
    void endTheRuns() {
        trainings.close();
    }

    @Test
    void partIsTrainedStoppedResumedAndSampledByName() throws Exception {
        Trainings.needSignals();
        trainings.run(commands.get(0).replace("--out alibi", "--out straight"));
        Process process = trainings.start(Trainings.HERE, commands.get(0));
        assertTrue(Trainings.awaitStep(process), trainings.err(process));
        Trainings.send("INT", process);
        Trainings.drain(process);
        assertEquals(130, trainings.exitCodeOf(process), trainings.err(process));
        trainings.run(commands.get(1));
        assertArrayEquals(
                trainings.bytes("straight/checkpoint.safetensors"), trainings.bytes("alibi/checkpoint.safetensors"));
        assertEquals(20, trainings.run(commands.get(2)).lines().count());
        assertTrue(
                trainings.run("info alibi").contains("\nattention: com.example.alibi(slope=8.0)\n"),
                "the checkpoint names the part");
    }

    @Test
    void modelIsTrainedAndSampledByName() throws Exception {
        String trained = trainings.run(commands.get(3));
        // embedding and head of 27 tokens, and three gates
        assertTrue(trained.contains("\nnum params: " + (2 * 27 * 32 + 3 * (2 * 32 * 32 + 32)) + "\n"), trained);
        assertEquals(20, trainings.run(commands.get(4)).lines().count());
    }
}
