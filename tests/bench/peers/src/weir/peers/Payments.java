package weir.peers;

/** The Payments workload: random but always the same. The time of a payment is its number, in milliseconds. */
final class Payments {
  private long state = 42;

  private Payments() {}

  static Payment[] make(int events) {
    Payments source = new Payments();
    Payment[] made = new Payment[events];
    for (int i = 0; i < events; ++i) made[i] = source.next(i);
    return made;
  }

  private Payment next(int number) {
    Payment made = new Payment();
    made.at = number;
    made.card = (int) below(100_000);
    long p = below(10);
    long z = draw();
    made.merchant = (int) below(1_000);
    made.cents = p < 2 ? 1 + Long.remainderUnsigned(z, 199)
        : p == 2 ? 50_001 + Long.remainderUnsigned(z, 40_000) : 200 + Long.remainderUnsigned(z, 49_801);
    return made;
  }

  private long below(long bound) {
    return Long.remainderUnsigned(draw(), bound);
  }

  // splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
  private long draw() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
