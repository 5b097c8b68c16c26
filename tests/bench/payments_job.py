"""How many payments a second does the whole job take, from an NDJSON file to a file of alerts, with the four reference rules?

usage: payments_job.py WEIR [EVENTS] [RUNS] [THREADS]

Checks the alerts by rule before it times anything. Prints the median of the runs and the most memory of any of them, for
alerts written and for none.
"""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RULES = """
entity card
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }
rule r1 for card {
  match small: payment where amount < 2 EUR
  then  large: payment where amount > 500 EUR and merchant != small.merchant
  within 10m
}
rule r2 for card { on payment  when count(payment) over 10m > 8 }
rule r3 for card {
  match big: payment where amount > 800 EUR
  then  no payment within 30s
}
rule r4 for card {
  on p: payment
  when p.amount > 3 * avg(payment.amount) over prior 1h
   and count(payment) over prior 1h >= 5
}
"""

# Alerts by rule when the clock is drained: computed by independent brute-force programs.
EXPECTED = {
    1_000_000: {"r1": 52_769, "r2": 133_399, "r3": 18_605, "r4": 36_268},
    5_000_000: {"r1": 333_063, "r2": 1_157_824, "r3": 92_377, "r4": 218_963},
}


def run(weir, rules, payments, alerts, threads):
    """Seconds, and the most memory in megabytes."""
    begin = time.monotonic()
    command = [weir, "run", rules, "--input", f"payment={payments}", "--alerts", alerts, "--threads", str(threads)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode != 0:
        sys.exit(f"{command} ended with {running.returncode}")
    return time.monotonic() - begin, used.ru_maxrss / 1024


def count_by_rule(alerts):
    with open(alerts, encoding="utf-8") as lines:
        return dict(collections.Counter(json.loads(line)["rule"]["name"] for line in lines))


def main():
    weir = sys.argv[1]
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        rules, payments, alerts = place / "four.weir", place / "payments.ndjson", place / "alerts.jsonl"
        rules.write_text(RULES)
        subprocess.run([weir, "generate", "payments", "--events", str(events), "--seed", "42", "--out", payments], check=True)
        run(weir, rules, payments, alerts, threads)
        found = count_by_rule(alerts)
        if found != EXPECTED.get(events, found):
            print(f"wrong answer: {found}, expected {EXPECTED[events]}")
            return 1
        size = payments.stat().st_size
        for name, target in (("alerts to a file", alerts), ("no alerts written", "none")):
            measured = [run(weir, rules, payments, target, threads) for _ in range(runs)]
            seconds = statistics.median(took for took, _ in measured)
            peak = max(megabytes for _, megabytes in measured)
            print(f"{name}: {events / seconds / 1e6:.2f} M events/s, {size / seconds / 1e6:.0f} MB/s, {peak:.0f} MB of memory"
                  f" (median of {runs}, {events} events, {sum(found.values())} alerts, threads: {threads})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
