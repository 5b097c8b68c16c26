package weir.peers;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Nexmark's queries in Structured Streaming, in append mode. The events are in Parquet files before they are timed, one
 * a batch; the last has a person, an auction and a bid of a day later, which no answer has: Spark's watermark moves with
 * events only. What counts is the time that Spark says it worked on batches, starting and planning of the query aside.
 *
 * <p>usage: SparkNexmarkPeer QUERY EVENTS.csv BATCH RUNS; a line of JSON a run, the first warms up. Rows are counted in
 * the first, and thrown away in the others, whose rows and digest are those of the first.
 */
public final class SparkNexmarkPeer {
  // One query at a time in this process: what its functions share stands here.
  private static final Digest digest = new Digest();

  private SparkNexmarkPeer() {}

  public static void main(String[] arguments) throws Exception {
    try (SparkSession spark = SparkSession.builder().master("local[2]").appName("peers")
        .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC").config("spark.sql.streaming.numRecentProgressUpdates", "100000")
        .getOrCreate()) {
      spark.sparkContext().setLogLevel("ERROR");
      List<Event> events = Event.read(arguments[1]);
      Path folder = Files.createTempDirectory("weir-peers-events");
      write(spark, events, Integer.parseInt(arguments[2]), folder);
      for (int run = 0; run <= Integer.parseInt(arguments[3]); ++run) {
        run(spark, arguments[0], folder, events.size(), run == 0);
      }
    }
  }

  /** One file a batch; their times of change are those by which Spark orders them. */
  private static void write(SparkSession spark, List<Event> events, int batch, Path folder) throws IOException {
    int number = 0;
    for (int from = 0; from < events.size(); from += batch) {
      write(spark, events.subList(from, Math.min(from + batch, events.size())), folder, number++);
    }
    write(spark, SparkEvents.sentinels(events.get(events.size() - 1).at + 86_400_000), folder, number);
  }

  private static void write(SparkSession spark, List<Event> events, Path folder, int number) throws IOException {
    Path some = Files.createTempDirectory("weir-peers-batch");
    List<Row> rows = events.stream().map(SparkEvents::row).toList();
    spark.createDataFrame(rows, SparkEvents.SCHEMA).coalesce(1).write().mode("overwrite").parquet(some.toString());
    try (var files = Files.newDirectoryStream(some, "*.parquet")) {
      Path to = folder.resolve(String.format("%06d.parquet", number));
      Files.move(files.iterator().next(), to);
      Files.setLastModifiedTime(to, FileTime.fromMillis(1_000L * (number + 1)));
    }
  }

  private static void run(SparkSession spark, String query, Path folder, int events, boolean counted)
      throws Exception {
    Dataset<Row> all = spark.readStream().schema(SparkEvents.SCHEMA).option("maxFilesPerTrigger", 1)
        .parquet(folder.toString());
    Dataset<Row> rows = SparkQueries.rows(query, all);
    DataStreamWriter<Row> writer = rows.writeStream().outputMode("append").trigger(Trigger.AvailableNow())
        .option("checkpointLocation", Files.createTempDirectory("weir-peers-checkpoint").toString());
    Map<Long, long[]> sums = new TreeMap<>();
    if (query.equals("q4")) {
      // A running average by category: Spark allows no aggregation behind flatMapGroupsWithState but here.
      writer = writer.foreachBatch((VoidFunction2<Dataset<Row>, Long>) (batch, id) -> addSums(batch, sums));
    } else {
      writer = counted ? writer.foreachBatch((VoidFunction2<Dataset<Row>, Long>) (batch, id) -> count(query, batch))
          : writer.format("noop");
    }
    StreamingQuery running = writer.start();
    running.awaitTermination();
    if (query.equals("q4")) {
      digest.clear();
      sums.forEach((category, sum) -> digest.add(1, Digest.of(category, sum[0], sum[1] / sum[0])));
    }
    digest.report(query, events, secondsOf(running));
  }

  private static double secondsOf(StreamingQuery done) {
    double milliseconds = 0;
    for (StreamingQueryProgress batch : done.recentProgress()) {
      milliseconds += batch.durationMs().getOrDefault("triggerExecution", 0L);
    }
    return milliseconds * 1e-3;
  }

  private static void addSums(Dataset<Row> winners, Map<Long, long[]> sums) {
    for (Row row : winners.groupBy("category").agg(Map.of("price", "sum", "auction", "count"))
        .select(col("category"), col("count(auction)"), col("sum(price)")).collectAsList()) {
      long[] sum = sums.computeIfAbsent(row.getLong(0), category -> new long[2]);
      sum[0] += row.getLong(1);
      sum[1] += row.getLong(2);
    }
  }

  private static void count(String query, Dataset<Row> rows) {
    rows.foreachPartition((ForeachPartitionFunction<Row>) some -> add(query, some));
  }

  private static void add(String query, Iterator<Row> rows) {
    long count = 0;
    long sum = 0;
    for (; rows.hasNext(); ++count) sum += numberOf(query, rows.next());
    digest.add(count, sum);
  }

  private static long numberOf(String query, Row row) {
    if (query.equals("q0")) return SparkEvents.digest(row);
    long number = 1;
    for (int i = 0; i < row.size(); ++i) {
      if (row.get(i) instanceof Long value) number = Digest.with(number, value);
    }
    return number;
  }
}
