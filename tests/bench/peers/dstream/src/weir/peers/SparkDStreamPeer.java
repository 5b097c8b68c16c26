package weir.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/**
 * Spark Streaming's DStream, one operator a job: map_filter, reduce_by_key, window (reduceByKeyAndWindow with an inverse,
 * ten batches) or state (mapWithState), as tests/bench/nexmark/keyed_numbers.hpp states them. The batches are cached
 * before they are timed. What counts is the time that Spark says it worked on them, without what they waited.
 *
 * <p>usage: SparkDStreamPeer JOB NUMBERS.csv BATCH RUNS; a line of JSON a run, the first warms up.
 */
public final class SparkDStreamPeer {
  private static final int BATCH_MS = 50;
  private static final int WINDOW_BATCHES = 10;
  private static final int PARTS = 2;

  // One job at a time in this process: what its functions share stands here.
  private static final Digest digest = new Digest();

  private SparkDStreamPeer() {}

  public static void main(String[] arguments) throws Exception {
    SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("peers").set("spark.ui.enabled", "false")
        .set("spark.default.parallelism", String.valueOf(PARTS));
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      context.setLogLevel("ERROR");
      List<JavaRDD<Tuple2<Integer, Integer>>> batches =
          cached(context, read(arguments[1]), Integer.parseInt(arguments[2]));
      for (int run = 0; run <= Integer.parseInt(arguments[3]); ++run) run(arguments[0], context, batches);
    }
  }

  private static List<Tuple2<Integer, Integer>> read(String path) throws IOException {
    List<Tuple2<Integer, Integer>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(path))) {
      int comma = line.indexOf(',');
      rows.add(new Tuple2<>(Integer.parseInt(line.substring(0, comma)), Integer.parseInt(line.substring(comma + 1))));
    }
    return rows;
  }

  private static List<JavaRDD<Tuple2<Integer, Integer>>> cached(JavaSparkContext context,
      List<Tuple2<Integer, Integer>> rows, int batch) {
    List<JavaRDD<Tuple2<Integer, Integer>>> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += batch) {
      List<Tuple2<Integer, Integer>> some = new ArrayList<>(rows.subList(from, Math.min(from + batch, rows.size())));
      JavaRDD<Tuple2<Integer, Integer>> made = context.parallelize(some, PARTS).cache();
      made.count();
      batches.add(made);
    }
    return batches;
  }

  private static void run(String job, JavaSparkContext context, List<JavaRDD<Tuple2<Integer, Integer>>> batches)
      throws Exception {
    digest.clear();
    JavaStreamingContext stream = new JavaStreamingContext(context, new Duration(BATCH_MS));
    stream.checkpoint(Files.createTempDirectory("weir-peers").toString());
    Queue<JavaRDD<Tuple2<Integer, Integer>>> queue = new ArrayDeque<>(batches);
    add(job, stream.queueStream(queue, true).mapToPair(row -> row), batches.size());
    SparkWorked worked = new SparkWorked(batches.size());
    stream.ssc().addStreamingListener(worked);
    stream.start();
    worked.done.await();
    stream.stop(false, false);
    digest.report(job, batches.stream().mapToLong(JavaRDD::count).sum(), worked.milliseconds * 1e-3);
  }

  private static void add(String job, JavaPairDStream<Integer, Integer> rows, int batches) {
    switch (job) {
      case "map_filter" -> count(rows.mapValues(n -> 2 * n + 1).filter(row -> row._2 % 3 == 0), batches, false);
      case "reduce_by_key" -> count(rows.reduceByKey(Integer::sum), batches, true);
      case "window" -> count(rows.reduceByKeyAndWindow(Integer::sum, (one, other) -> one - other,
          new Duration(WINDOW_BATCHES * BATCH_MS), new Duration(BATCH_MS), PARTS, row -> row._2 > 0), batches, true);
      case "state" -> count(rows.mapWithState(StateSpec.function(SparkDStreamPeer::runningSum))
          .mapToPair(row -> row), batches, false);
      default -> throw new IllegalArgumentException("no job " + job);
    }
  }

  private static Tuple2<Integer, Integer> runningSum(Integer key, Optional<Integer> number, State<Integer> sum) {
    int now = (sum.exists() ? sum.get() : 0) + number.get();
    sum.update(now);
    return new Tuple2<>(key, now);
  }

  /** Counts the rows of the first so many batches: those behind are empty. */
  private static void count(JavaPairDStream<Integer, Integer> rows, int batches, boolean byBatch) {
    long[] first = {0};
    rows.foreachRDD((rdd, time) -> {
      if (first[0] == 0) first[0] = time.milliseconds();
      long batch = (time.milliseconds() - first[0]) / BATCH_MS;
      if (batch < batches) rdd.foreachPartition(some -> add(some, byBatch ? batch : -1));
    });
  }

  private static void add(Iterator<Tuple2<Integer, Integer>> rows, long batch) {
    long count = 0;
    long sum = 0;
    for (; rows.hasNext(); ++count) {
      Tuple2<Integer, Integer> row = rows.next();
      sum += batch < 0 ? Digest.of(row._1, row._2) : Digest.of(batch, row._1, row._2);
    }
    digest.add(count, sum);
  }
}
