package weir.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a peer is asked to run, and how it tells what came of it. */
final class Workload {
  private Workload() {}

  /** A rule, and for r1 and its like the cents that its first amount stays under. */
  record Rule(String name, long below) {}

  /** One of the four, "four" for all of them, "r2-pattern", or "x100": r1 with amounts below 2.00, 2.01, … 2.99 EUR. */
  static List<Rule> rulesOf(String workload) {
    List<Rule> rules = new ArrayList<>();
    if (workload.equals("four")) {
      for (String name : List.of("r1", "r2", "r3", "r4")) rules.add(new Rule(name, 200));
    } else if (workload.equals("x100")) {
      for (int i = 0; i < 100; ++i) rules.add(new Rule("x100", 200 + i));
    } else {
      rules.add(new Rule(workload, 200));
    }
    return rules;
  }

  /** One line of JSON a run: events, alerts by rule, seconds, and the most memory that the process has had so far. */
  static void report(int events, Map<String, Long> alerts, double seconds) throws IOException {
    StringBuilder counts = new StringBuilder();
    alerts.forEach((rule, count) -> counts.append(counts.isEmpty() ? "" : ", ").append("\"" + rule + "\": " + count));
    System.out.printf("{\"events\": %d, \"alerts\": {%s}, \"seconds\": %.4f, \"peak_mb\": %d}%n", events, counts, seconds,
        peakMegabytes());
  }

  private static long peakMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
    }
    return 0;
  }
}
