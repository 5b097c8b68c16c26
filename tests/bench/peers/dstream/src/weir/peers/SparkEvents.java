package weir.peers;

import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Events as rows: one table for the three kinds, what a kind lacks being null. */
final class SparkEvents {
  static final StructType SCHEMA = new StructType()
      .add("kind", DataTypes.StringType).add("at", DataTypes.TimestampType).add("id", DataTypes.LongType)
      .add("name", DataTypes.StringType).add("email", DataTypes.StringType).add("city", DataTypes.StringType)
      .add("state", DataTypes.StringType).add("credit_card", DataTypes.LongType).add("item", DataTypes.StringType)
      .add("initial_bid", DataTypes.LongType).add("reserve", DataTypes.LongType)
      .add("expires", DataTypes.TimestampType).add("seller", DataTypes.LongType).add("category", DataTypes.LongType)
      .add("bidder", DataTypes.LongType).add("price", DataTypes.LongType).add("channel", DataTypes.StringType)
      .add("url", DataTypes.StringType);

  private SparkEvents() {}

  static Row row(Event e) {
    boolean isPerson = e.kind == 'p';
    boolean isAuction = e.kind == 'a';
    boolean isBid = e.kind == 'b';
    return RowFactory.create(String.valueOf(e.kind), new Timestamp(e.at), e.id, e.name, e.email, e.city, e.state,
        isPerson ? e.creditCard : null, e.item, isAuction ? e.initialBid : null, isAuction ? e.reserve : null,
        isAuction ? new Timestamp(e.expires) : null, isAuction ? e.seller : null, isAuction ? e.category : null,
        isBid ? e.bidder : null, isBid ? e.price : null, e.channel, e.url);
  }

  /** A person, an auction and a bid that match nothing, at this time: their ids are negative. */
  static List<Event> sentinels(long at) {
    return List.of(sentinel('p', at, -1), sentinel('a', at, -1), sentinel('b', at, -3));
  }

  private static Event sentinel(char kind, long at, long id) {
    Event made = new Event();
    made.kind = kind;
    made.at = at;
    made.id = id;
    made.name = "";
    made.state = "OR";
    made.expires = at + 1;
    made.seller = -2;
    made.category = 10;
    made.bidder = -1;
    return made;
  }

  static long digest(Row row) {
    char kind = row.getString(0).charAt(0);
    long at = row.getTimestamp(1).getTime();
    return switch (kind) {
      case 'p' -> Event.digest(kind, at, row.getLong(2), 0, 0);
      case 'a' -> Event.digest(kind, at, row.getLong(2), row.getLong(12), row.getTimestamp(11).getTime());
      default -> Event.digest(kind, at, row.getLong(2), row.getLong(14), row.getLong(15));
    };
  }
}
