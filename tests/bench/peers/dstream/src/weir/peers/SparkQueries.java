package weir.peers;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.session_window;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.unix_millis;
import static org.apache.spark.sql.functions.window;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * The queries as tests/bench/nexmark/answers.hpp states them; the numbers of a row are what its digest is of. A watermark
 * is a millisecond behind: Spark takes events of its very time for late, and a batch may end within a millisecond.
 */
final class SparkQueries {
  private SparkQueries() {}

  static Dataset<Row> rows(String query, Dataset<Row> events) {
    return switch (query) {
      case "q0" -> events.filter(col("id").geq(0));
      case "q1" -> q1(of(events, "b"));
      case "q2" -> q2(of(events, "b"));
      case "q3" -> q3(of(events, "p"), of(events, "a"));
      case "q4" -> winners(timed(events)).select("category", "price", "auction");
      case "q5" -> q5(of(timed(events), "b"));
      case "q7" -> q7(of(timed(events), "b"));
      case "q8" -> q8(of(timed(events), "p"), of(timed(events), "a"));
      case "q9" -> winners(timed(events)).select("expires", "auction", "bidder", "price", "at");
      case "q11" -> q11(of(timed(events), "b"));
      default -> throw new IllegalArgumentException("no query " + query);
    };
  }

  private static Dataset<Row> timed(Dataset<Row> events) {
    return events.withWatermark("at", "1 millisecond");
  }

  private static Dataset<Row> of(Dataset<Row> events, String kind) {
    return events.filter(col("kind").equalTo(kind));
  }

  private static Column ms(String time) {
    return unix_millis(col(time));
  }

  private static Dataset<Row> q1(Dataset<Row> bids) {
    return bids.filter(col("id").geq(0)).select(ms("at"), col("id"), col("bidder"), expr("price * 908 div 1000"));
  }

  private static Dataset<Row> q2(Dataset<Row> bids) {
    return bids.filter(col("id").geq(0).and(col("id").mod(123).equalTo(0))).select(ms("at"), col("id"), col("price"));
  }

  private static Dataset<Row> q3(Dataset<Row> people, Dataset<Row> auctions) {
    Dataset<Row> local = people.filter(col("state").isin("OR", "ID", "CA"))
        .select(col("at").as("came"), col("id").as("person"), col("name"), col("city"), col("state"));
    Dataset<Row> sold = auctions.filter(col("category").equalTo(10)).select("at", "id", "seller");
    return local.join(sold, col("person").equalTo(col("seller")))
        .select(unix_millis(greatest(col("came"), col("at"))), col("id"), col("name"), col("city"), col("state"));
  }

  private static Dataset<Row> winners(Dataset<Row> events) {
    return events.filter(col("kind").isin("a", "b")).select(col("at"), col("id").as("auction"),
        col("kind").equalTo("a").as("opens"), unix_millis(col("at")).as("atMs"), orZero("reserve"), orZero("category"),
        coalesce(ms("expires"), lit(0L)).as("expires"), orZero("bidder"),
        orZero("price"))
        .as(Encoders.bean(SparkWinners.Offer.class))
        .groupByKey((MapFunction<SparkWinners.Offer, Long>) SparkWinners.Offer::getAuction, Encoders.LONG())
        .flatMapGroupsWithState(SparkWinners::take, OutputMode.Append(),
            Encoders.bean(SparkWinners.Held.class), Encoders.bean(SparkWinners.Winner.class),
            GroupStateTimeout.EventTimeTimeout())
        .toDF();
  }

  private static Column orZero(String number) {
    return coalesce(col(number), lit(0L)).as(number);
  }

  private static Dataset<Row> q5(Dataset<Row> bids) {
    UserDefinedFunction greatest = udaf(new SparkGreatest(), Encoders.bean(SparkGreatest.Entry.class));
    return bids.groupBy(window(col("at"), "10 seconds", "5 seconds"), col("id")).agg(count("*").as("bids"))
        .groupBy(col("window"))
        .agg(greatest.apply(lit(0L), col("id"), lit(0L), col("bids")).as("greatest"))
        .select(ms("window.end").as("end"), explode(col("greatest.entries")).as("e"))
        .select(col("end"), col("e.id"), col("e.value"));
  }

  private static Dataset<Row> q7(Dataset<Row> bids) {
    UserDefinedFunction greatest = udaf(new SparkGreatest(), Encoders.bean(SparkGreatest.Entry.class));
    return bids.groupBy(window(col("at"), "10 seconds"))
        .agg(greatest.apply(ms("at"), col("id"), col("bidder"), col("price")).as("greatest"))
        .select(ms("window.end").as("end"), explode(col("greatest.entries")).as("e"))
        .select(col("end"), col("e.id"), col("e.other"), col("e.value"), col("e.at"));
  }

  private static Dataset<Row> q8(Dataset<Row> people, Dataset<Row> auctions) {
    Dataset<Row> came = people.select(window(col("at"), "10 seconds").as("came"), col("id"), col("name"));
    Dataset<Row> sold = auctions.select(window(col("at"), "10 seconds").as("sold"), col("seller"))
        .dropDuplicates("sold", "seller");
    return came.join(sold, col("id").equalTo(col("seller")).and(col("came").equalTo(col("sold"))))
        .select(ms("came.end"), col("id"), col("name"));
  }

  /** Spark's sessions take in what comes exactly at their end: a millisecond less makes them ours. */
  private static Dataset<Row> q11(Dataset<Row> bids) {
    return bids.groupBy(session_window(col("at"), "9999 milliseconds").as("session"), col("bidder"))
        .agg(count("*").as("bids"))
        .select(ms("session.end").plus(1L), col("bidder"), col("bids"), ms("session.start"));
  }
}
