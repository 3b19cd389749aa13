package dev.microgpt.train.data;

import java.util.Objects;

/** A range of other tokens. */
final class TokenSlice implements Tokens {
    private final Tokens all;
    private final long start;
    private final long count;

    TokenSlice(Tokens all, long start, long count) {
        Objects.checkFromIndexSize(start, count, all.count());
        this.all = all;
        this.start = start;
        this.count = count;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void read(long from, int[] to, int offset, int length) {
        Objects.checkFromIndexSize(from, length, count);
        all.read(start + from, to, offset, length);
    }
}
