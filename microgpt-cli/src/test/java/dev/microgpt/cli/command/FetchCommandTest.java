package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.fetch.FileServer;
import dev.microgpt.cli.fetch.KnownCorpus;
import dev.microgpt.cli.fetch.PartialFile;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchCommandTest {
    private static final byte[] TEXT = text();
    private static final String NAMES = KnownCorpus.NAMES.sha256();

    @TempDir
    private Path folder;

    private FileServer server;
    private Path file;
    private Path part;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(TEXT);
        file = folder.resolve("text.txt");
        part = folder.resolve(".text.txt.part");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** More than fits the buffers of one read. */
    private static byte[] text() {
        byte[] text = new byte[300_001];
        new Random(7).nextBytes(text);
        return text;
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private Run fetch(String path, String... more) {
        List<String> args = new ArrayList<>(List.of("data", "fetch", "--url", server.url(path)));
        args.addAll(List.of(more));
        if (!args.contains("--out")) {
            args.addAll(List.of("--out", folder.toString()));
        }
        return Run.of(args.toArray(new String[0]));
    }

    private Run fetchPinned(String path, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("--sha256", sha256(TEXT)));
        args.addAll(List.of(more));
        return fetch(path, args.toArray(new String[0]));
    }

    @Test
    void aFileIsFetchedAndItsHashPrinted() throws Exception {
        Run run = fetch("/text.txt");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("bytes: 300001\nsha256: " + sha256(TEXT) + "\n", run.out());
        assertEquals("microgpt: wrote " + file + "\n", run.err());
        assertOnlyTheFile();
    }

    @Test
    void quietLeavesOnlyResults() throws Exception {
        Run run = fetchPinned("/text.txt", "--quiet");
        assertEquals("", run.err());
        assertEquals("bytes: 300001\nsha256: " + sha256(TEXT) + "\n", run.out());
    }

    @Test
    void aHashMayBeInUpperCase() throws Exception {
        assertEquals(
                ExitCode.DONE,
                fetch("/text.txt", "--sha256", sha256(TEXT).toUpperCase()).exitCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/moved/text.txt", "/whole/text.txt", "/chunked/text.txt"})
    void otherWaysToAnswerAreUnderstood(String path) throws Exception {
        Run run = fetchPinned(path);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertOnlyTheFile();
    }

    @Test
    void whatBrokeOffGoesOn() throws Exception {
        Run cut = fetchPinned("/cut/text.txt");
        assertRefused(ExitCode.IO, "broke after 150,000 of 300,001 bytes", cut);
        assertTrue(cut.err().contains("hint: run the same command again to continue where it stopped"), cut.err());
        assertFalse(Files.exists(file));
        assertEquals(150_000, Files.size(part));
        Run run = fetchPinned("/text.txt");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(List.of("/cut/text.txt", "/text.txt bytes=150000-"), server.asked());
        assertOnlyTheFile();
    }

    @Test
    void aServerThatCannotGoOnSendsAllAgain() throws Exception {
        fetchPinned("/cut/text.txt");
        assertEquals(ExitCode.DONE, fetchPinned("/whole/text.txt").exitCode());
        assertEquals("/whole/text.txt bytes=150000-", server.asked().get(1));
        assertOnlyTheFile();
    }

    @Test
    void aBeginningOfSomethingElseIsReplaced() throws Exception {
        Files.write(part, new byte[1000]);
        assertEquals(ExitCode.DONE, fetchPinned("/text.txt").exitCode());
        assertEquals(List.of("/text.txt bytes=1000-", "/text.txt"), server.asked());
        assertOnlyTheFile();
    }

    @Test
    void aBeginningLongerThanTheFileIsReplaced() throws Exception {
        Files.write(part, new byte[TEXT.length + 1]);
        assertEquals(ExitCode.DONE, fetchPinned("/text.txt").exitCode());
        assertOnlyTheFile();
    }

    @Test
    void aCompletePartIsOnlyRenamed() throws Exception {
        Files.write(part, TEXT);
        assertEquals(ExitCode.DONE, fetchPinned("/text.txt").exitCode());
        assertEquals(List.of(), server.asked());
        assertOnlyTheFile();
    }

    @Test
    void withoutAHashNothingIsKeptOrContinued() throws Exception {
        Files.write(part, new byte[1000]);
        assertRefused(ExitCode.IO, "broke after 150,000", fetch("/cut/text.txt"));
        assertNothing();
        assertEquals(List.of("/cut/text.txt"), server.asked());
    }

    @Test
    void otherContentIsNotKept() throws Exception {
        server.offer("<html>log in first</html>".getBytes());
        Run run = fetchPinned("/text.txt");
        String found = sha256("<html>log in first</html>".getBytes());
        assertRefused(ExitCode.CONTENT, "its SHA-256 is " + found + ", but must be " + sha256(TEXT), run);
        assertNothing();
    }

    @Test
    void aKnownTextFromAnotherPlaceMustBeThatText() throws Exception {
        Run run = Run.of("data", "fetch", "names", "--url", server.url("/text.txt"), "--out", folder.toString());
        assertRefused(ExitCode.CONTENT, "names.txt was not kept: its SHA-256 is " + sha256(TEXT), run);
        assertTrue(run.err().contains(", but must be " + NAMES), run.err());
        assertNothing();
    }

    @Test
    void aFileThatIsThereIsNotFetchedAgain() throws Exception {
        Files.write(file, TEXT);
        Run run = fetchPinned("/text.txt");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("microgpt: " + file + " already exists\n", run.err());
        assertEquals("bytes: 300001\nsha256: " + sha256(TEXT) + "\n", run.out());
        assertEquals(List.of(), server.asked());
    }

    @Test
    void anotherFileIsNotOverwrittenUnasked() throws Exception {
        Files.writeString(file, "mine");
        assertRefused(ExitCode.FOLDER_IN_USE, "--out " + file + " already exists\n", fetch("/text.txt"));
        Run refused = fetchPinned("/text.txt");
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "--out " + file + " already exists, but does not have the SHA-256 " + sha256(TEXT) + "\n",
                refused);
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        assertEquals("mine", Files.readString(file));
        assertEquals(List.of(), server.asked());
        assertEquals(ExitCode.DONE, fetchPinned("/text.txt", "--overwrite").exitCode());
        assertOnlyTheFile();
    }

    @Test
    void whatFailsLeavesTheOldFile() throws Exception {
        Files.writeString(file, "mine");
        assertRefused(ExitCode.IO, "404", fetchPinned("/gone.txt", "--overwrite", "--out", file.toString()));
        assertEquals("mine", Files.readString(file));
        assertFalse(Files.exists(part));
    }

    @ParameterizedTest
    @CsvSource({
        "/gone/text.txt, the server answered 404 Not Found instead of 200 OK",
        "/error/text.txt, the server answered 500 Internal Server Error",
        "/circle/text.txt, the server redirects more than 10 times",
        "/wrong-range/text.txt, the server answered 206",
        "/mute/text.txt, 127.0.0.1 sent nothing for 0.2 s",
        "/silent/text.txt, 127.0.0.1 sent nothing for 0.2 s"
    })
    void serversThatFailAreNamed(String path, String message) throws Exception {
        Run run = fetch(path, "--timeout", "0.2");
        assertRefused(ExitCode.IO, server.url(path) + ": " + message, run);
        assertNothing();
    }

    @Test
    void aSilentServerLeavesWhatItSent() throws Exception {
        Run run = fetchPinned("/silent/text.txt", "--timeout", "0.2");
        assertRefused(ExitCode.IO, "127.0.0.1 sent nothing for 0.2 s", run);
        assertEquals(TEXT.length / 2, Files.size(part));
    }

    @Test
    void aRangeThatBeginsElsewhereIsRefused() throws Exception {
        Files.write(part, new byte[] {TEXT[0]});
        Run run = fetchPinned("/wrong-range/text.txt");
        assertRefused(ExitCode.IO, "the server sent bytes 0-1/2 instead of bytes from 1 on", run);
        assertArrayEquals(new byte[] {TEXT[0]}, Files.readAllBytes(part));
    }

    @Test
    void aRedirectToWhereNobodyMayGoIsRefused() throws Exception {
        assertRefused(
                ExitCode.IO, "redirects to http://example.invalid/text.txt, but it must be", fetch("/away/text.txt"));
        assertNothing();
    }

    @Test
    void aClosedPortIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "http://localhost:" + port + "/text.txt";
        Run run = Run.of("data", "fetch", "--url", url, "--out", folder.toString());
        assertRefused(
                ExitCode.IO, url + ": cannot connect to localhost: the system reports \"Connection refused\"", run);
        assertNothing();
    }

    @Test
    void aServerWithoutEncryptionIsNoHttps() throws Exception {
        Run run = fetchRaw("https", "HTTP/1.1 400 Bad Request\r\n\r\n");
        assertRefused(ExitCode.IO, "no secure connection to localhost", run);
        assertNothing();
    }

    @Test
    void anAnswerInPiecesThatBreaksOffIsNotTheWholeFile() throws Exception {
        Run run = fetchRaw("http", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo");
        assertRefused(ExitCode.IO, "the connection broke after ", run);
        assertNothing();
    }

    @Test
    void somethingThatIsNoWebServerIsNamed() throws Exception {
        Run run = fetchRaw("http", "SSH-2.0-OpenSSH\r\n");
        assertRefused(ExitCode.IO, ": localhost does not answer as a web server", run);
        assertNothing();
    }

    /** Fetches from a server that says the same whatever it is asked, and then closes. */
    private Run fetchRaw(String scheme, String answer) throws Exception {
        try (ServerSocket listening = new ServerSocket(0)) {
            Thread server = new Thread(() -> {
                try {
                    while (true) { // HttpURLConnection may ask twice
                        answer(listening, answer);
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            server.setDaemon(true);
            server.start();
            String url = scheme + "://localhost:" + listening.getLocalPort() + "/text.txt";
            return Run.of("data", "fetch", "--url", url, "--out", folder.toString());
        }
    }

    private static void answer(ServerSocket listening, String answer) throws IOException {
        Socket socket = listening.accept();
        try (socket) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes(); // until the other side has had enough
        } catch (IOException gone) {
            // it had
        }
    }

    @Test
    void twoProcessesDoNotWriteOneFile() throws Exception {
        try (PartialFile other = PartialFile.open(part)) {
            other.append(TEXT, 10);
            assertRefused(
                    ExitCode.FOLDER_IN_USE,
                    ".text.txt.part is in use: another process is downloading this file",
                    fetchPinned("/text.txt"));
            assertEquals(10, other.length());
        }
        assertEquals(ExitCode.DONE, fetchPinned("/text.txt").exitCode());
    }

    @Test
    void aFolderThatIsMissingIsNotMade() throws Exception {
        Path missing = folder.resolve("none");
        Run run = fetchPinned("/text.txt", "--out", missing.resolve("text.txt").toString());
        assertRefused(ExitCode.IO, missing + ": no such file or folder", run);
        assertFalse(Files.exists(missing));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeFalse(
                !locked.toFile().setWritable(false) || Files.isWritable(locked),
                "skipped: this user can write to every folder");
        Run run = fetchPinned("/text.txt", "--out", locked.toString());
        assertRefused(ExitCode.IO, locked + "/.text.txt.part", run);
    }

    @Test
    void theDiskIsNamedWhenItIsFull() throws Exception {
        Path full = Path.of("/dev/full");
        assumeFalse(!Files.exists(full), "skipped: this system has no /dev/full");
        Files.createSymbolicLink(part, full);
        assertRefused(ExitCode.IO, part + ": no space is left on the disk", fetchPinned("/text.txt"));
        assertNothing();
    }

    static Stream<List<String>> wrongCommandLines() {
        return Stream.of(
                List.of("data fetch has nothing to download, but must be given names, tinyshakespeare or --url\n"),
                List.of("data fetch: the text must be names or tinyshakespeare, but is \"nams\"\n", "nams"),
                List.of("unknown command or argument tinyshakespeare", "names", "tinyshakespeare"),
                List.of("--sha256 must be the 64 hexadecimal digits of a SHA-256, but is \"abc\"\n", "--sha256", "abc"),
                List.of(
                        "--sha256 and names cannot be used together: the hash of names is known\n",
                        "names",
                        "--sha256",
                        NAMES),
                List.of(
                        "--url must be an address such as https://HOST/PATH, but is \"names.txt\"\n",
                        "--url",
                        "names.txt"),
                List.of(
                        "--url must be an address such as https://HOST/PATH, but is \"https://a b/\"\n",
                        "--url",
                        "https://a b/"),
                List.of(
                        "--url must be https://HOST/PATH, or http:// with --sha256, but is"
                                + " \"http://example.invalid/a.txt\"\n",
                        "--url",
                        "http://example.invalid/a.txt"),
                List.of(
                        "--url must be https://HOST/PATH, or http:// with --sha256, but is"
                                + " \"ftp://example.invalid/a.txt\"\n",
                        "--url",
                        "ftp://example.invalid/a.txt"),
                List.of(
                        "--url must end in a plain file name, but is \"https://example.invalid/\"\n",
                        "--url",
                        "https://example.invalid/"),
                List.of(
                        "--url must end in a plain file name, but is \"https://example.invalid\"\n",
                        "--url",
                        "https://example.invalid"),
                List.of(
                        "--url must end in a plain file name, but is \"https://example.invalid/a/..\"\n",
                        "--url",
                        "https://example.invalid/a/.."),
                List.of(
                        "--url must end in a plain file name, but is \"https://example.invalid/a%2Fb\"\n",
                        "--url", "https://example.invalid/a%2Fb"),
                List.of(
                        "--timeout must be a number above 0 and at most 86400, but is \"0\"\n",
                        "names",
                        "--timeout",
                        "0"),
                List.of(
                        "--timeout must be a number above 0 and at most 86400, but is \"1e9\"\n",
                        "names",
                        "--timeout",
                        "1e9"));
    }

    @ParameterizedTest
    @MethodSource("wrongCommandLines")
    void wrongCommandLinesAreRefused(List<String> messageAndArgs) {
        List<String> args = new ArrayList<>(List.of("data", "fetch"));
        args.addAll(messageAndArgs.subList(1, messageAndArgs.size()));
        assertRefused(ExitCode.USAGE, messageAndArgs.get(0), Run.of(args.toArray(new String[0])));
    }

    @Test
    void theHelpSaysWhereFilesGo() {
        String help = Run.of("data", "fetch", "--help").out();
        assertTrue(help.contains("current folder"), help);
        assertTrue(help.contains("default 30"), help);
        assertTrue(Run.of("data").err().contains("fetch"));
    }

    private void assertOnlyTheFile() throws IOException {
        assertArrayEquals(TEXT, Files.readAllBytes(file));
        assertEquals(List.of(file), files());
    }

    private void assertNothing() throws IOException {
        assertEquals(List.of(), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().startsWith("microgpt: "), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
    }
}
