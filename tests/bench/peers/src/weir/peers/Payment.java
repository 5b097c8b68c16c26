package weir.peers;

/** One decoded payment. Public fields and an empty constructor are for Flink's serializer, the getters for Esper. */
public class Payment {
  public long at;
  public int card;
  public int merchant;
  public long cents;

  public long getAt() {
    return at;
  }

  public int getCard() {
    return card;
  }

  public int getMerchant() {
    return merchant;
  }

  public long getCents() {
    return cents;
  }
}
