package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JShell answers with the program's jar as docs/library.md shows. */
class JShellIT {
    private static final String JAR =
            Path.of(System.getProperty("microgpt.jar")).toAbsolutePath().toString();
    private static final String PROMPT = "jshell> ";
    private static final String REST = "…";

    @TempDir
    Path folder;

    @Test
    void answersAreThoseOfTheDocument() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "library.md")).replace("\r\n", "\n");
        Matcher session =
                Pattern.compile("```text\n(jshell> .*?)```", Pattern.DOTALL).matcher(document);
        assertTrue(session.find() && document.contains("\njshell --class-path microgpt-cli/target/microgpt.jar\n"));
        output("java", "", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", JAR, "train", "--quiet");

        List<String> typed = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String step : session.group(1).substring(PROMPT.length()).split(PROMPT)) {
            String[] lines = step.split("\n", 2);
            typed.add(lines[0]);
            expected.add(lines[1].strip());
        }
        List<String> answers = answers(typed);
        assertEquals(expected.size(), answers.size(), answers::toString);
        for (int i = 0; i < answers.size(); i++) {
            String answer = expected.get(i);
            int shown = answer.endsWith(REST)
                    ? answer.length() - REST.length()
                    : answers.get(i).length();
            assertEquals(answer.replace(REST, ""), answers.get(i).substring(0, shown), typed.get(i));
        }
    }

    private List<String> answers(List<String> typed) throws IOException, InterruptedException {
        String out = output(
                "jshell",
                String.join("\n", typed) + "\n",
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-R-XX:TieredStopAtLevel=1",
                "-R-XX:+UseSerialGC",
                "-J-Djava.util.prefs.userRoot=" + folder,
                "--class-path",
                JAR);
        String plain = out.replaceAll("[\\p{Cntrl}&&[^\n]]", ""); // there is a control character behind each prompt
        String[] parts = plain.split(PROMPT, -1); // welcome, answers, last prompt
        return List.of(parts).subList(1, parts.length - 1).stream()
                .map(String::strip)
                .toList();
    }

    private String output(String tool, String typed, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // such as a note on new preferences
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(typed.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }
}
