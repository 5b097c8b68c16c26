package weir.peers;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;

/** The entries of the greatest value, all of them. Its arguments are an entry's numbers: at, id, other, value. */
public final class SparkGreatest extends Aggregator<SparkGreatest.Entry, SparkGreatest.Entries, SparkGreatest.Entries> {
  /** Spark finds its numbers by their getters, in the order of the alphabet. */
  public static final class Entry implements Serializable {
    private long at;
    private long id;
    private long other;
    private long value;

    public long getAt() {
      return at;
    }

    public void setAt(long at) {
      this.at = at;
    }

    public long getId() {
      return id;
    }

    public void setId(long id) {
      this.id = id;
    }

    public long getOther() {
      return other;
    }

    public void setOther(long other) {
      this.other = other;
    }

    public long getValue() {
      return value;
    }

    public void setValue(long value) {
      this.value = value;
    }
  }

  public static final class Entries implements Serializable {
    private List<Entry> entries = new ArrayList<>();

    public List<Entry> getEntries() {
      return entries;
    }

    public void setEntries(List<Entry> entries) {
      this.entries = new ArrayList<>(entries);
    }
  }

  @Override
  public Entries zero() {
    return new Entries();
  }

  @Override
  public Entries reduce(Entries greatest, Entry entry) {
    List<Entry> all = greatest.entries;
    if (!all.isEmpty() && entry.value < all.get(0).value) return greatest;
    if (!all.isEmpty() && entry.value > all.get(0).value) all.clear();
    all.add(entry);
    return greatest;
  }

  @Override
  public Entries merge(Entries one, Entries other) {
    Entries both = one;
    for (Entry entry : other.entries) both = reduce(both, entry);
    return both;
  }

  @Override
  public Entries finish(Entries greatest) {
    return greatest;
  }

  @Override
  public Encoder<Entries> bufferEncoder() {
    return Encoders.bean(Entries.class);
  }

  @Override
  public Encoder<Entries> outputEncoder() {
    return Encoders.bean(Entries.class);
  }
}
