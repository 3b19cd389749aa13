package dev.microgpt.autograd.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Kernels;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
import org.slf4j.spi.SLF4JServiceProvider;

/** A program that logs nothing hears nothing of SLF4J, and one that has a provider gets the log of the libraries. */
class LogTest {
    @TempDir
    Path folder;

    /** A program of a user's. */
    public static final class Program {
        public static void main(String[] args) {
            System.out.println(Kernels.active().threads());
        }
    }

    /** Prints which loggers it is asked for, and makes some that discard everything. */
    public static final class Provider extends NOP_FallbackServiceProvider {
        @Override
        public ILoggerFactory getLoggerFactory() {
            return name -> {
                System.out.println("logger " + name);
                return NOPLogger.NOP_LOGGER;
            };
        }
    }

    @Test
    void programWithoutAProviderPrintsNothingElse() throws Exception {
        assertEquals("1\n", printed());
    }

    @Test
    void providerIsAskedForTheLogger() throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(SLF4JServiceProvider.class.getName()), Provider.class.getName());
        assertEquals("logger " + ActiveKernels.class.getName() + "\n1\n", printed());
    }

    @Test
    void brokenProviderIsReportedBySlf4j() throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(SLF4JServiceProvider.class.getName()), "com.example.Missing");
        String printed = printed();
        assertTrue(printed.contains("com.example.Missing"), printed);
    }

    /** Returns all that the program prints in a JVM of its own. */
    private String printed() throws Exception {
        Path own = folder.resolve(ActiveKernels.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(own.getParent());
        try (InputStream tested = ActiveKernels.class.getResourceAsStream("ActiveKernels.class")) {
            Files.copy(tested, own); // which may be one with a fault
        }
        String classPath = String.join(
                File.pathSeparator,
                folder.toString(),
                place(Kernels.class),
                place(LogTest.class),
                place(LoggerFactory.class));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dmicrogpt.threads=1",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed.replace("\r\n", "\n");
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
