package dev.microgpt.cli.serve;

import dev.microgpt.train.internal.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The models of a server; the first is the one that a request without a model means. */
final class ServedModels {
    private final List<ServedModel> all;

    ServedModels(List<ServedModel> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("server: there is no model; give at least one");
        }
        this.all = List.copyOf(all);
    }

    /**
     * Returns a model.
     *
     * @param name its name; null for the first
     * @throws ApiError if there is none of this name
     */
    ServedModel named(@Nullable String name) {
        if (name == null) {
            return all.get(0);
        }
        StringJoiner names = new StringJoiner(", ");
        for (ServedModel model : all) {
            if (model.name().equals(name)) {
                return model;
            }
            names.add(Quoted.of(model.name()));
        }
        throw ApiError.unknownModel("there is no model " + Quoted.of(name) + ", only " + names);
    }

    List<@Nullable Object> json() {
        List<@Nullable Object> json = new ArrayList<>();
        all.forEach(model -> json.add(model.json()));
        return json;
    }
}
