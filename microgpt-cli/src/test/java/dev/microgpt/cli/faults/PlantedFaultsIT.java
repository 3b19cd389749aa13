package dev.microgpt.cli.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults are planted into copies of the project's classes, and its own tests must notice them: a test that no fault
 * makes fail proves nothing.
 *
 * <p>The faults are in src/test/faults. A build tries some of them and checks that all still fit the sources; a nightly
 * build tries all.
 */
class PlantedFaultsIT {
    private static final Path PROJECT = Path.of("..");
    private static final Path FAULTS = Path.of("src", "test", "faults");
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    private static final Set<Fault.TestName> ranWithoutFault = new HashSet<>();
    private static int falseAlarms;
    private static int tried;
    private static int caught;

    @TempDir
    Path scratch;

    private FaultRun run;

    @BeforeEach
    void needsAllModules() {
        String missing = FaultRun.missing(PROJECT);
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing + " is not compiled with its tests; build the whole");
        run = new FaultRun(PROJECT, scratch);
    }

    private static List<Fault> all() throws IOException {
        List<Fault> faults = new ArrayList<>();
        try (Stream<Path> files = Files.list(FAULTS)) {
            for (Path file : files.sorted().toList()) {
                faults.addAll(FaultFile.read(file));
            }
        }
        return faults;
    }

    static List<Fault> faults() throws IOException {
        return all().stream().filter(fault -> NIGHTLY || fault.everyBuild()).toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNoticed(Fault fault) throws Exception {
        if (ranWithoutFault.add(fault.test())) {
            FaultRun.Outcome outcome = run.without(fault.test());
            falseAlarms += outcome.failures().isEmpty() ? 0 : 1;
            assertEquals("{}", outcome.failures().toString(), "without a fault");
            assertTrue(outcome.passed() > 0, "no test ran");
        }
        tried++;
        FaultRun.Outcome outcome = run.with(fault);
        assertTrue(outcome.noticed(), () -> fault.test() + " did not notice: " + outcome);
        caught++;
    }

    @AfterAll
    static void publish(TestReporter reporter) throws IOException {
        if (tried > 0) {
            String figure = tried + " faults of " + all().size() + " planted, " + caught + " caught; "
                    + ranWithoutFault.size() + " tests run without a fault, "
                    + (falseAlarms == 0 ? "no false alarm" : "false alarms: " + falseAlarms);
            reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
        }
    }

    @Test
    void everyFaultFitsTheSources() throws IOException {
        Set<String> names = new HashSet<>();
        for (Fault fault : all()) {
            assertTrue(names.add(fault.name()), () -> "found twice: " + fault.name());
            fault.plantedIn(PROJECT);
        }
        assertTrue(names.size() >= 25, names::toString);
    }

    // ---- planted into this very test ----

    private static final Fault.TestName ANY_TEST = new Fault.TestName("microgpt-autograd", "ShapeTest", "");

    private static Fault shapeFault(String original, String replacement) {
        String source = "microgpt-autograd/src/main/java/dev/microgpt/autograd/Shape.java";
        Fault.Edit edit = new Fault.Edit(source, List.of(original), List.of(replacement));
        return new Fault("a trial", List.of(edit), ANY_TEST, true);
    }

    @Test
    void aChangeThatHarmsNothingIsNotNoticed() throws Exception {
        FaultRun.Outcome outcome =
                run.with(shapeFault("package dev.microgpt.autograd;", "package dev.microgpt.autograd; "));
        assertFalse(outcome.noticed(), outcome::toString);
        assertTrue(outcome.passed() > 0);
    }

    @Test
    void aFaultThatDoesNotFitIsAnError() {
        String message = assertThrows(IllegalStateException.class, () -> run.with(shapeFault("no such line", "")))
                .getMessage();
        assertTrue(message.contains("Shape.java: found 0 times, expected once"), message);
        message = assertThrows(IllegalStateException.class, () -> run.with(shapeFault("}", "")))
                .getMessage();
        assertTrue(message.contains("times, expected once"), message);
    }

    @Test
    void aFaultThatDoesNotCompileIsAnError() {
        Fault fault = shapeFault("package dev.microgpt.autograd;", "package dev.microgpt.autograd");
        String message =
                assertThrows(IllegalStateException.class, () -> run.with(fault)).getMessage();
        assertTrue(message.contains("Shape.java] does not compile"), message);
    }
}
