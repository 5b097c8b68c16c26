package weir.peers;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.streaming.GroupState;

/** q9 as a function with state: told when the watermark has passed the time at which the auction expires. */
public final class SparkWinners {
  private SparkWinners() {}

  static Iterator<Winner> take(Long auction, Iterator<Offer> offers, GroupState<Held> state) {
    if (state.hasTimedOut()) return closed(state);
    Held held = state.exists() ? state.get() : new Held();
    while (offers.hasNext()) {
      Offer offer = offers.next();
      if (offer.opens) {
        held.opened = offer;
      } else if (held.opened == null) {
        held.early.add(offer);
      } else {
        bid(held, offer);
      }
    }
    if (held.opened != null && !held.early.isEmpty()) {
      for (Offer offer : held.early) bid(held, offer);
      held.early.clear();
    }
    state.update(held);
    if (held.opened == null) return Collections.emptyIterator();
    // Where there are bids too, Spark doesn't say that the time has come.
    if (held.opened.expires <= state.getCurrentWatermarkMs()) return closed(state);
    state.setTimeoutTimestamp(held.opened.expires);
    return Collections.emptyIterator();
  }

  private static void bid(Held held, Offer bid) {
    Offer opened = held.opened;
    if (bid.atMs < opened.atMs || bid.atMs >= opened.expires || bid.price < opened.reserve) return;
    Offer best = held.best;
    if (best == null || bid.price > best.price || (bid.price == best.price && bid.atMs < best.atMs)) held.best = bid;
  }

  /** The auction stays: bids for it go on, and are to be told from early ones. */
  private static Iterator<Winner> closed(GroupState<Held> state) {
    Held held = state.get();
    Offer best = held.best;
    held.best = null;
    state.update(held);
    if (best == null) return Collections.emptyIterator();
    Winner won = new Winner();
    won.expires = held.opened.expires;
    won.auction = held.opened.auction;
    won.bidder = best.bidder;
    won.price = best.price;
    won.at = best.atMs;
    won.category = held.opened.category;
    return Collections.singleton(won).iterator();
  }

  /** An auction that opens, or a bid for it. */
  public static final class Offer implements Serializable {
    private boolean opens;
    private long auction;
    private long atMs;
    private long reserve;
    private long category;
    private long expires;
    private long bidder;
    private long price;

    public boolean isOpens() {
      return opens;
    }

    public void setOpens(boolean opens) {
      this.opens = opens;
    }

    public long getAuction() {
      return auction;
    }

    public void setAuction(long auction) {
      this.auction = auction;
    }

    public long getAtMs() {
      return atMs;
    }

    public void setAtMs(long atMs) {
      this.atMs = atMs;
    }

    public long getReserve() {
      return reserve;
    }

    public void setReserve(long reserve) {
      this.reserve = reserve;
    }

    public long getCategory() {
      return category;
    }

    public void setCategory(long category) {
      this.category = category;
    }

    public long getExpires() {
      return expires;
    }

    public void setExpires(long expires) {
      this.expires = expires;
    }

    public long getBidder() {
      return bidder;
    }

    public void setBidder(long bidder) {
      this.bidder = bidder;
    }

    public long getPrice() {
      return price;
    }

    public void setPrice(long price) {
      this.price = price;
    }
  }

  /** An auction, the best bid for it so far, and bids that came before it did. */
  public static final class Held implements Serializable {
    private Offer opened;
    private Offer best;
    private List<Offer> early = new ArrayList<>();

    public Offer getOpened() {
      return opened;
    }

    public void setOpened(Offer opened) {
      this.opened = opened;
    }

    public Offer getBest() {
      return best;
    }

    public void setBest(Offer best) {
      this.best = best;
    }

    public List<Offer> getEarly() {
      return early;
    }

    public void setEarly(List<Offer> early) {
      this.early = new ArrayList<>(early);
    }
  }

  /** A row of q9, and what q4 needs. */
  public static final class Winner implements Serializable {
    private long expires;
    private long auction;
    private long bidder;
    private long price;
    private long at;
    private long category;

    public long getExpires() {
      return expires;
    }

    public void setExpires(long expires) {
      this.expires = expires;
    }

    public long getAuction() {
      return auction;
    }

    public void setAuction(long auction) {
      this.auction = auction;
    }

    public long getBidder() {
      return bidder;
    }

    public void setBidder(long bidder) {
      this.bidder = bidder;
    }

    public long getPrice() {
      return price;
    }

    public void setPrice(long price) {
      this.price = price;
    }

    public long getAt() {
      return at;
    }

    public void setAt(long at) {
      this.at = at;
    }

    public long getCategory() {
      return category;
    }

    public void setCategory(long category) {
      this.category = category;
    }
  }
}
