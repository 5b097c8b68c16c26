package weir.peers;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.CoGroupFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.functions.windowing.AllWindowFunction;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** What the queries do by key and window. */
final class FlinkFunctions {
  private static final TypeInformation<long[]> NUMBERS =
      (TypeInformation<long[]>) Types.PRIMITIVE_ARRAY(Types.LONG);
  static final TypeInformation<List<long[]>> ROWS = Types.LIST(NUMBERS);

  private FlinkFunctions() {}

  /** q3: a seller, and their auctions that came before they did. */
  static final class LocalItems extends KeyedCoProcessFunction<Long, Tuple5<Long, Long, String, String, String>,
      Tuple6<Long, Long, Long, Long, Long, Long>, Tuple5<Long, Long, String, String, String>> {
    private transient ValueState<Tuple5<Long, Long, String, String, String>> seller;
    private transient ListState<Tuple2<Long, Long>> early;

    @Override
    public void open(OpenContext context) {
      seller = getRuntimeContext().getState(new ValueStateDescriptor<>("seller",
          Types.TUPLE(Types.LONG, Types.LONG, Types.STRING, Types.STRING, Types.STRING)));
      early = getRuntimeContext().getListState(new ListStateDescriptor<>("early", Types.TUPLE(Types.LONG, Types.LONG)));
    }

    @Override
    public void processElement1(Tuple5<Long, Long, String, String, String> person, Context context,
        Collector<Tuple5<Long, Long, String, String, String>> out) throws Exception {
      seller.update(person);
      for (Tuple2<Long, Long> auction : early.get()) out.collect(joined(person, auction.f0, auction.f1));
      early.clear();
    }

    @Override
    public void processElement2(Tuple6<Long, Long, Long, Long, Long, Long> auction, Context context,
        Collector<Tuple5<Long, Long, String, String, String>> out) throws Exception {
      Tuple5<Long, Long, String, String, String> person = seller.value();
      if (person == null) {
        early.add(Tuple2.of(auction.f0, auction.f1));
      } else {
        out.collect(joined(person, auction.f0, auction.f1));
      }
    }

    private static Tuple5<Long, Long, String, String, String> joined(Tuple5<Long, Long, String, String, String> person,
        long at, long auction) {
      return Tuple5.of(Math.max(person.f0, at), auction, person.f2, person.f3, person.f4);
    }
  }

  /** q9: an auction, its best bid so far, and the bids that came before it did; told when it expires. */
  static final class Winners extends KeyedCoProcessFunction<Long, Tuple6<Long, Long, Long, Long, Long, Long>,
      Tuple4<Long, Long, Long, Long>,
      Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>, Tuple4<Long, Long, Long, Long>>> {
    private transient ValueState<Tuple6<Long, Long, Long, Long, Long, Long>> auction;
    private transient ValueState<Tuple4<Long, Long, Long, Long>> best;
    private transient ListState<Tuple4<Long, Long, Long, Long>> early;

    @Override
    public void open(OpenContext context) {
      TypeInformation<Tuple4<Long, Long, Long, Long>> bid =
          Types.TUPLE(Types.LONG, Types.LONG, Types.LONG, Types.LONG);
      auction = getRuntimeContext().getState(new ValueStateDescriptor<>("auction",
          Types.TUPLE(Types.LONG, Types.LONG, Types.LONG, Types.LONG, Types.LONG, Types.LONG)));
      best = getRuntimeContext().getState(new ValueStateDescriptor<>("best", bid));
      early = getRuntimeContext().getListState(new ListStateDescriptor<>("early", bid));
    }

    @Override
    public void processElement1(Tuple6<Long, Long, Long, Long, Long, Long> opened, Context context,
        Collector<Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>, Tuple4<Long, Long, Long, Long>>> out)
        throws Exception {
      auction.update(opened);
      for (Tuple4<Long, Long, Long, Long> bid : early.get()) take(bid, opened);
      early.clear();
      context.timerService().registerEventTimeTimer(opened.f2 - 1);
    }

    @Override
    public void processElement2(Tuple4<Long, Long, Long, Long> bid, Context context,
        Collector<Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>, Tuple4<Long, Long, Long, Long>>> out)
        throws Exception {
      Tuple6<Long, Long, Long, Long, Long, Long> opened = auction.value();
      if (opened == null) {
        early.add(bid);
      } else {
        take(bid, opened);
      }
    }

    @Override
    public void onTimer(long at, OnTimerContext context,
        Collector<Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>, Tuple4<Long, Long, Long, Long>>> out)
        throws Exception {
      Tuple4<Long, Long, Long, Long> winner = best.value();
      if (winner != null) out.collect(Tuple2.of(auction.value(), winner));
      best.clear();  // the auction stays: bids for it go on, and are to be told from early ones
    }

    private void take(Tuple4<Long, Long, Long, Long> bid, Tuple6<Long, Long, Long, Long, Long, Long> opened)
        throws Exception {
      if (bid.f0 < opened.f0 || bid.f0 >= opened.f2 || bid.f3 < opened.f3) return;
      Tuple4<Long, Long, Long, Long> other = best.value();
      boolean wins = other == null || bid.f3 > other.f3 || (bid.f3.equals(other.f3) && bid.f0 < other.f0);
      if (wins) best.update(bid);
    }
  }

  /** q4: [category, winners, average] with each winner. */
  static final class Averages extends KeyedProcessFunction<Long, Tuple2<Long, Long>, long[]> {
    private transient ValueState<Tuple2<Long, Long>> sums;

    @Override
    public void open(OpenContext context) {
      sums = getRuntimeContext().getState(new ValueStateDescriptor<>("sums", Types.TUPLE(Types.LONG, Types.LONG)));
    }

    @Override
    public void processElement(Tuple2<Long, Long> price, Context context, Collector<long[]> out) throws Exception {
      Tuple2<Long, Long> before = sums.value();
      Tuple2<Long, Long> now =
          before == null ? Tuple2.of(1L, price.f1) : Tuple2.of(before.f0 + 1, before.f1 + price.f1);
      sums.update(now);
      out.collect(new long[] {price.f0, now.f0, now.f1 / now.f0});
    }
  }

  static final class Count<T> implements AggregateFunction<T, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(T row, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long one, Long other) {
      return one + other;
    }
  }

  /** q5: [end, auction, bids]. */
  static final class WithEnd implements WindowFunction<Long, long[], Long, TimeWindow> {
    @Override
    public void apply(Long auction, TimeWindow window, Iterable<Long> counts, Collector<long[]> out) {
      out.collect(new long[] {window.getEnd(), auction, counts.iterator().next()});
    }
  }

  /** q11: [end, bidder, bids, first]. */
  static final class Session implements WindowFunction<Long, long[], Long, TimeWindow> {
    @Override
    public void apply(Long bidder, TimeWindow window, Iterable<Long> counts, Collector<long[]> out) {
      out.collect(new long[] {window.getEnd() + 1, bidder, counts.iterator().next(), window.getStart()});
    }
  }

  /** The rows whose number at this place is greatest, all of them. */
  static final class Greatest implements AggregateFunction<long[], List<long[]>, List<long[]>> {
    private final int place;

    Greatest(int place) {
      this.place = place;
    }

    @Override
    public List<long[]> createAccumulator() {
      return new ArrayList<>();
    }

    @Override
    public List<long[]> add(long[] row, List<long[]> greatest) {
      if (!greatest.isEmpty() && row[place] < greatest.get(0)[place]) return greatest;
      if (!greatest.isEmpty() && row[place] > greatest.get(0)[place]) greatest.clear();
      greatest.add(row);
      return greatest;
    }

    @Override
    public List<long[]> getResult(List<long[]> greatest) {
      return greatest;
    }

    @Override
    public List<long[]> merge(List<long[]> one, List<long[]> other) {
      List<long[]> both = one;
      for (long[] row : other) both = add(row, both);
      return both;
    }
  }

  static final class Each implements AllWindowFunction<List<long[]>, long[], TimeWindow> {
    @Override
    public void apply(TimeWindow window, Iterable<List<long[]>> rows, Collector<long[]> out) {
      for (long[] row : rows.iterator().next()) out.collect(row);
    }
  }

  /** q8: (end, id, name, city, state) of who has come and sold. */
  static final class NewSellers implements CoGroupFunction<Tuple5<Long, Long, String, String, String>,
      Tuple6<Long, Long, Long, Long, Long, Long>, Tuple5<Long, Long, String, String, String>> {
    @Override
    public void coGroup(Iterable<Tuple5<Long, Long, String, String, String>> people,
        Iterable<Tuple6<Long, Long, Long, Long, Long, Long>> auctions,
        Collector<Tuple5<Long, Long, String, String, String>> out) {
      if (!auctions.iterator().hasNext()) return;
      for (Tuple5<Long, Long, String, String, String> person : people) {
        long end = person.f0 - person.f0 % 10_000 + 10_000;
        out.collect(Tuple5.of(end, person.f1, person.f2, person.f3, person.f4));
        return;
      }
    }
  }
}
