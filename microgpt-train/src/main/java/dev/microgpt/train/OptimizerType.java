package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.setting.Named;
import dev.microgpt.model.setting.Providers;
import dev.microgpt.train.internal.Quoted;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A kind of {@link Optimizer} that checkpoints and the option {@code --optimizer} know by name.
 *
 * <p>One of your own is a service: a public class with a constructor without parameters, listed in
 * {@code META-INF/services/dev.microgpt.train.OptimizerType} or in the {@code provides} clause of a module. A file
 * contains its name and version, never the name of a class.
 *
 * <p>Called by the thread that creates, saves or loads a run; an implementation without fields needs no more.
 */
public interface OptimizerType extends Named {
    /** The name of {@link Adam}, which needs no service. */
    String ADAM = "adam";

    /**
     * Creates the optimizer of a run that begins or is resumed. Whatever else determines its updates must follow from
     * the settings, or from name and version: a resumed run has nothing more.
     *
     * @param parameters the parameters of the model
     * @param training   the settings of the run; {@code adam} has the betas, the epsilon and the weight decay, which
     *     other optimizers may use, too
     * @return an optimizer of exactly these parameters, in their order, before its first update, whose
     *     {@link Optimizer#type} has this name and version
     * @throws IllegalArgumentException if the optimizer cannot have these settings
     */
    Optimizer create(List<Parameter> parameters, TrainingConfig training);

    /**
     * Creates an optimizer by {@link #create} and checks that its checkpoints would lead back to the same type.
     *
     * @param type       the type
     * @param parameters the parameters of the model
     * @param training   the settings of the run
     * @return the optimizer
     * @throws IllegalArgumentException if the optimizer cannot have these settings, or has no type or another one
     */
    static Optimizer create(OptimizerType type, List<Parameter> parameters, TrainingConfig training) {
        Optimizer optimizer = type.create(parameters, training);
        OptimizerType its = optimizer.type();
        if (its == null || !its.name().equals(type.name()) || its.version() != type.version()) {
            throw new IllegalArgumentException("optimizer " + Quoted.of(type.name()) + ", version " + type.version()
                    + ", created one of "
                    + (its == null ? "no type" : Quoted.of(its.name()) + ", version " + its.version())
                    + "; Optimizer.type() must have the name and version of the type that created it");
        }
        return optimizer;
    }

    /**
     * Finds a type: that of this library, or a service of the context class loader of this thread, or else of the class
     * loader of this library.
     *
     * @param name the name
     * @return the type
     * @throws IllegalArgumentException if there is no such type, or two of the same name; a service that cannot be
     *     loaded is mentioned only then
     */
    static OptimizerType named(String name) {
        if (name.equals(ADAM)) {
            return AdamType.INSTANCE;
        }
        if (!Providers.isDotted(name)) {
            throw new IllegalArgumentException("optimizer " + Quoted.of(name) + " is unknown; it must be " + ADAM
                    + ", or the dotted name of one of your own, such as com.example.lion");
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return Providers.find(
                OptimizerType.class,
                "optimizer",
                name,
                List.of(
                        ServiceLoader.load(OptimizerType.class, context),
                        ServiceLoader.load(OptimizerType.class, OptimizerType.class.getClassLoader())));
    }
}
