package weir.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.graphx.Edge;
import org.apache.spark.graphx.Graph;
import org.apache.spark.graphx.lib.ConnectedComponents;
import org.apache.spark.graphx.lib.PageRank;
import org.apache.spark.graphx.lib.TriangleCount;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A micro-batch as users of GraphX take it: union the new edges into the graph's, build the graph again, and compute
 * afresh. Arguments: the file of the graph's edges, that of the batch, how often, and where to write the last run's
 * ranks. A line of JSON a run; the first warms up.
 */
public final class GraphXPeer {
  private static final int RANK_ROUNDS = 10;
  private static final ClassTag<Integer> INTEGER = ClassTag$.MODULE$.apply(Integer.class);

  private static List<Edge<Integer>> read(String path) throws IOException {
    List<Edge<Integer>> edges = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(path))) {
      int comma = line.indexOf(',');
      edges.add(new Edge<>(Long.parseLong(line.substring(0, comma)), Long.parseLong(line.substring(comma + 1)), 1));
    }
    return edges;
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static List<String> run(JavaRDD<Edge<Integer>> base, JavaRDD<Edge<Integer>> batch) {
    long start = System.nanoTime();
    Graph<Integer, Integer> graph = Graph.fromEdges(base.union(batch).rdd(), 1, StorageLevel.MEMORY_ONLY(),
        StorageLevel.MEMORY_ONLY(), INTEGER, INTEGER);
    long vertices = graph.vertices().count();
    long edges = graph.edges().count();
    double build = since(start);

    start = System.nanoTime();
    long components = ConnectedComponents.run(graph, INTEGER, INTEGER).vertices().toJavaRDD()
        .map(v -> (Long) (Object) v._2()).distinct().count();
    double componentsMs = since(start);

    start = System.nanoTime();
    JavaRDD<Tuple2<Object, Object>> ranked =
        PageRank.run(graph, RANK_ROUNDS, 0.15, INTEGER, INTEGER).vertices().toJavaRDD();
    double ranks = ranked.map(v -> (Double) v._2()).reduce(Double::sum);
    double ranksMs = since(start);

    start = System.nanoTime();
    long triangles = TriangleCount.run(graph, INTEGER, INTEGER).vertices().toJavaRDD()
        .map(v -> ((Number) (Object) v._2()).longValue()).reduce(Long::sum) / 3;
    double trianglesMs = since(start);

    System.out.printf(Locale.ROOT, "{\"vertices\":%d,\"edges\":%d,\"build_ms\":%.1f,\"components\":%d,"
        + "\"components_ms\":%.1f,\"ranks\":%.3f,\"pagerank_ms\":%.1f,\"triangles\":%d,\"triangles_ms\":%.1f}%n",
        vertices, edges, build, components, componentsMs, ranks, ranksMs, triangles, trianglesMs);
    List<String> lines = ranked.map(v -> v._1() + "," + v._2()).collect();
    graph.unpersist(true);
    return lines;
  }

  public static void main(String[] arguments) throws IOException {
    SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("peers").set("spark.ui.enabled", "false");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      context.setLogLevel("ERROR");
      JavaRDD<Edge<Integer>> base = context.parallelize(read(arguments[0]), 2).cache();
      JavaRDD<Edge<Integer>> batch = context.parallelize(read(arguments[1]), 2).cache();
      base.count();
      int runs = Integer.parseInt(arguments[2]);
      List<String> ranks = List.of();
      for (int i = 0; i <= runs; ++i) ranks = run(base, batch);
      Files.write(Path.of(arguments[3]), ranks);
    }
  }
}
