package dev.microgpt.model.check;

import dev.microgpt.model.ModelConfig;
import java.util.List;

/**
 * Checks that a model keeps the promises of {@link dev.microgpt.model.LanguageModel}, and its type and parts theirs.
 *
 * <pre>{@code
 * ModelCheck.check(GptConfig.microgpt(5).withSizes(2, 2, 8, 6).withAttention(new Alibi()));
 * ModelCheck.check(ModelConfig.of(new GruType(), 5, 6));
 * }</pre>
 *
 * <p>The rules, each of which a message names:
 *
 * <ul>
 *   <li>creation: the same parameters in the same order with the same values, whenever a model is created from the same
 *       seed; and of the shapes that {@link ModelConfig#shapes()} notes
 *   <li>loading: a model that is created from stored weights computes the same; every weight that it uses is among its
 *       parameters
 *   <li>configuration: every setting is found again from its text, every part from its name and settings, the type from
 *       its name
 *   <li>function: the logits are a function of tokens and weights, and {@code forward} changes nothing but its tape
 *   <li>causality: they do not depend on later tokens
 *   <li>batch mates: nor on the other sequences of a batch; nor do the elements that dropout drops depend on how a step
 *       is split into batches
 *   <li>limits: sequences of one token up to the block size are accepted, all else is refused
 *   <li>decoding: a decoder gives the logits of {@code forward}, in whatever pieces it gets the sequence; beyond the
 *       block, where an endless one continues, it gives token by token those of whole blocks
 *   <li>threads: several may call {@code forward}, each with its own tape
 *   <li>gradients: they are the derivatives of the loss, every parameter has one, and operations keep the contract of
 *       {@link dev.microgpt.autograd.Op}
 * </ul>
 *
 * <p>Logits are compared bit for bit, gradients with finite differences of a sample of elements. The weights are those
 * that the model draws, plus noise, because biases of zero and gains of one would hide mistakes. Choose a small
 * configuration, such as five tokens and a block size of six: it takes a fraction of a second, and shows as much as a
 * large one. A model with a setting {@code dropout} is checked with dropout as well.
 */
public final class ModelCheck {
    private ModelCheck() {}

    /**
     * Checks the model of a configuration, with seed 0.
     *
     * @param config the configuration, of a small model
     * @return what cannot be stored, because it has no name: a sentence for each such part and for the type; empty if a
     *     checkpoint can hold the model
     * @throws AssertionError if the model breaks a rule; the message contains the rule, the place, both values and the
     *     repair
     */
    public static List<String> check(ModelConfig config) {
        return check(config, 0);
    }

    /**
     * Checks the model of a configuration.
     *
     * @param config the configuration, of a small model
     * @param seed   the seed of weights and tokens
     * @return as {@link #check(ModelConfig)}
     * @throws AssertionError if the model breaks a rule, as {@link #check(ModelConfig)}
     */
    public static List<String> check(ModelConfig config, long seed) {
        List<String> notStorable = new ConfigurationRules(config).check();
        Subject subject = new CreationRules(config, seed).check();
        ForwardRules forward = new ForwardRules(subject);
        forward.checkFunction();
        forward.checkCausality();
        forward.checkBatchMates();
        forward.checkDropout();
        forward.checkLimits();
        new DecoderRules(subject).check();
        subject.checkUnchanged("decoding");
        new ThreadRules(subject).check();
        new GradientRules(subject).check();
        return notStorable;
    }
}
