package dev.microgpt.train.huggingface;

import dev.microgpt.train.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensors of GPT-2 in files, where their names depend on what was saved: they may have a prefix, such as
 * {@code transformer.} for a model with a language-model head, and the components that PyTorch inserts for a wrapped
 * module, such as {@code _orig_mod} for a compiled one.
 */
final class TensorNames {
    /** Of DistributedDataParallel, torch.compile, FullyShardedDataParallel, and activation checkpointing. */
    private static final Set<String> WRAPPERS =
            Set.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

    /** The prefix is that of the first of these; a file may lack one, which an error message should then name. */
    private static final String[] LANDMARKS = {Gpt2Layout.TOKENS, "wpe.weight", "ln_f.weight", "h.0.ln_1.weight"};

    private final Map<String, TensorInfo> byName = new LinkedHashMap<>();
    private final List<TensorInfo> repeated = new ArrayList<>();
    private final String prefix;

    TensorNames(Collection<TensorInfo> tensors) {
        for (TensorInfo tensor : tensors) {
            if (byName.putIfAbsent(unwrapped(tensor.name()), tensor) != null) {
                repeated.add(tensor);
            }
        }
        prefix = prefix();
    }

    private static String unwrapped(String name) {
        List<String> parts = new ArrayList<>(List.of(name.split("\\.", -1)));
        return parts.removeAll(WRAPPERS) ? String.join(".", parts) : name;
    }

    private String prefix() {
        for (String landmark : LANDMARKS) {
            for (String name : byName.keySet()) {
                if (name.equals(landmark) || name.endsWith("." + landmark)) {
                    return name.substring(0, name.length() - landmark.length());
                }
            }
        }
        return "";
    }

    /** Returns the name in the files, without the components of wrappers; only the head is outside of the prefix. */
    String inFile(String name) {
        boolean isOutside = name.equals(Gpt2Layout.HEAD) && prefix.endsWith(Gpt2Layout.PREFIX);
        int inner = isOutside ? Gpt2Layout.PREFIX.length() : 0;
        return prefix.substring(0, prefix.length() - inner) + name;
    }

    /** Returns a tensor by its name in {@link Gpt2Layout}, or null if it is in no file. */
    @Nullable
    TensorInfo find(String name) {
        return byName.get(inFile(name));
    }

    /** Returns the tensors that are neither among some known ones nor constants, in file order. */
    List<TensorInfo> othersThan(Set<TensorInfo> known) {
        List<TensorInfo> others = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> entry : byName.entrySet()) {
            String name = entry.getKey();
            boolean isConstant = name.startsWith(prefix) && Gpt2Layout.isConstant(name.substring(prefix.length()));
            if (!isConstant && !known.contains(entry.getValue())) {
                others.add(entry.getValue());
            }
        }
        others.addAll(repeated);
        return others;
    }
}
