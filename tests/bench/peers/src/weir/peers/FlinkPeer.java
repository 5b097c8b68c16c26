package weir.peers;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * The Payments workload in Flink CEP: one Pattern a rule. What a Pattern says badly or not at all, r2 and r4, is a
 * KeyedProcessFunction (FlinkWindows); "r2-pattern" is r2 as a Pattern all the same.
 *
 * <p>Flink's `within` ends before an event that is exactly as old as it is long; Weir's does not. Times are whole
 * milliseconds, so a millisecond more makes them equal.
 *
 * <p>usage: FlinkPeer WORKLOAD EVENTS RUNS PARALLELISM; the first run more, of fewer events, is for warming up.
 */
public final class FlinkPeer {
  private static final int WARM_UP = 100_000;

  // The job runs in this process, one at a time: what its functions share stands here.
  private static Payment[] payments;
  private static final Map<String, AtomicLong> alerts = new TreeMap<>();
  private static volatile long begin;
  private static volatile long end;

  private FlinkPeer() {}

  public static void main(String[] arguments) throws Exception {
    Payment[] all = Payments.make(Integer.parseInt(arguments[1]));
    int parallelism = Integer.parseInt(arguments[3]);
    payments = Arrays.copyOf(all, Math.min(all.length, WARM_UP));
    run(arguments[0], parallelism);
    payments = all;
    for (int run = 0; run < Integer.parseInt(arguments[2]); ++run) run(arguments[0], parallelism);
  }

  private static void run(String workload, int parallelism) throws Exception {
    StreamExecutionEnvironment job = environmentOf(parallelism);
    KeyedStream<Payment, Integer> byCard = source(job).keyBy(payment -> payment.card);
    alerts.clear();
    for (Workload.Rule rule : Workload.rulesOf(workload)) {
      alerts.putIfAbsent(rule.name(), new AtomicLong());
      add(byCard, rule).sinkTo(new DiscardingSink<>());
    }
    job.execute();
    Map<String, Long> counts = new TreeMap<>();
    alerts.forEach((name, count) -> counts.put(name, count.get()));
    Workload.report(payments.length, counts, (end - begin) * 1e-9);
  }

  private static StreamExecutionEnvironment environmentOf(int parallelism) {
    Configuration settings = new Configuration();
    settings.setString("taskmanager.memory.network.min", "512m");  // x100 is a hundred operators
    settings.setString("taskmanager.memory.network.max", "512m");
    settings.setString("pipeline.object-reuse", "true");
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
  }

  /** The payments in their order: whatever the parallelism, one source. */
  private static DataStream<Payment> source(StreamExecutionEnvironment job) {
    return job.fromSequence(0, payments.length - 1).setParallelism(1).map(number -> {
      if (number == 0) begin = System.nanoTime();
      return payments[number.intValue()];
    }).returns(Payment.class).setParallelism(1).assignTimestampsAndWatermarks(
        WatermarkStrategy.<Payment>forMonotonousTimestamps().withTimestampAssigner((payment, before) -> payment.at))
        .setParallelism(1);
  }

  /** What counts alerts of a rule: called by several threads, from functions that Flink has copied. */
  static void alert(String rule) {
    alerts.get(rule).incrementAndGet();
  }

  static void ended() {
    end = System.nanoTime();
  }

  private static DataStream<Payment> add(KeyedStream<Payment, Integer> byCard, Workload.Rule rule) {
    return switch (rule.name()) {
      case "r1", "x100" -> matches(byCard, testThenReal(rule.below()), rule.name(), "large");
      case "r2" -> byCard.process(new FlinkWindows.Velocity());
      case "r2-pattern" -> matches(byCard, nineInTenMinutes(), "r2-pattern", "payments");
      case "r3" -> matches(byCard, silence(), "r3", "big");
      case "r4" -> byCard.process(new FlinkWindows.Unusual());
      default -> throw new IllegalArgumentException("no rule " + rule.name());
    };
  }

  private static Pattern<Payment, ?> testThenReal(long below) {
    return Pattern.<Payment>begin("small", AfterMatchSkipStrategy.noSkip())
        .where(SimpleCondition.of(payment -> payment.cents < below))
        .followedByAny("large").where(new IterativeCondition<Payment>() {
          @Override
          public boolean filter(Payment payment, Context<Payment> bound) throws Exception {
            return payment.cents > 50000
                && payment.merchant != bound.getEventsForPattern("small").iterator().next().merchant;
          }
        }).within(Duration.ofMillis(600_001));
  }

  private static Pattern<Payment, ?> nineInTenMinutes() {
    return Pattern.<Payment>begin("payments", AfterMatchSkipStrategy.noSkip())
        .where(SimpleCondition.of(payment -> true)).times(9).consecutive().within(Duration.ofMillis(600_001));
  }

  private static Pattern<Payment, ?> silence() {
    return Pattern.<Payment>begin("big", AfterMatchSkipStrategy.noSkip())
        .where(SimpleCondition.of(payment -> payment.cents > 80000))
        .notFollowedBy("any").where(SimpleCondition.of(payment -> true)).within(Duration.ofMillis(30_001));
  }

  private static DataStream<Payment> matches(KeyedStream<Payment, Integer> byCard, Pattern<Payment, ?> pattern,
      String rule, String last) {
    return CEP.pattern(byCard, pattern).process(new CountAlerts(rule, last));
  }

  /** An alert is an event at which at least one match ends; those that end at one event come one after the other. */
  private static final class CountAlerts extends PatternProcessFunction<Payment, Payment> {
    private final String rule;
    private final String last;
    private long at = -1;

    CountAlerts(String rule, String last) {
      this.rule = rule;
      this.last = last;
    }

    @Override
    public void processMatch(Map<String, List<Payment>> match, Context context, Collector<Payment> out) {
      List<Payment> bound = match.get(last);
      long ends = bound.get(bound.size() - 1).at;
      if (ends == at) return;
      at = ends;
      alert(rule);
    }

    @Override
    public void close() {
      ended();
    }
  }
}
