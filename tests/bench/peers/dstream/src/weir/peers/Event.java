package weir.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An event of Nexmark, a line of the file that bench_nexmark_peers writes; what its kind lacks is 0 or null. */
public final class Event {
  public char kind;  // p, a or b
  public long at;    // milliseconds since 1970
  public long id;    // of the person or the auction, also of the one that the bid is for
  public String name;
  public String email;
  public String city;
  public String state;
  public long creditCard;
  public String item;
  public long initialBid;
  public long reserve;
  public long expires;
  public long seller;
  public long category;
  public long bidder;
  public long price;
  public String channel;
  public String url;

  static List<Event> read(String path) throws IOException {
    List<Event> events = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();  // each text once
    try (BufferedReader lines = Files.newBufferedReader(Path.of(path))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(parse(line.split(","), texts));
      }
    }
    return events;
  }

  private static Event parse(String[] fields, Map<String, String> texts) {
    Event made = new Event();
    made.kind = fields[0].charAt(0);
    made.at = Long.parseLong(fields[1]);
    made.id = Long.parseLong(fields[2]);
    for (int i = 3; i < fields.length; ++i) fields[i] = texts.computeIfAbsent(fields[i], text -> text);
    switch (made.kind) {
      case 'p' -> made.readPerson(fields);
      case 'a' -> made.readAuction(fields);
      default -> made.readBid(fields);
    }
    return made;
  }

  private void readPerson(String[] fields) {
    name = fields[3];
    email = fields[4];
    city = fields[5];
    state = fields[6];
    creditCard = Long.parseLong(fields[7]);
  }

  private void readAuction(String[] fields) {
    item = fields[3];
    initialBid = Long.parseLong(fields[4]);
    reserve = Long.parseLong(fields[5]);
    expires = Long.parseLong(fields[6]);
    seller = Long.parseLong(fields[7]);
    category = Long.parseLong(fields[8]);
  }

  private void readBid(String[] fields) {
    bidder = Long.parseLong(fields[3]);
    price = Long.parseLong(fields[4]);
    channel = fields[5];
    url = fields[6];
  }

  /** What a row of q0 counts as in its digest. */
  static long digest(char kind, long at, long id, long sellerOrBidder, long expiresOrPrice) {
    return kind == 'p' ? Digest.of(at, id) : Digest.of(at, id, sellerOrBidder, expiresOrPrice);
  }
}
