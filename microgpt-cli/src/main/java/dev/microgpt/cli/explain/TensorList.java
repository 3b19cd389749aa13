package dev.microgpt.cli.explain;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a page: each is in it once, with all its rows or with those that something on the page needs. Numbers
 * are stored bit for bit, in base64.
 */
final class TensorList {
    private final Map<Tensor, Integer> indices = new IdentityHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    /** What a tensor is. */
    enum Kind {
        WEIGHT,
        VALUE,
        DETAIL,
        GRADIENT
    }

    private static final class Entry {
        private final Tensor tensor;
        private final double[] data;
        private final Kind kind;
        private @Nullable String name;
        private boolean isRounded;
        private @Nullable Entry like; // has the same rows
        private @Nullable SortedSet<Integer> rows = new TreeSet<>(); // null for all

        private Entry(Tensor tensor, double[] data, Kind kind) {
            this.tensor = tensor;
            this.data = data;
            this.kind = kind;
        }
    }

    /** Returns the index of a tensor, of which no row is on the page yet. */
    int add(Tensor tensor, Kind kind) {
        return add(tensor, tensor.data(), kind);
    }

    /** Returns the index of other numbers of a tensor's shape, such as its gradient. */
    int addNumbers(Shape shape, double[] data, Kind kind) {
        int index = add(Tensor.constant(shape, data), data, kind);
        allRows(index);
        return index;
    }

    /** Returns the index of other numbers of a tensor's shape, of which the same rows are on the page. */
    int addWithRowsOf(int index, double[] data, Kind kind) {
        Entry like = entries.get(index);
        Entry entry = new Entry(like.tensor, data, kind);
        entry.name = like.name;
        entry.like = like;
        entries.add(entry);
        return entries.size() - 1;
    }

    private int add(Tensor tensor, double[] data, Kind kind) {
        Integer known = indices.get(tensor);
        if (known != null) {
            return known;
        }
        indices.put(tensor, entries.size());
        entries.add(new Entry(tensor, data, kind));
        return entries.size() - 1;
    }

    void name(int index, String name) {
        entries.get(index).name = name;
    }

    void allRows(int index) {
        entries.get(index).rows = null;
    }

    void row(int index, int row) {
        SortedSet<Integer> rows = entries.get(index).rows;
        if (rows != null) {
            rows.add(row);
        }
    }

    /** All rows, with seven digits, which are enough to look at. */
    void allRowsRounded(int index) {
        allRows(index);
        entries.get(index).isRounded = true;
    }

    List<Object> json() {
        List<Object> list = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.like != null) {
                entry.rows = entry.like.rows;
            }
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            if (entry.name != null) {
                json.put("name", entry.name);
            }
            json.put("kind", entry.kind.name().toLowerCase(Locale.ROOT));
            json.put("shape", dims(entry.tensor.shape()));
            if (entry.rows != null) {
                json.put("rows", List.copyOf(entry.rows));
            }
            if (entry.isRounded) {
                json.put("type", "f4");
            }
            json.put("data", base64(entry));
            list.add(json);
        }
        return list;
    }

    static List<Object> dims(Shape shape) {
        List<Object> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            dims.add(shape.dim(i));
        }
        return dims;
    }

    private static String base64(Entry entry) {
        Shape shape = entry.tensor.shape();
        int columns = shape.rank() == 0 ? 1 : shape.columns();
        int count = entry.rows == null ? shape.size() : entry.rows.size() * columns;
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(entry.isRounded ? Float.BYTES : Double.BYTES, count));
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        if (entry.rows == null) {
            put(bytes, entry, 0, count);
        } else {
            for (int row : entry.rows) {
                put(bytes, entry, row * columns, columns);
            }
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static void put(ByteBuffer bytes, Entry entry, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (entry.isRounded) {
                bytes.putFloat((float) entry.data[i]);
            } else {
                bytes.putDouble(entry.data[i]);
            }
        }
    }
}
