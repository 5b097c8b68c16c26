package weir.peers;

import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Nexmark's queries in Flink's DataStream API, over events that are in memory before they are timed. The end of the
 * events ends all windows, as it does in Weir's answers.
 *
 * <p>usage: FlinkNexmarkPeer QUERY EVENTS.csv RUNS PARALLELISM; a line of JSON a run, the first warms up. The source,
 * and what needs no key, has a parallelism of one: events are in order of time only there.
 */
public final class FlinkNexmarkPeer {
  // The job runs in this process, one at a time: what its functions share stands here.
  private static List<Event> events;
  private static volatile long begin;

  private FlinkNexmarkPeer() {}

  public static void main(String[] arguments) throws Exception {
    events = Event.read(arguments[1]);
    for (int run = 0; run <= Integer.parseInt(arguments[2]); ++run) run(arguments[0], Integer.parseInt(arguments[3]));
  }

  private static void run(String query, int parallelism) throws Exception {
    StreamExecutionEnvironment job = environmentOf(parallelism);
    FlinkCount.clear();
    FlinkQueries.add(query, source(job));
    job.execute();
    FlinkCount.total.report(query, events.size(), (FlinkCount.end - begin) * 1e-9);
  }

  private static StreamExecutionEnvironment environmentOf(int parallelism) {
    Configuration settings = new Configuration();
    settings.setString("pipeline.object-reuse", "true");
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
  }

  private static DataStream<Event> source(StreamExecutionEnvironment job) {
    return job.fromSequence(0, events.size() - 1).setParallelism(1).map(number -> {
      if (number == 0) begin = System.nanoTime();
      return events.get(number.intValue());
    }).returns(Event.class).setParallelism(1).assignTimestampsAndWatermarks(
        WatermarkStrategy.<Event>forMonotonousTimestamps().withTimestampAssigner((event, before) -> event.at))
        .setParallelism(1);
  }
}
