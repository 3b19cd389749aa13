package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.internal.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A completion that came as a stream of events, put together.
 *
 * @param id      the one of all its events
 * @param texts   the texts of the choices, by their index
 * @param reasons why they ended
 * @param usage   the last event's, if it was asked for
 */
record HttpEvents(
        String id,
        List<String> texts,
        List<String> reasons,
        @Nullable Map<?, ?> usage) {
    /** Checks that a stream is whole: events in the order of the choices, each with an end, and the last event. */
    static HttpEvents of(String stream, boolean withUsage) {
        assertTrue(stream.endsWith("data: [DONE]\n\n"), () -> "the end of " + stream);
        List<StringBuilder> texts = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Map<?, ?> usage = null;
        String[] events = stream.split("\n\n");
        for (int i = 0; i < events.length - 1; i++) {
            assertTrue(events[i].startsWith("data: {") && !events[i].contains("\n"), events[i]);
            Map<String, @Nullable Object> event = Json.readObject("event", events[i].substring("data: ".length()));
            assertEquals("text_completion", event.get("object"), events[i]);
            ids.add((String) HttpAnswer.in(event, "id"));
            List<?> choices = (List<?>) HttpAnswer.in(event, "choices");
            assertEquals(withUsage, event.containsKey("usage"), events[i]);
            if (choices.isEmpty()) {
                assertEquals(events.length - 2, i, "only the last event has no choice");
                usage = (Map<?, ?>) HttpAnswer.in(event, "usage");
                continue;
            }
            assertEquals(1, choices.size(), events[i]);
            assertEquals(null, event.get("usage"), events[i]);
            Map<?, ?> choice = (Map<?, ?>) Objects.requireNonNull(choices.get(0));
            if (reasons.size() == texts.size()) {
                texts.add(new StringBuilder());
            }
            assertEquals(texts.size() - 1, ((Number) HttpAnswer.in(choice, "index")).intValue(), "one after the other");
            texts.get(texts.size() - 1).append(HttpAnswer.in(choice, "text"));
            if (choice.get("finish_reason") != null) {
                reasons.add((String) HttpAnswer.in(choice, "finish_reason"));
            }
        }
        assertEquals(1, ids.size(), "one id");
        assertEquals(texts.size(), reasons.size(), () -> "each choice has an end: " + stream);
        assertEquals(withUsage, usage != null, "usage");
        return new HttpEvents(
                ids.iterator().next(),
                texts.stream().map(StringBuilder::toString).toList(),
                reasons,
                usage);
    }
}
