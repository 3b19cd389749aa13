package dev.microgpt.cli.faults;

import java.io.IOException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests of the project on its classes, with or without a planted fault. */
final class FaultRun {
    /** Longer than any of these tests takes; a fault may make one wait forever. */
    private static final long SECONDS = 300;

    private static final String NIGHTLY = "microgpt.test.nightly";
    private static final String JAR = "microgpt.jar";
    private static final List<String> MODULES =
            List.of("microgpt-autograd", "microgpt-model", "microgpt-train", "microgpt-cli");

    private final Path project;
    private final Path scratch;

    /**
     * Prepares runs.
     *
     * @param project the folder of the project, in which all modules are compiled
     * @param scratch a folder for what the tests publish
     */
    FaultRun(Path project, Path scratch) {
        this.project = project.toAbsolutePath().normalize();
        this.scratch = scratch;
    }

    /** Returns a module of which the classes or the tests are not compiled, or an empty text. */
    static String missing(Path project) {
        return MODULES.stream()
                .filter(module -> !Files.isDirectory(project.resolve(module).resolve("target/classes"))
                        || !Files.isDirectory(project.resolve(module).resolve("target/test-classes")))
                .findFirst()
                .orElse("");
    }

    /**
     * What came of the tests.
     *
     * @param passed   how many passed
     * @param failures the failed ones, with the reason; the run ends with the first
     */
    record Outcome(int passed, Map<String, Throwable> failures) {
        /** Returns whether a test noticed something: where classes do not fit together, none has. */
        boolean noticed() {
            return failures.values().stream().anyMatch(failure -> !(failure instanceof LinkageError));
        }
    }

    /** Runs the tests that have to notice a fault. */
    Outcome with(Fault fault) throws Exception {
        return run(fault.test(), Compilation.of(fault.plantedIn(project), classPath()));
    }

    /** Runs tests on the classes as they are. */
    Outcome without(Fault.TestName test) throws Exception {
        return run(test, Map.of());
    }

    private String classPath() {
        List<String> path = new ArrayList<>();
        MODULES.forEach(module ->
                path.add(project.resolve(module).resolve("target/classes").toString()));
        path.add(System.getProperty("java.class.path"));
        return String.join(System.getProperty("path.separator"), path);
    }

    private URL[] folders(String moduleOfTest) throws IOException {
        List<URL> folders = new ArrayList<>();
        folders.add(project.resolve(moduleOfTest)
                .resolve("target/test-classes")
                .toUri()
                .toURL());
        for (String module : MODULES) {
            folders.add(
                    project.resolve(module).resolve("target/classes").toUri().toURL());
        }
        return folders.toArray(new URL[0]);
    }

    private Outcome run(Fault.TestName test, Map<String, byte[]> faulty) throws Exception {
        Map<String, String> before = new LinkedHashMap<>();
        before.put(NIGHTLY, System.setProperty(NIGHTLY, "false"));
        if (test.type().endsWith("IT")) {
            before.put(JAR, System.setProperty(JAR, jarWith(faulty).toString()));
        }
        try (FaultyClasses classes = new FaultyClasses(folders(test.module()), faulty)) {
            return within(classes, test);
        } finally {
            Thread.interrupted(); // a faulty class may not have noticed it
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
    }

    /** The program's jar with other classes in it. */
    private Path jarWith(Map<String, byte[]> faulty) throws IOException {
        Path jar = Files.copy(
                project.resolve("microgpt-cli/target/microgpt.jar"),
                Files.createTempDirectory(scratch, "jar").resolve("microgpt.jar"));
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
            for (Map.Entry<String, byte[]> one : faulty.entrySet()) {
                Files.write(content.getPath(one.getKey().replace('.', '/') + ".class"), one.getValue());
            }
        }
        return jar;
    }

    private Outcome within(FaultyClasses classes, Fault.TestName test) throws Exception {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selector(classes, test))
                .filters(TagFilter.excludeTags("slow"))
                .configurationParameter("junit.platform.reporting.output.dir", scratch.toString())
                .build();
        Notes notes = new Notes();
        FutureTask<Void> tests = new FutureTask<>(() -> {
            LauncherFactory.create()
                    .execute(LauncherExecutionRequestBuilder.request(request)
                            .listeners(notes)
                            .cancellationToken(notes.enough)
                            .build());
            return null;
        });
        Thread thread = new Thread(tests, "tests with a fault");
        thread.setContextClassLoader(classes);
        thread.setDaemon(true);
        thread.start();
        try {
            tests.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException forEver) {
            notes.failures.put(test.toString(), forEver);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("the tests of " + test + " cannot run", broken.getCause());
        }
        return new Outcome(notes.passed, notes.failures);
    }

    private DiscoverySelector selector(FaultyClasses classes, Fault.TestName test) throws Exception {
        Class<?> type = classes.loadClass(qualified(test));
        return test.method().isEmpty()
                ? DiscoverySelectors.selectClass(type)
                : DiscoverySelectors.selectMethod(type, methodOf(type, test.method()));
    }

    private static java.lang.reflect.Method methodOf(Class<?> type, String name) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type.getName() + " has no method " + name));
    }

    /** Finds the package of a test. */
    private String qualified(Fault.TestName test) throws IOException {
        Path compiled = project.resolve(test.module()).resolve("target/test-classes");
        try (Stream<Path> files = Files.walk(compiled)) {
            Path file = files.filter(any -> any.endsWith(test.type() + ".class"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(test.module() + " has no test " + test.type()));
            String name = compiled.relativize(file).toString();
            return name.substring(0, name.length() - ".class".length()).replace('/', '.');
        }
    }

    /** Counts, and ends the run with the first failure. */
    private static final class Notes implements TestExecutionListener {
        private final CancellationToken enough = CancellationToken.create();
        private final Map<String, Throwable> failures = new LinkedHashMap<>();
        private int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failures.put(
                        test.getDisplayName(),
                        result.getThrowable().orElseGet(() -> new AssertionError("failed without a reason")));
                enough.cancel();
            } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }
    }
}
