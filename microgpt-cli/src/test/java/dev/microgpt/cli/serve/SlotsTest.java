package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(1, 3);

    /** What became of those that waited, in the order in which it did: their number, or minus that if refused. */
    private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

    private void queue(int count) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    slots.enter();
                    ends.add(number);
                } catch (ApiError refused) {
                    ends.add(-number);
                }
            });
            thread.setDaemon(true);
            thread.start();
            while (slots.waiting() < i) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void thoseThatWaitEnterInTheirOrder() throws Exception {
        slots.enter();
        queue(3);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertEquals(1, slots.working());
            assertEquals(3 - i, slots.waiting());
            slots.leave();
            order.add(ends.take());
        }
        assertEquals(List.of(1, 2, 3), order);
        slots.leave();
        assertEquals(0, slots.working());
    }

    @Test
    void moreThanTheQueueAreRefusedAtOnce() throws Exception {
        slots.enter();
        queue(3);
        ApiError refused = assertThrows(ApiError.class, slots::enter);
        assertEquals(429, refused.status());
        assertEquals(
                "the server works on 1 request, and the most that may wait, 3, do; try again later",
                refused.getMessage());
        assertEquals(3, slots.waiting());
        for (int i = 0; i < 4; i++) {
            slots.leave();
        }
        slots.enter();
    }

    @Test
    void thoseThatWaitWhenTheServerStopsAreRefused() throws Exception {
        slots.enter();
        queue(2);
        slots.stop();
        assertEquals(-3, ends.take() + ends.take());
        assertEquals(503, assertThrows(ApiError.class, slots::enter).status());
        assertEquals(1, slots.working());
    }
}
