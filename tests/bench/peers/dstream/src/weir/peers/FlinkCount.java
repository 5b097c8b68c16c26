package weir.peers;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Where a query's rows end: they are counted and summed up, one thread's at once when it is done. */
final class FlinkCount {
  static final Digest total = new Digest();
  static volatile long end;

  private FlinkCount() {}

  /** What a row counts as. */
  interface ToLong<T> extends Serializable {
    long of(T row);
  }

  static void clear() {
    total.clear();
  }

  static <T> void all(SingleOutputStreamOperator<T> rows, ToLong<T> number) {
    end(rows.map(new All<>(number)).returns(Types.LONG), rows.getParallelism());
  }

  /** Of the rows [key, …] only the last of each key. */
  static void last(SingleOutputStreamOperator<long[]> rows) {
    end(rows.map(new Last()).returns(Types.LONG), rows.getParallelism());
  }

  private static void end(SingleOutputStreamOperator<Long> counted, int parallelism) {
    counted.setParallelism(parallelism).sinkTo(new DiscardingSink<>()).setParallelism(parallelism);
  }

  private static final class All<T> extends RichMapFunction<T, Long> {
    private final ToLong<T> number;
    private long rows;
    private long sum;

    All(ToLong<T> number) {
      this.number = number;
    }

    @Override
    public Long map(T row) {
      ++rows;
      sum += number.of(row);
      return 0L;
    }

    @Override
    public void close() {
      total.add(rows, sum);
      end = System.nanoTime();
    }
  }

  private static final class Last extends RichMapFunction<long[], Long> {
    private final Map<Long, long[]> rows = new TreeMap<>();

    @Override
    public Long map(long[] row) {
      rows.put(row[0], row);
      return 0L;
    }

    @Override
    public void close() {
      for (long[] row : rows.values()) total.add(1, Digest.of(row));
      end = System.nanoTime();
    }
  }
}
