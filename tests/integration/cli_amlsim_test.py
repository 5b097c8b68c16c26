"""weir run over AMLSim's transactions, mapped by a weir.toml: the reference counts, for any cut into batches."""
import collections
import csv
import datetime
import gzip
import hashlib
import json
import os
import pathlib
import unittest

from cli_harness import CliTest

# What closes a temporal cycle, and the edges that make it.
RINGS = """
entity account
event transfer { at: time  from, to: account  amount: money(USD) }
graph transfers : transfer(from -> to, weight amount) keep 30d

rule ring for acct: account {
  on t: transfer where from = acct
  when transfers.cycle(t, length 2 to 4, within 10h)
}
"""

DATA = pathlib.Path(os.environ.get("WEIR_SHARED_DATA", "")) / "amlsim" / "transactions.csv.gz"

RULES = """
entity account
event transfer { at: time  from, to: account  amount: money(USD) }

rule a1 for acct: account {
  on transfer where to = acct
  when distinct(transfer.from where to = acct) over 24h >= 8
}
rule a2 for acct: account {
  match in:  transfer where to = acct and amount >= 100 USD
  then  out: transfer where from = acct and amount >= 0.9 * in.amount and amount <= in.amount
  within 6h
}
rule a3 for acct: account {
  match in: transfer where to = acct and amount >= 500 USD
  then  no transfer where from = acct within 48h
}
rule a4 for acct: account {
  on t: transfer where from = acct
  when t.amount > 2 * avg(transfer.amount where from = acct) over prior 72h
   and count(transfer where from = acct) over prior 72h >= 3
}
rule a5 for acct: account {
  match in: transfer where to = acct
  then  a:  transfer where from = acct and amount >= 0.4 * in.amount
  then  b:  transfer where from = acct and amount >= 0.4 * in.amount and to != a.to
  within 12h
}
rule a6 for acct: account {
  match a: transfer where to = acct
  then  no transfer where from = acct
  then  b: transfer where to = acct and from = a.from
  within 24h
}
"""

CONFIG = f"""
rules = ["aml.weir"]
[source.transfers]
path = "{DATA}"
event = "transfer"
at = {{ field = "time", unit = "1h" }}
map = {{ from = "sourceNodeId", to = "targetNodeId", amount = "value" }}
[sink.alerts]
type = "jsonl"
path = "alerts.jsonl"
"""

# rule: alerts, accounts, first 16 digits of the SHA-256 of the sorted lines "step,account"
EXPECTED = {
    "a1": (14697, 1038, "8c741e4d47457b2c"),
    "a2": (3648, 1618, "abf9633ac22a59af"),
    "a3": (4040, 2805, "80161f31cb1cb1fc"),
    "a4": (358, 153, "2b4793c9a41e3f23"),
    "a5": (20687, 7339, "ecac553641cb6558"),
    "a6": (1426, 422, "35dca7e3237138b9"),
}


def places_of(alerts):
    times = (datetime.datetime.fromisoformat(alert["event_time"].replace("Z", "+00:00")) for alert in alerts)
    return [(int(time.timestamp()) // 3600, int(alert["subject"]["acct"])) for time, alert in zip(times, alerts)]


def found_in(alerts):
    places = collections.defaultdict(list)
    for alert, place in zip(alerts, places_of(alerts)):
        places[alert["rule"]["name"]].append(place)
    counted = {}
    for rule, found in places.items():
        text = "".join(f"{step},{account}\n" for step, account in sorted(found))
        counted[rule] = (len(found), len({account for _, account in found}), hashlib.sha256(text.encode()).hexdigest()[:16])
    return counted


def transfers():
    with gzip.open(DATA, "rt") as lines:
        return [(int(row["time"]), row["sourceNodeId"], row["targetNodeId"]) for row in csv.DictReader(lines)]


def closers(edges, within, longest):
    """(step, account) of the transfers that close a temporal cycle, by trying all ways forward from their receivers."""
    leaving = collections.defaultdict(list)
    for at, source, target in edges:
        leaving[source].append((at, target))

    def leads_back(at, account, home, oldest, before, left, met):
        for next_at, target in leaving[account]:
            if next_at <= at or next_at < oldest or next_at >= before:
                continue
            if target == home:
                return True
            if left > 1 and target not in met and leads_back(next_at, target, home, oldest, before, left - 1, met | {target}):
                return True
        return False

    return sorted((at, int(source)) for at, source, target in edges if source != target
                  and leads_back(-1, target, source, at - within, at, longest - 1, {target}))


@unittest.skipUnless(DATA.exists(), "the data is not here")
class AmlSimTest(CliTest):
    def test_the_reference_counts_for_every_cut(self):
        self.write("aml.weir", RULES)
        self.write("weir.toml", CONFIG)
        ids = None
        for rows in (1, 7, 1000, 100000):
            self.weir("run", "-c", "weir.toml", "--batch-rows", rows)
            alerts = [json.loads(line) for line in (self.folder / "alerts.jsonl").read_text().splitlines()]
            self.assertEqual(found_in(alerts), EXPECTED, f"{rows} rows a batch")
            ids = ids or [alert["id"] for alert in alerts]
            self.assertEqual([alert["id"] for alert in alerts], ids)
        self.assertEqual(len(set(ids)), len(ids))

    def test_rings_are_those_that_all_ways_forward_find_for_every_cut(self):
        self.write("aml.weir", RINGS)
        self.write("weir.toml", CONFIG)
        edges = transfers()
        expected = closers(edges, 10, 4)
        self.assertEqual(len(expected), 115)
        for rows in (1, 1000, 100000):
            self.weir("run", "-c", "weir.toml", "--batch-rows", rows)
            alerts = [json.loads(line) for line in (self.folder / "alerts.jsonl").read_text().splitlines()]
            self.assertEqual(sorted(places_of(alerts)), expected, f"{rows} rows a batch")
            for alert in alerts:
                ring = [(edge["from"], edge["to"]) for edge in alert["graph"]["edges"]]
                self.assertEqual([source for source, _ in ring[1:] + ring[:1]], [target for _, target in ring])
                self.assertEqual(alert["graph"]["nodes"], [source for source, _ in ring])


if __name__ == "__main__":
    unittest.main()
