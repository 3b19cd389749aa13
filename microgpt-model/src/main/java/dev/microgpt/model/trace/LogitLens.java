package dev.microgpt.model.trace;

import dev.microgpt.autograd.Hook;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What a model would answer if it stopped early: the final norm and the head, applied to the residual stream after each
 * half of each layer.
 *
 * <p>The model itself computes these logits: the stream at one point is put in the place of the last one.
 *
 * @see <a href="https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru/interpreting-gpt-the-logit-lens">nostalgebraist,
 *     interpreting GPT: the logit lens, 2020</a>
 */
public final class LogitLens {
    private static final String FIRST = "embd";
    private static final Pattern OF_LAYER = Pattern.compile("layer\\d+\\.stream(_mid)?");

    private LogitLens() {}

    /**
     * Computes the logits of every stage of the residual stream.
     *
     * @param model a model whose points include the residual stream: {@code embd}, {@code layer0.stream_mid},
     *     {@code layer0.stream} and so on, as a {@link dev.microgpt.model.Gpt} has them
     * @param batch the tokens, {@code T} in all
     * @return logits of shape {@code (T, V)} by point, in the order of the forward pass; the last ones are those of the
     *     whole model. Empty for a model without a residual stream
     */
    public static Map<String, Tensor> of(LanguageModel model, Batch batch) {
        Map<String, Tensor> logits = new LinkedHashMap<>();
        forEach(model, batch, (point, result) -> logits.put(point, Tensor.constant(result.shape(), result.toArray())));
        return logits;
    }

    /**
     * Computes the same logits one stage after the other, so that those of one stage alone are in memory.
     *
     * @param model  as {@link #of}
     * @param batch  the tokens, {@code T} in all
     * @param reader is given each point and its logits, of shape {@code (T, V)}, which are valid until it returns
     */
    public static void forEach(LanguageModel model, Batch batch, BiConsumer<String, Tensor> reader) {
        List<String> stream = stream(Hooks.of(model).points());
        Tape tape = Tape.inference();
        for (String point : stream) {
            Tensor[] seen = new Tensor[1];
            String last = stream.get(stream.size() - 1);
            Hook shortcut = (on, name, x) -> {
                if (name.equals(point)) {
                    seen[0] = x;
                }
                return name.equals(last) ? seen[0] : x;
            };
            tape.reset();
            tape.addHook(shortcut);
            reader.accept(point, model.forward(tape, batch));
            tape.removeHook(shortcut);
        }
    }

    /**
     * Returns those of a model's points at which its residual stream stands.
     *
     * @param points the points of a model
     * @return {@code embd} and the points {@code stream_mid} and {@code stream} of each layer, such as
     *     {@code layer0.stream}, in their order; empty if there is no {@code embd}
     */
    public static List<String> stream(List<String> points) {
        List<String> stream = new ArrayList<>();
        for (String point : points) {
            if (point.equals(FIRST) || OF_LAYER.matcher(point).matches()) {
                stream.add(point);
            }
        }
        return stream.contains(FIRST) ? stream : List.of();
    }
}
