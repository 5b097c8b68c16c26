"""weir backtest: its numbers, recomputed from the alert file of weir run and the labels."""
import csv
import datetime
import gzip
import json
import pathlib
import unittest
from collections import Counter, defaultdict
from html.parser import HTMLParser

from cli_harness import CliTest, lines, payment, payments

PACKS = pathlib.Path(__file__).parents[2] / "rules" / "packs"

TRANSFERS = """
entity account
event transfer { at: time  id: text  kind: text  from, to: account?  amount: money(EUR) }

rule structuring for acct: account {
  on d: transfer where to = acct and kind = "deposit" and amount between 8_000 EUR and 9_999.99 EUR
  when count(transfer where to = acct and kind = "deposit" and amount between 8_000 EUR and 9_999.99 EUR) over 24h >= 3
  suppress for 24h
}
rule pass_through for acct: account {
  match in:  transfer where to = acct and amount >= 1_000 EUR
  then  out: transfer where from = acct and amount >= 0.95 * in.amount and amount <= in.amount
  within 4h
}
rule large for acct: account {
  mode shadow
  on transfer where from = acct and amount >= 3_000 EUR
}
rule fan_in for acct: account {
  on transfer where to = acct and kind = "transfer"
  when distinct(transfer.from where to = acct and kind = "transfer") over 24h >= 10
  suppress for 24h
}
rule never for acct: account {
  on transfer where from = acct and amount > 1_000_000 EUR
}
"""


def day(alert):
    return alert["event_time"][:10]


def subject(alert):
    return ", ".join(alert["subject"].values())


def name(alert):
    return alert["rule"]["name"]


def ratio(part, whole):
    return part / whole if whole else None


class Page(HTMLParser):
    """A page whose elements are closed in order; `alone` are those of HTML that are never closed."""
    alone = {"meta", "link", "img"}

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words, self.attributes = [], Counter(), [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attributes]
        if tag not in self.alone:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, text):
        self.words.append(text.strip())


class Labels:
    """Cases by event id and by subject, as docs/backtest.md defines them."""

    def __init__(self, rows, ids_in_input):
        self.by_event, self.by_subject, self.cases = defaultdict(set), defaultdict(set), {}
        for number, row in enumerate(rows):
            kind = row.get("kind") or row.get("rule") or row.get("typology") or ""
            case = (kind, row["case"]) if row.get("case") else ("", number)
            here = bool(row.get("subject")) or row.get("id") in ids_in_input
            self.cases[case] = (kind, here or self.cases.get(case, ("", False))[1])
            if row.get("id"):
                self.by_event[row["id"]].add(case)
            if row.get("subject"):
                self.by_subject[row["subject"]].add(case)

    def touched(self, alert):
        cases = set(self.by_subject.get(subject(alert), ()))
        for event in alert["events"]:
            cases |= self.by_event.get(event["id"], set())
        return cases

    def score(self, alerts, rule=None):
        wanted = {case for case, (kind, _) in self.cases.items() if kind == rule} if rule else set()
        own = bool(wanted)
        wanted = {case for case in (wanted or self.cases) if self.cases[case][1]}
        touched = [self.touched(alert) for alert in alerts]
        true = sum(bool(cases) for cases in touched)
        found = len(wanted & set().union(*touched))
        precision, recall = ratio(true, len(alerts)), ratio(found, len(wanted))
        f1 = None
        if precision is not None and recall is not None:
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
        return {"alerts": len(alerts), "true_alerts": true, "cases": len(wanted), "own_cases": own, "found": found,
                "precision": precision, "recall": recall, "f1": f1}


class BacktestTest(CliTest):
    def backtest(self, *arguments):
        return json.loads(self.weir("backtest", *arguments, "--json").stdout)

    def run_alerts(self, rules, *inputs):
        """The alerts of weir run, those of shadow rules too."""
        self.write("run.toml", '[sink.a]\ntype = "jsonl"\npath = "alerts.jsonl"\nshadow = true\n')
        self.weir("run", rules, "-c", "run.toml", *inputs)
        return self.read_lines("alerts.jsonl")

    def expect_score(self, shown, expected):
        for key, value in expected.items():
            if isinstance(value, float):
                self.assertAlmostEqual(shown[key], value, places=12, msg=key)
            else:
                self.assertEqual(shown[key], value, key)

    def expect_counts(self, report, alerts):
        by_rule = defaultdict(list)
        for alert in alerts:
            by_rule[name(alert)].append(alert)
        for rule in report["rules"]:
            mine = by_rule[rule["name"]]
            self.assertEqual(rule["alerts"], len(mine), rule["name"])
            self.assertEqual(rule["by_day"], dict(sorted(Counter(map(day, mine)).items())), rule["name"])
            self.assertEqual(rule["subjects"], len(set(map(subject, mine))), rule["name"])
        self.assertEqual(report["all"]["alerts"], len(alerts))
        self.assertEqual(report["all"]["by_day"], dict(sorted(Counter(map(day, alerts)).items())))
        self.assertEqual(report["all"]["subjects"], len(set(map(subject, alerts))))

    def expect_overlap(self, report, alerts):
        events, days = defaultdict(set), defaultdict(set)
        for alert in alerts:
            events[name(alert)] |= {event["id"] for event in alert["events"]}
            days[name(alert)].add((subject(alert), day(alert)))
        for key, things in (("events", events), ("subject_days", days)):
            names = [rule["name"] for rule in report["rules"]]
            expected = []
            for i, first in enumerate(names):
                for second in names[i + 1:]:
                    common, either = things[first] & things[second], things[first] | things[second]
                    if common:
                        expected.append({"rules": [first, second], "common": len(common), "either": len(either),
                                         "jaccard": len(common) / len(either)})
            self.assertEqual(report["overlap"][key], expected)

    def test_the_numbers_are_those_of_a_run_and_the_labels(self):
        self.write("aml.weir", TRANSFERS)
        self.weir("generate", "transfers", "--events", 60000, "--seed", 7, "--out", "t.ndjson", "--labels", "labels.csv")
        alerts = self.run_alerts("aml.weir", "--input", "transfer=t.ndjson")
        self.assertGreater(len(alerts), 200)
        report = self.backtest("aml.weir", "--input", "transfer=t.ndjson", "--labels", "labels.csv")
        self.assertEqual(report["input"]["events"], 60000)
        self.expect_counts(report, alerts)
        self.expect_overlap(report, alerts)
        self.assertTrue(report["overlap"]["events"])
        with open(self.folder / "labels.csv") as file:
            labels = Labels(csv.DictReader(file), {str(i) for i in range(60000)})
        for rule in report["rules"]:
            mine = [alert for alert in alerts if name(alert) == rule["name"]]
            self.expect_score(rule["score"], labels.score(mine, rule["name"]))
        self.expect_score(report["all"]["score"], labels.score(alerts))
        self.assertGreater(report["all"]["score"]["found"], 20)
        self.assertEqual(report["labels"]["cases"], len(labels.cases))
        modes = {rule["name"]: rule["mode"] for rule in report["rules"]}
        self.assertEqual(modes["large"], "shadow")

    def test_labels_of_subjects_and_of_events_that_took_no_part(self):
        rows = [{"id": "p0", "case": "a", "kind": "velocity"}, {"id": "gone", "case": "a", "kind": "velocity"},
                {"id": "gone", "case": "b", "kind": "velocity"}, {"subject": "c3"}, {"subject": "nobody"},
                {"id": "p1", "fraud": 0, "case": "c"}, {"id": "p2", "fraud": True}, {"id": 7, "case": 4, "rule": "x"}]
        records = [record | {"id": f"p{i}"} for i, record in enumerate(payments(400))]
        records[-1]["id"] = "7"
        self.write("p.ndjson", lines(records))
        self.write("labels.ndjson", lines(rows))
        alerts = self.run_alerts("rules.weir", "--input", "payment=p.ndjson")
        report = self.backtest("rules.weir", "--input", "payment=p.ndjson", "--labels", "labels.ndjson")
        kept = [row | {"id": str(row.get("id", ""))} for row in rows if row.get("fraud", 1)]
        labels = Labels(kept, {record["id"] for record in records})
        self.assertEqual((report["labels"]["cases"], report["labels"]["cases_in_input"]), (6, 5))
        for rule in report["rules"]:
            mine = [alert for alert in alerts if name(alert) == rule["name"]]
            self.expect_score(rule["score"], labels.score(mine, rule["name"]))
        own = {rule["name"]: rule["score"]["own_cases"] for rule in report["rules"]}
        self.assertEqual(own, {"test_charge": False, "velocity": True, "silence": False})
        self.expect_score(report["all"]["score"], labels.score(alerts))

    def test_labels_may_be_those_of_one_event_type(self):
        self.write("p.ndjson", lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2")]))
        self.write("l.csv.gz", gzip.compress(b'\xef\xbb\xbfother,"id"\r\n1,"p0"\r\n'))
        shared = ["rules.weir", "--input", "payment=p.ndjson", "--labels"]
        self.assertEqual(self.backtest(*shared, "payment=l.csv.gz")["all"]["score"]["true_alerts"], 1)
        self.assertEqual(self.backtest(*shared, "transfer=l.csv.gz")["all"]["score"]["true_alerts"], 0)

    def test_old_and_new_rules_are_compared_by_alert(self):
        rules = (self.folder / "rules.weir").read_text()
        changed = rules.replace("amount > 500 EUR", "amount > 700 EUR").replace("> 3", "> 4").replace("silence", "quiet")
        changed = changed.replace("rule velocity for card {", "rule velocity for card version 2 {")
        self.write("new.weir", changed)
        self.write("p.ndjson", lines(payments(3000)))
        old = self.run_alerts("rules.weir", "--input", "payment=p.ndjson")
        new = self.run_alerts("new.weir", "--input", "payment=p.ndjson")
        report = self.backtest("new.weir", "--against", "rules.weir", "--input", "payment=p.ndjson")

        def keys(alerts, rule):
            return {(alert["event_time"], subject(alert), ", ".join(event["id"] for event in alert["events"]))
                    for alert in alerts if name(alert) == rule}

        differences = report["against"]["differences"]
        self.assertEqual([d["rule"] for d in differences], ["test_charge", "velocity", "quiet", "silence"])
        for d in differences:
            before, now = keys(old, d["rule"]), keys(new, d["rule"])
            self.assertEqual((d["only_old"], d["only_new"], d["both"]),
                             (len(before - now), len(now - before), len(before & now)), d["rule"])
            self.assertEqual((d["in_old"], d["in_new"]), (bool(before), bool(now)))
            for side, keys_of_side in (("only_old", before - now), ("only_new", now - before)):
                shown = [(e["event_time"], e["subject"], e["events"]) for e in d["examples"][side]]
                self.assertEqual(len(shown), min(3, len(keys_of_side)))
                self.assertLessEqual(set(shown), keys_of_side)
        self.assertGreater(differences[0]["only_old"], 0)
        self.assertGreater(differences[0]["both"], 0)
        self.expect_counts(report["against"], old)
        self.expect_counts(report, new)

    def test_the_table_fits_a_terminal(self):
        self.write("aml.weir", TRANSFERS.replace("rule large", "rule a_rule_with_a_name_that_takes_up_much_of_a_line"))
        self.weir("generate", "transfers", "--events", 20000, "--seed", 7, "--out", "t.csv", "--format", "csv",
                  "--labels", "labels.csv")
        shown = self.weir("backtest", "aml.weir", "--against", "aml.weir", "--input", "transfer=t.csv", "--labels",
                          "labels.csv").stdout
        self.assertLessEqual(max(map(len, shown.splitlines())), 100)
        self.assertIn("5 rules over 20,000 events, 2024-01-01 to 2024-01-10 (10 days)", shown)
        self.assertIn("precision = true alerts / alerts.", shown)
        self.assertRegex(shown, r"\n  a_rule_with_a_name_that_tak… +\d")
        self.assertRegex(shown, r"\n  never +0 +0\.0 +0 +0\n")
        self.assertRegex(shown, r"\n  structuring +0 +0 +\d+  the same\n")

    def test_the_page_stands_alone_and_says_what_the_report_says(self):
        self.write("aml.weir", TRANSFERS)
        self.write("old.weir", TRANSFERS.replace("0.95", "0.9").replace("rule never", "rule once"))
        self.weir("generate", "transfers", "--events", 40000, "--seed", 7, "--out", "t.ndjson", "--labels", "labels.csv")
        self.write("<i>&.csv", (self.folder / "labels.csv").read_text())
        report = self.backtest("aml.weir", "--against", "old.weir", "--input", "transfer=t.ndjson", "--labels",
                               "<i>&.csv", "--html", "page.html")
        page = Page((self.folder / "page.html").read_text())
        self.assertIn("<i>&.csv", page.words)
        self.assertEqual(page.elements["script"] + page.elements["link"] + page.elements["img"], 0)
        self.assertFalse([a for a in page.attributes if a[1] in ("src", "href") or "//" in (a[2] or "")])
        plots = [value for tag, name, value in page.attributes if tag == "svg" and name == "aria-label"]
        self.assertEqual(len(plots), page.elements["svg"])
        for rule in report["rules"]:
            most = f"{rule['name']} by day, at most "
            self.assertTrue(any(plot.startswith(most) for plot in plots), most)
        for words in (f"{report['all']['alerts']:,}", f"{100 * report['all']['score']['precision']:.1f} %", "gone",
                      *report["labels"]["definition"]):
            self.assertIn(words, page.words)
        day, alerts = next(iter(report["rules"][0]["by_day"].items()))
        self.assertIn(f"{day}: {alerts}", page.words)

    def test_the_configuration_names_rules_and_sources(self):
        self.write("p.ndjson", lines(payments(500)))
        self.write("weir.toml", 'rules = ["rules.weir"]\n[source.p]\npath = "p.ndjson"\nevent = "payment"\nfollow = true\n')
        report = self.backtest("-c", "weir.toml")
        self.assertEqual(report["input"]["events"], 500)
        self.assertEqual([rule["name"] for rule in report["rules"]], ["test_charge", "velocity", "silence"])

    def test_records_that_take_no_part_are_counted_and_shown(self):
        self.write("p.ndjson", lines([payment(9, "c1", 5), payment(3, "c1", 5)]) + "no json\n")
        shown = self.weir("backtest", "rules.weir", "--input", "payment=p.ndjson").stdout
        self.assertIn("1 event,", shown)
        self.assertRegex(shown, r"set aside 1 bad, 1 late\n    line 2: .*\n    line 3: ")

    def test_no_event_at_all_is_no_failure(self):
        self.write("p.ndjson", "")
        self.write("labels.csv", "id\n")
        shown = self.weir("backtest", "rules.weir", "--input", "payment=p.ndjson", "--labels", "labels.csv").stdout
        self.assertTrue(shown.startswith("3 rules over 0 events\n"), shown)
        report = self.backtest("rules.weir", "--input", "payment=p.ndjson", "--labels", "labels.csv")
        self.assertIsNone(report["all"]["score"]["precision"])

    def test_faults_are_one_clear_line(self):
        self.write("p.ndjson", lines(payments(5)))
        shared = ["rules.weir", "--input", "payment=p.ndjson"]
        self.write("bad.csv", "card,amount\n1,2\n")
        self.write("short.csv", "id,case\np1,1\np2\n")
        self.write("empty.ndjson", '{"id":"p1"}\n{"case":3}\n')
        self.write("labels.txt", "id\n")
        for labels, said in (("bad.csv", 'bad.csv, line 1: no column "id" or "subject" says what is labelled'),
                             ("short.csv", "short.csv, line 3: 1 fields, the header has 2"),
                             ("empty.ndjson", "empty.ndjson, line 2: neither an id nor a subject"),
                             ("labels.txt", "csv or ndjson"), ("missing.csv", "missing.csv")):
            done = self.weir("backtest", *shared, "--labels", labels, code=3)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.write("l.csv", "id\n1\n")
        self.assertIn('the rules declare no event "paymet"; did you mean "payment"?',
                      self.weir("backtest", *shared, "--labels", "paymet=l.csv", code=2).stderr)
        self.assertIn("No such file", self.weir("backtest", *shared, "--html", "no/page.html", code=3).stderr)
        self.weir("backtest", "rules.weir", code=2)
        self.weir("backtest", "--input", "payment=p.ndjson", code=2)
        self.write("wrong.weir", "rule x {")
        self.weir("backtest", *shared, "--against", "wrong.weir", code=1)


class PackTest(CliTest):
    """The rule packs over generated streams, whose planted cases are labelled by the rule that looks for them."""

    # The graph is needed for these two.
    UNSEEN = {"ring", "scatter_gather"}

    def test_the_packs_pass_their_tests(self):
        done = self.weir("test", *sorted(PACKS.glob("*.weir")))
        self.assertRegex(done.stdout, r"\A\d+ passed, 0 failed\n\Z")

    def report(self, pack, kind, events, source):
        self.weir("generate", kind, "--events", events, "--seed", 11, "--out", "s.ndjson", "--labels", "l.csv")
        done = self.weir("backtest", PACKS / pack, "--input", source, "--labels", "l.csv", "--json")
        with open(self.folder / "l.csv", newline="") as file:
            kinds = {label["typology"] for label in csv.DictReader(file)} - self.UNSEEN
        return json.loads(done.stdout), kinds

    def test_planted_cases_are_found_and_little_else(self):
        for pack, kind, events, source in (("cards.weir", "cards", 300_000, "payment=s.ndjson"),
                                           ("aml.weir", "transfers", 900_000, "transfer=s.ndjson"),
                                           ("logins.weir", "logins", 200_000, "s.ndjson")):
            with self.subTest(pack):
                report, kinds = self.report(pack, kind, events, source)
                scores = {rule["name"]: rule["score"] for rule in report["rules"] if rule["score"]["own_cases"]}
                self.assertEqual(set(scores), kinds)
                for name, score in scores.items():
                    self.assertGreaterEqual(score["cases"], 15, name)
                    self.assertGreaterEqual(score["recall"], 0.95, name)
                    # Spending varies: an amount three times the mean is often no fraud.
                    self.assertGreaterEqual(score["precision"], 0.3 if name == "unusual_amount" else 0.9, name)


if __name__ == "__main__":
    unittest.main()
