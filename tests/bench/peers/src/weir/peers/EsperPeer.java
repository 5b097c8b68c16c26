package weir.peers;

import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Payments workload in Esper: one EPL statement a rule.
 *
 * <p>Esper's windows end before an event that is exactly as old as they are long; Weir's do not. Times are whole
 * milliseconds, so a millisecond more makes them equal.
 *
 * <p>usage: EsperPeer WORKLOAD EVENTS RUNS; the first run more is for warming up.
 */
public final class EsperPeer {
  private final Payment[] payments;
  private final String workload;
  private final Map<String, long[]> alerts = new TreeMap<>();

  private EsperPeer(String workload, int events) {
    this.workload = workload;
    this.payments = Payments.make(events);
  }

  public static void main(String[] arguments) throws Exception {
    EsperPeer peer = new EsperPeer(arguments[0], Integer.parseInt(arguments[1]));
    int runs = Integer.parseInt(arguments[2]);
    for (int run = 0; run <= runs; ++run) peer.run(run);
  }

  private static String epl(Workload.Rule rule) {
    return switch (rule.name()) {
      case "r1", "x100" -> "select * from Payment(cents > 50000) as large where exists (select * from Payment(cents < "
          + rule.below() + ")#time(600001 msec) as small where small.card = large.card"
          + " and small.merchant != large.merchant)";
      case "r2" -> "select at, count(*) from Payment#time(600001 msec) group by card having count(*) > 8";
      case "r3" -> "select * from pattern [every big=Payment(cents > 80000)"
          + " -> (timer:interval(30001 msec) and not Payment(card = big.card))]";
      case "r4" -> "select at, count(*) from Payment#time(3600001 msec) group by card"
          + " having count(*) > 5 and cents * (count(*) - 1) > 3 * (sum(cents) - cents)";
      default -> throw new IllegalArgumentException("no rule " + rule.name());
    };
  }

  private void run(int number) throws Exception {
    EPRuntime runtime = runtimeOf("run" + number);
    EPEventService events = runtime.getEventService();
    alerts.clear();
    for (Workload.Rule rule : Workload.rulesOf(workload)) deploy(runtime, rule);
    long begin = System.nanoTime();
    for (Payment payment : payments) {
      events.advanceTime(payment.at);
      events.sendEventBean(payment, "Payment");
    }
    events.advanceTime(payments.length + 30_001L);  // past every open deadline; windows may stay
    double seconds = (System.nanoTime() - begin) * 1e-9;
    Map<String, Long> counts = new TreeMap<>();
    alerts.forEach((name, count) -> counts.put(name, count[0]));
    Workload.report(payments.length, counts, seconds);
    runtime.destroy();
  }

  private static EPRuntime runtimeOf(String name) {
    Configuration configuration = new Configuration();
    configuration.getCommon().addEventType(Payment.class);
    configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
    EPRuntime runtime = EPRuntimeProvider.getRuntime(name, configuration);
    runtime.getEventService().advanceTime(0);
    return runtime;
  }

  private void deploy(EPRuntime runtime, Workload.Rule rule) throws Exception {
    CompilerArguments arguments = new CompilerArguments(runtime.getConfigurationDeepCopy());
    long[] count = alerts.computeIfAbsent(rule.name(), name -> new long[1]);
    for (EPStatement statement : runtime.getDeploymentService()
        .deploy(EPCompilerProvider.getCompiler().compile(epl(rule), arguments)).getStatements()) {
      statement.addListener((made, gone, of, by) -> count[0] += made == null ? 0 : made.length);
    }
  }
}
