package weir.peers;

import static org.apache.flink.api.common.typeinfo.Types.LONG;
import static org.apache.flink.api.common.typeinfo.Types.PRIMITIVE_ARRAY;
import static org.apache.flink.api.common.typeinfo.Types.STRING;
import static org.apache.flink.api.common.typeinfo.Types.TUPLE;

import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * The queries as tests/bench/nexmark/answers.hpp states them. A bid is (at, auction, bidder, price), a person is (at, id,
 * name, city, state), an auction is (at, id, expires, reserve, seller, category): what is not asked for is left behind
 * before rows go to other threads.
 */
final class FlinkQueries {
  private static final TypeInformation<long[]> NUMBERS = (TypeInformation<long[]>) PRIMITIVE_ARRAY(LONG);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private FlinkQueries() {}

  static void add(String query, DataStream<Event> events) {
    switch (query) {
      case "q0" -> q0(events);
      case "q1" -> FlinkCount.all(q1(bids(events)), Digest::of);
      case "q2" -> FlinkCount.all(q2(bids(events)), Digest::of);
      case "q3" -> FlinkCount.all(q3(events), row -> Digest.of(row.f0, row.f1));
      case "q4" -> FlinkCount.last(q4(winners(events)));
      case "q5" -> FlinkCount.all(q5(bids(events)), Digest::of);
      case "q7" -> FlinkCount.all(q7(bids(events)), Digest::of);
      case "q8" -> FlinkCount.all(q8(events), row -> Digest.of(row.f0, row.f1));
      case "q9" -> FlinkCount.all(winners(events),
          won -> Digest.of(won.f0.f2, won.f0.f1, won.f1.f2, won.f1.f3, won.f1.f0));
      case "q11" -> FlinkCount.all(q11(bids(events)), Digest::of);
      default -> throw new IllegalArgumentException("no query " + query);
    }
  }

  private static SingleOutputStreamOperator<Tuple4<Long, Long, Long, Long>> bids(DataStream<Event> events) {
    return events.filter(e -> e.kind == 'b').setParallelism(1).map(e -> Tuple4.of(e.at, e.id, e.bidder, e.price))
        .returns(TUPLE(LONG, LONG, LONG, LONG)).setParallelism(1);
  }

  private static SingleOutputStreamOperator<Tuple5<Long, Long, String, String, String>> people(
      DataStream<Event> events) {
    return events.filter(e -> e.kind == 'p').setParallelism(1).map(e -> Tuple5.of(e.at, e.id, e.name, e.city, e.state))
        .returns(TUPLE(LONG, LONG, STRING, STRING, STRING)).setParallelism(1);
  }

  private static SingleOutputStreamOperator<Tuple6<Long, Long, Long, Long, Long, Long>> auctions(
      DataStream<Event> events) {
    return events.filter(e -> e.kind == 'a').setParallelism(1)
        .map(e -> Tuple6.of(e.at, e.id, e.expires, e.reserve, e.seller, e.category))
        .returns(TUPLE(LONG, LONG, LONG, LONG, LONG, LONG)).setParallelism(1);
  }

  private static void q0(DataStream<Event> events) {
    FlinkCount.all(events.map(e -> e).returns(Event.class).setParallelism(1), e -> Event.digest(e.kind, e.at, e.id,
        e.kind == 'a' ? e.seller : e.bidder, e.kind == 'a' ? e.expires : e.price));
  }

  private static SingleOutputStreamOperator<long[]> q1(DataStream<Tuple4<Long, Long, Long, Long>> bids) {
    return bids.map(b -> new long[] {b.f0, b.f1, b.f2, b.f3 * 908 / 1000}).returns(NUMBERS).setParallelism(1);
  }

  private static SingleOutputStreamOperator<long[]> q2(DataStream<Tuple4<Long, Long, Long, Long>> bids) {
    return bids.filter(b -> b.f1 % 123 == 0).setParallelism(1).map(b -> new long[] {b.f0, b.f1, b.f3})
        .returns(NUMBERS).setParallelism(1);
  }

  private static SingleOutputStreamOperator<Tuple5<Long, Long, String, String, String>> q3(DataStream<Event> events) {
    return people(events)
        .filter(p -> p.f4.equals("OR") || p.f4.equals("ID") || p.f4.equals("CA")).setParallelism(1).keyBy(p -> p.f1)
        .connect(auctions(events).filter(a -> a.f5 == 10).setParallelism(1).keyBy(a -> a.f4))
        .process(new FlinkFunctions.LocalItems()).returns(TUPLE(LONG, LONG, STRING, STRING, STRING));
  }

  private static SingleOutputStreamOperator<Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>,
      Tuple4<Long, Long, Long, Long>>> winners(DataStream<Event> events) {
    return auctions(events).keyBy(a -> a.f1).connect(bids(events).keyBy(b -> b.f1))
        .process(new FlinkFunctions.Winners()).returns(TUPLE(TUPLE(LONG, LONG, LONG, LONG, LONG, LONG),
            TUPLE(LONG, LONG, LONG, LONG)));
  }

  private static SingleOutputStreamOperator<long[]> q4(DataStream<Tuple2<Tuple6<Long, Long, Long, Long, Long, Long>,
      Tuple4<Long, Long, Long, Long>>> winners) {
    return winners.map(won -> Tuple2.of(won.f0.f5, won.f1.f3)).returns(TUPLE(LONG, LONG)).keyBy(price -> price.f0)
        .process(new FlinkFunctions.Averages()).returns(NUMBERS);
  }

  private static SingleOutputStreamOperator<long[]> q5(DataStream<Tuple4<Long, Long, Long, Long>> bids) {
    return bids.map(b -> b.f1).returns(LONG).setParallelism(1).keyBy(auction -> auction)
        .window(SlidingEventTimeWindows.of(WINDOW, Duration.ofSeconds(5)))
        .aggregate(new FlinkFunctions.Count<>(), new FlinkFunctions.WithEnd(), LONG, NUMBERS)
        .windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(5)))
        .aggregate(new FlinkFunctions.Greatest(2), new FlinkFunctions.Each(), FlinkFunctions.ROWS, NUMBERS);
  }

  private static SingleOutputStreamOperator<long[]> q7(DataStream<Tuple4<Long, Long, Long, Long>> bids) {
    return bids.map(b -> new long[] {b.f0 - b.f0 % 10_000 + 10_000, b.f1, b.f2, b.f3, b.f0}).returns(NUMBERS)
        .setParallelism(1).windowAll(TumblingEventTimeWindows.of(WINDOW))
        .aggregate(new FlinkFunctions.Greatest(3), new FlinkFunctions.Each(), FlinkFunctions.ROWS, NUMBERS);
  }

  private static SingleOutputStreamOperator<Tuple5<Long, Long, String, String, String>> q8(DataStream<Event> events) {
    return (SingleOutputStreamOperator<Tuple5<Long, Long, String, String, String>>) people(events)
        .coGroup(auctions(events)).where(p -> p.f1).equalTo(a -> a.f4)
        .window(TumblingEventTimeWindows.of(WINDOW))
        .apply(new FlinkFunctions.NewSellers(), TUPLE(LONG, LONG, STRING, STRING, STRING));
  }

  /** Flink's sessions take in what comes exactly at their end: a millisecond less makes them ours. */
  private static SingleOutputStreamOperator<long[]> q11(DataStream<Tuple4<Long, Long, Long, Long>> bids) {
    return bids.map(b -> b.f2).returns(LONG).setParallelism(1).keyBy(bidder -> bidder)
        .window(EventTimeSessionWindows.withGap(Duration.ofMillis(9_999)))
        .aggregate(new FlinkFunctions.Count<>(), new FlinkFunctions.Session(), LONG, NUMBERS);
  }
}
