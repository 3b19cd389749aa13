package dev.microgpt.cli.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a number of requests work at a time; a number of further ones wait, first come first served, and others are
 * refused at once.
 */
final class Slots {
    private final int queue;
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private final int most;
    private int working;
    private boolean stopped;

    Slots(int most, int queue) {
        this.most = most;
        this.queue = queue;
    }

    /**
     * Waits for a slot, which must be {@linkplain #leave left} afterwards.
     *
     * @throws ApiError if as many requests wait as may, or if the server stops before it is this one's turn
     */
    void enter() {
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        synchronized (this) {
            if (stopped) {
                throw ApiError.stopping();
            }
            if (working < most) {
                working++;
                return;
            }
            if (waiting.size() >= queue) {
                throw ApiError.tooMany("the server works on " + working + (working == 1 ? " request" : " requests")
                        + ", and the most that may wait, " + queue + ", do; try again later");
            }
            waiting.add(turn);
        }
        if (!turn.join()) {
            throw ApiError.stopping();
        }
    }

    /** Gives a slot to the request that has waited longest, if any. */
    synchronized void leave() {
        CompletableFuture<Boolean> next = waiting.poll();
        if (next == null) {
            working--;
        } else {
            next.complete(true);
        }
    }

    /** Refuses those that wait, and all that come; those at work may finish. */
    synchronized void stop() {
        stopped = true;
        waiting.forEach(turn -> turn.complete(false));
        waiting.clear();
    }

    synchronized int working() {
        return working;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
