package weir.peers;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How many rows an answer has, and a sum over them that no order changes: that of tests/bench/nexmark/digest.hpp. */
final class Digest {
  private final LongAdder rows = new LongAdder();
  private final AtomicLong sum = new AtomicLong();

  /** What the rows that one thread has seen come to, to be added at once. */
  void add(long count, long sumOfRows) {
    rows.add(count);
    sum.addAndGet(sumOfRows);
  }

  /** The part of a row that consists of these numbers. */
  static long of(long... numbers) {
    long row = 1;
    for (long number : numbers) row = with(row, number);
    return row;
  }

  static long with(long row, long number) {
    long z = row + number;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  void clear() {
    rows.reset();
    sum.set(0);
  }

  /** One line of JSON a run. */
  void report(String job, long input, double seconds) {
    System.out.printf(Locale.ROOT, "{\"job\": \"%s\", \"input\": %d, \"rows\": %d, \"digest\": \"%016x\","
        + " \"seconds\": %.4f}%n", job, input, rows.sum(), sum.get(), seconds);
  }
}
