package weir.peers;

import java.util.ArrayDeque;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** What Flink CEP has no pattern for, by hand: the payments of a card in a window, and their sum. */
abstract class FlinkWindows extends KeyedProcessFunction<Integer, Payment, Payment> {
  /** The window of one card. */
  static final class Window {
    final ArrayDeque<Payment> payments = new ArrayDeque<>();
    long cents;
  }

  private final long lengthMs;
  private final String rule;
  private transient ValueState<Window> windows;

  private FlinkWindows(String rule, long lengthMs) {
    this.rule = rule;
    this.lengthMs = lengthMs;
  }

  /** Whether `payment` raises an alert, and its place in the window if it has one. */
  abstract boolean judge(Payment payment, Window window);

  @Override
  public void open(OpenContext context) {
    windows = getRuntimeContext()
        .getState(new ValueStateDescriptor<>("window", TypeInformation.of(new TypeHint<Window>() {})));
  }

  @Override
  public void processElement(Payment payment, Context context, Collector<Payment> out) throws Exception {
    Window window = windows.value();
    if (window == null) {
      window = new Window();
      windows.update(window);  // kept on the heap as it is: no more updates are needed
    }
    while (!window.payments.isEmpty() && window.payments.peekFirst().at < payment.at - lengthMs) {
      window.cents -= window.payments.pollFirst().cents;
    }
    boolean alerts = judge(payment, window);
    window.payments.addLast(payment);
    window.cents += payment.cents;
    if (alerts) FlinkPeer.alert(rule);
  }

  @Override
  public void close() {
    FlinkPeer.ended();
  }

  /** r2: more than eight in ten minutes, with this one. */
  static final class Velocity extends FlinkWindows {
    Velocity() {
      super("r2", 600_000);
    }

    @Override
    boolean judge(Payment payment, Window window) {
      return window.payments.size() + 1 > 8;
    }
  }

  /** r4: more than three times the average of the hour before. */
  static final class Unusual extends FlinkWindows {
    Unusual() {
      super("r4", 3_600_000);
    }

    @Override
    boolean judge(Payment payment, Window window) {
      return window.payments.size() >= 5 && payment.cents * window.payments.size() > 3 * window.cents;
    }
  }
}
