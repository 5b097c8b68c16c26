"""weir run over bounded input: from records to alerts."""
import gzip
import json
import subprocess
import unittest

from cli_harness import RULES, WEIR, CliTest, lines, payment, payments, without_detection


class RunTest(CliTest):
    def alerts(self, *arguments, stdin=""):
        """The alerts of a run of rules.weir, and what it said beside."""
        done = self.weir("run", "rules.weir", "--alerts", "alerts.jsonl", *arguments, stdin=stdin)
        return self.read_lines("alerts.jsonl"), done.stderr

    def test_an_alert_tells_what_happened(self):
        self.write("p.ndjson", lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2")]))
        alerts, said = self.alerts("--input", "payment=p.ndjson")
        self.assertEqual(len(alerts), 1)
        alert = alerts[0]
        self.assertEqual(alert["rule"]["name"], "test_charge")
        self.assertEqual(alert["severity"], "high")
        self.assertEqual(alert["subject"], {"card": "c1"})
        self.assertEqual(alert["seq"], 1)
        self.assertEqual(alert["event_time"], "1970-01-01T00:01:00Z")
        self.assertEqual([event["id"] for event in alert["events"]], ["p0", "p60"])
        self.assertIn("1.00", alert["reason"])
        self.assertRegex(said, r"events\s+2 ")
        self.assertRegex(said, r"alerts\s+1\n")
        self.assertRegex(said, r"test_charge\s+1\n")

    def test_any_cut_into_batches_gives_the_same_alerts(self):
        self.write("p.ndjson", lines(payments(3000)))
        expected = None
        for rows in (1, 7, 1000, 100000):
            alerts, _ = self.alerts("--input", "payment=p.ndjson", "--batch-rows", rows)
            alerts = without_detection(alerts)
            expected = expected or alerts
            self.assertEqual(alerts, expected, f"{rows} rows a batch")
        self.assertEqual({alert["rule"]["name"] for alert in expected}, {"test_charge", "velocity", "silence"})
        self.assertEqual([alert["seq"] for alert in expected], list(range(1, len(expected) + 1)))

    def test_any_number_of_threads_gives_the_same_alerts(self):
        good = [json.dumps(record) for record in payments(5000)]
        self.write("p.ndjson", "\n".join(good[:2000] + ["{broken"] + good[2000:] + good[:1]) + "\n")
        runs = {}
        for threads in (1, 2, 3, 8):
            alerts, said = self.alerts("--input", "payment=p.ndjson", "--batch-rows", 500, "--threads", threads,
                                       "--set-aside", "aside.ndjson")
            runs[threads] = (without_detection(alerts), self.read_lines("aside.ndjson"))
            self.assertRegex(said, r"late\s+1\n")
        for threads, run in runs.items():
            self.assertEqual(run, runs[1], f"{threads} threads")
        self.assertGreater(len(runs[1][0]), 100)
        self.assertEqual(len(runs[1][1]), 2)

    def test_at_the_end_the_clock_runs_past_open_deadlines_or_stays(self):
        self.write("p.ndjson", lines([payment(0, "c1", 900), payment(30, "c2", 10)]))
        drained, _ = self.alerts("--input", "payment=p.ndjson")
        self.assertEqual([alert["event_time"] for alert in drained], ["1970-01-01T00:00:30Z"])
        # The deadline is the very last time seen: nobody knows yet whether another event of that time comes.
        left, _ = self.alerts("--input", "payment=p.ndjson", "--no-drain")
        self.assertEqual(left, [])
        self.write("p.ndjson", lines([payment(0, "c1", 900), payment(30.001, "c2", 10)]))
        passed, _ = self.alerts("--input", "payment=p.ndjson", "--no-drain")
        self.assertEqual(len(passed), 1)

    def test_ndjson_csv_gzip_and_standard_input_say_the_same(self):
        records = list(payments(500))
        text = lines(records)
        table = "id,at,card,amount,merchant\n" + "".join(
            f'{r["id"]},{r["at"]},{r["card"]},{r["amount"]},{r["merchant"]}\n' for r in records)
        self.write("p.ndjson", text)
        self.write("p.csv", table)
        self.write("p.csv.gz", gzip.compress(table.encode()))
        self.write("p.ndjson.gz", gzip.compress(text.encode()))
        expected, _ = self.alerts("--input", "payment=p.ndjson")
        self.assertGreater(len(expected), 10)
        expected = [alert["id"] for alert in expected]
        for source in ("p.csv", "p.csv.gz", "p.ndjson.gz"):
            alerts, _ = self.alerts("--input", f"payment={source}")
            self.assertEqual([alert["id"] for alert in alerts], expected, source)
        alerts, _ = self.alerts("--input", "payment=-", stdin=text)
        self.assertEqual([alert["id"] for alert in alerts], expected)

    def test_records_may_name_their_event(self):
        self.write("rules.weir", RULES + "\nevent refund { at: time  card: card }\n"
                   "rule refunded for card { on refund }\n")
        self.write("mixed.ndjson", lines([payment(0, "c1", 5, event="payment"),
                                          {"event": "refund", "at": 1000, "card": "c1"}]))
        alerts, said = self.alerts("--input", "mixed.ndjson")
        self.assertEqual([alert["rule"]["name"] for alert in alerts], ["refunded"])
        self.assertRegex(said, r"events\s+2 ")

    def test_two_sources_are_merged_by_time(self):
        records = list(payments(600))
        self.write("all.ndjson", lines(records))
        self.write("even.ndjson", lines(records[::2]))
        self.write("odd.ndjson", lines(records[1::2]))
        together, _ = self.alerts("--input", "payment=all.ndjson")
        merged, _ = self.alerts("--input", "payment=even.ndjson", "--input", "payment=odd.ndjson")
        counted = [sum(alert["rule"]["name"] == "velocity" for alert in found) for found in (together, merged)]
        self.assertEqual(counted[0], counted[1])
        times = [alert["event_time"] for alert in merged]
        self.assertEqual(times, sorted(times))

    def test_the_configuration_says_it_all_and_flags_override_it(self):
        hours = [payment(0, "c1", 1) | {"at": 1, "card_number": "c1"},
                 payment(0, "c1", 900, "m2") | {"at": 1, "card_number": "c1"}]
        for record in hours:
            del record["card"]
        self.write("etc/data/p.txt", lines(hours))
        self.write("etc/rules/cards.weir", "param large = 500 EUR\n" + RULES.replace("> 500 EUR", "> large"))
        config = self.write("etc/weir.toml", """
rules = ["rules/cards.weir"]
[params]
large = "400 EUR"
[source.payments]
path = "data/p.txt"
format = "ndjson"
event = "payment"
at = { field = "at", unit = "1h" }
map = { card = "card_number" }
[sink.alerts]
type = "jsonl"
path = "alerts.jsonl"
""")
        self.weir("run", "-c", config)
        alerts = self.read_lines("etc/alerts.jsonl")
        self.assertEqual([alert["event_time"] for alert in alerts if alert["rule"]["name"] == "test_charge"],
                         ["1970-01-01T01:00:00Z"])
        self.weir("run", "-c", config, "--param", "large=1000 EUR", "--alerts", "other.jsonl", "--no-drain")
        self.assertEqual(self.read_lines("other.jsonl"), [])

    def test_lateness_waits_for_late_events_and_puts_aside_what_is_later(self):
        late = [payment(100, "c1", 1), payment(97, "c2", 5), payment(90, "c3", 5), payment(200, "c1", 5)]
        self.write("p.ndjson", lines(late))
        self.write("weir.toml", """
rules = ["rules.weir"]
[source.payments]
path = "p.ndjson"
event = "payment"
lateness = "5s"
[output]
set_aside = "aside.ndjson"
""")
        said = self.weir("run", "-c", "weir.toml").stderr
        self.assertRegex(said, r"events\s+3 ")
        self.assertRegex(said, r"late\s+1\n")
        self.assertRegex(said, r"set aside\s+1  0 bad, 1 late, in \S*aside.ndjson")
        aside = self.read_lines("aside.ndjson")
        self.assertEqual([(a["kind"], a["line"], a["source"]) for a in aside], [("late", 3, "payments")])

    def test_without_a_sink_alerts_go_to_standard_output(self):
        self.write("p.ndjson", lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2")]))
        out = self.weir("run", "rules.weir", "--input", "payment=p.ndjson").stdout
        self.assertEqual(json.loads(out)["rule"]["name"], "test_charge")
        out = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "none").stdout
        self.assertEqual(out, "")

    def test_people_see_a_line_for_each_alert(self):
        self.write("p.ndjson", lines([payment(0, "c\x1b[1m", 1), payment(60, "c\x1b[1m", 700, "m2")]))
        self.write("weir.toml", '[sink.people]\ntype = "console"\n')
        out = self.weir("run", "rules.weir", "-c", "weir.toml", "--input", "payment=p.ndjson").stdout
        self.assertRegex(out, r"^1970-01-01T00:01:00Z  high      test_charge  c\?\[1m  a 1\.00")

    def test_shadow_rules_do_not_reach_live_sinks(self):
        self.write("rules.weir", RULES.replace("severity high", "severity high  mode shadow"))
        self.write("p.ndjson", lines(payments(500)))
        live, said = self.alerts("--input", "payment=p.ndjson")
        self.assertEqual({alert["rule"]["name"] for alert in live}, {"velocity", "silence"})
        self.assertEqual([alert["seq"] for alert in live], list(range(1, len(live) + 1)))
        self.assertRegex(said, r"test_charge\s+\d+  shadow\n")
        self.write("weir.toml", '[sink.a]\ntype = "jsonl"\npath = "both.jsonl"\nshadow = true\n')
        self.weir("run", "rules.weir", "-c", "weir.toml", "--input", "payment=p.ndjson")
        both = self.read_lines("both.jsonl")
        shadow = [alert for alert in both if alert["rule"]["mode"] == "shadow"]
        self.assertEqual([alert["seq"] for alert in shadow], list(range(1, len(shadow) + 1)))
        self.assertEqual(len(both) - len(shadow), len(live))

    def test_stats_say_more(self):
        self.write("p.ndjson", lines(payments(100)))
        _, said = self.alerts("--input", "payment=p.ndjson", "--stats", "--no-drain")
        self.assertRegex(said, r"source payment: 100 events, 0 late, 0 bad\n")
        self.assertRegex(said, r"engine: [\d,]+ live subjects, [\d,]+ bytes")
        self.assertRegex(said, r"watermark: 1970-01-01T\S+Z\n")

    def test_a_reader_that_has_seen_enough_ends_the_run_quietly(self):
        self.write("p.ndjson", lines(payments(60000)))
        command = f"'{WEIR}' run rules.weir --input payment=p.ndjson --alerts - | head -1"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.folder, capture_output=True, text=True,
                              timeout=60, env=self.environment())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_an_empty_input_is_no_failure(self):
        self.write("p.ndjson", "")
        alerts, said = self.alerts("--input", "payment=p.ndjson")
        self.assertEqual(alerts, [])
        self.assertRegex(said, r"events\s+0 ")


if __name__ == "__main__":
    unittest.main()
