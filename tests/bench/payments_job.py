"""How many payments a second does the whole job take, from an NDJSON file to a file of alerts, with the four reference rules?

usage: payments_job.py WEIR [EVENTS] [RUNS] [THREADS]

Checks the alerts by rule before it times anything. Prints the median of the runs and the most memory of any of them, for
alerts written and for none.
"""

import pathlib
import subprocess
import sys
import tempfile

import expected
import job

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

# Alerts by rule when the clock is drained: computed by independent brute-force programs. Of other numbers of events:
# expected.py.
EXPECTED = {
    1_000_000: {"r1": 52_769, "r2": 133_399, "r3": 18_605, "r4": 36_268},
    5_000_000: {"r1": 333_063, "r2": 1_157_824, "r3": 92_377, "r4": 218_963},
}


def measure(weir, events, runs, threads):
    """The outcomes with alerts written to a file and with none. Raises job.Failed when an alert is missing or too many."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        rules, payments, alerts = place / "four.weir", place / "payments.ndjson", place / "alerts.jsonl"
        rules.write_text(RULES)
        subprocess.run([weir, "generate", "payments", "--events", str(events), "--seed", "42", "--out", payments], check=True)
        source, size = f"payment={payments}", payments.stat().st_size
        written = job.weir_run(weir, [rules], source, alerts, threads)
        job.run(written)
        found = job.count_by_rule(alerts)
        right = EXPECTED.get(events) or expected.alerts(["r1", "r2", "r3", "r4"], events)
        if found != {rule: alerts for rule, alerts in right.items() if alerts > 0}:
            raise job.Failed(f"wrong answer: {found}, expected {right}")
        silent = job.weir_run(weir, [rules], source, "none", threads)
        return {"alerts to a file": job.measure(written, events, size, runs),
                "no alerts written": job.measure(silent, events, size, runs)}


def main():
    weir = sys.argv[1]
    events, runs, threads = (int(n) for n in [*sys.argv[2:], *["1000000", "5", "1"][len(sys.argv) - 2:]])
    for name, outcome in measure(weir, events, runs, threads).items():
        print(f"{name}: {outcome}")


if __name__ == "__main__":
    try:
        main()
    except job.Failed as failure:
        sys.exit(str(failure))
