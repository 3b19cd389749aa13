package dev.microgpt.cli.serve;

import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request for the scores of lines. */
final class Scores {
    private static final String INPUT = "input";
    private static final Set<String> KNOWN = Set.of("model", INPUT);

    /** The most lines of a request: the answer has a kilobyte in memory for each, even for an empty one. */
    private static final int MOST = 10_000;

    private final ServedModel model;
    private final LineScorer scorer;
    private final List<String> lines;

    private Scores(ServedModel model, LineScorer scorer, List<String> lines) {
        this.model = model;
        this.scorer = scorer;
        this.lines = lines;
    }

    static Scores read(byte[] body, ServedModels models) {
        Fields fields = Fields.read(body, KNOWN);
        ServedModel model = models.named(fields.text("model"));
        List<String> lines = fields.texts(INPUT);
        if (lines == null || lines.isEmpty()) {
            throw ApiError.ofField(INPUT, "\"input\" is missing, but must be a string or a list of strings");
        }
        if (lines.size() > MOST) {
            throw ApiError.ofField(
                    INPUT,
                    "there are " + lines.size() + " lines, but may be at most " + MOST + "; send several requests");
        }
        LineScorer scorer = model.scorer();
        if (scorer == null) {
            throw ApiError.ofField(
                    "model",
                    "the model \"" + model.name()
                            + "\" cannot score: it was trained on text whose vocabulary has no line"
                            + " feed, so it cannot know where a line ends; use a model of documents");
        }
        return new Scores(model, scorer, lines);
    }

    Map<String, @Nullable Object> json() {
        List<@Nullable Object> data = new ArrayList<>();
        int characters = 0;
        for (LineScore score : scorer.score(lines)) {
            Map<String, @Nullable Object> worst = new LinkedHashMap<>();
            worst.put("text", score.worstText());
            worst.put("at", score.worst());
            worst.put("bits", score.worstBits());
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("index", data.size());
            line.put("score", score.bitsPerCharacter());
            line.put("bits", score.bits());
            line.put("characters", score.characters());
            line.put("worst", worst);
            data.add(line);
            characters += score.characters();
        }
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("characters", characters);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("object", "list");
        json.put("model", model.name());
        json.put("data", data);
        json.put("usage", usage);
        return json;
    }
}
