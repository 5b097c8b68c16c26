"""weir explain and weir why-not: what rules ask for, why there is an alert, and why there is none."""
import json
import unittest

from cli_harness import CliTest, lines, payment, payments

TYPES = """
entity card
entity account
param floor = 2 EUR
let ordinary(p: payment) = p.merchant != "exempt" and p.amount < 1_000 EUR
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR)  risk: float?  ok: bool?
                when_made: time?  took: duration?  owner: account?  from: ip?  share: decimal? }
rule all_types for card {
  on p: payment where ordinary(p) and merchant != "m9"
  when last(payment.risk) over 10m < 0.5 and not last(payment.ok) over 10m
   and first(payment.when_made) over 10m <= p.at and max(payment.took) over 10m >= 1m30s
   and first(payment.owner) over 10m = p.owner and sum(payment.share) over 10m = 0.125
   and avg(payment.amount) over 10m > floor and min(payment.amount) over 10m > 0 EUR
   and distinct(payment.from) over 10m = 1
}
"""


class ExplainTest(CliTest):
    def test_a_rule_is_explained_and_one_can_be_chosen(self):
        shown = self.weir("explain", "rules.weir").stdout
        for words in ("test_charge  rules.weir:6", "velocity  rules.weir:14", "for each card: card", "guards: ",
                      "plan T0, an event and its windows", "plan T2, ", "bytes for each subject"):
            self.assertIn(words, shown)
        one = self.weir("explain", "rules.weir", "--rule", "velocity").stdout
        self.assertNotIn("test_charge", one)
        plan = json.loads(self.weir("explain", "rules.weir", "--rule", "velocity", "--json").stdout)
        self.assertEqual([rule["name"] for rule in plan["rules"]], ["velocity"])
        self.assertEqual(plan["rules"][0]["windows"], [{"holds": "the events of 10m, 8 bytes each", "values": ["count(payment) over 10m"]}])
        self.assertIn('did you mean "velocity"', self.weir("explain", "rules.weir", "--rule", "velocty", code=2).stderr)
        self.assertEqual(self.weir("explain", "velocity", "rules.weir").stdout, one)
        self.write("weir.toml", 'rules = ["rules.weir"]\n')
        self.assertEqual(self.weir("explain", "velocity", "-c", "weir.toml").stdout, one)
        self.assertEqual(self.weir("explain", "-c", "weir.toml").stdout, shown)
        self.assertIn('did you mean "velocity"', self.weir("explain", "velocty", "rules.weir", code=2).stderr)
        self.assertIn("no rules: name rule files", self.weir("explain", "velocity", code=2).stderr)
        self.weir("explain", "missing.weir", code=3)
        self.weir("explain", code=2)

    def explained(self, rules, *inputs):
        """Every alert of a run, explained as JSON."""
        self.weir("run", rules, "--alerts", "alerts.jsonl", *inputs)
        for alert in self.read_lines("alerts.jsonl"):
            done = self.weir("explain", alert["id"], "--alerts", "alerts.jsonl", rules, "--json")
            yield alert, json.loads(done.stdout)

    def test_every_condition_of_an_alert_holds(self):
        self.write("p.ndjson", lines(payments(150)))
        seen = set()
        for alert, why in self.explained("rules.weir", "--input", "payment=p.ndjson"):
            seen.add(why["rule"])
            judged = why["limits"] + why["at_end"] + [c for part in why["parts"] for c in part["conditions"]]
            self.assertTrue(judged or why["rule"] == "x")
            self.assertTrue(all(c["holds"] for c in judged), (alert, why))
            self.assertEqual(why["warnings"], [])
            shown = [event for part in why["parts"] for event in part["events"] if event != "none came"]
            self.assertEqual([event.split()[0] for event in shown], [event["id"] for event in alert["events"]])
        self.assertEqual(seen, {"test_charge", "velocity", "silence"})

    def test_conditions_show_their_values(self):
        self.write("p.ndjson", lines([payment(at, "c1", 20) for at in (0, 60, 120, 180)]))
        self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "a.jsonl")
        [alert] = self.read_lines("a.jsonl")
        shown = self.weir("explain", alert["id"][:6], "--alerts", "a.jsonl", "rules.weir").stdout
        self.assertIn("yes when count(payment) over 10m = 4 > 3\n", shown)
        self.assertIn("velocity (rules.weir:14), card c1 at 1970-01-01T00:03:00Z\n", shown)
        self.assertIn("p180 at 1970-01-01T00:03:00Z: card c1, merchant m1, amount 20.00 EUR\n", shown)

    def test_values_of_all_types_are_read_again(self):
        self.write("types.weir", TYPES)
        record = payment(60, "c1", 3.07, risk=0.25, ok=False, when_made=5000, took="1m30s", owner="A 1", share=0.125)
        self.write("p.ndjson", lines([record | {"from": "192.0.2.7"}]))
        [(_, why)] = self.explained("types.weir", "--input", "payment=p.ndjson")
        judged = {c["condition"]: c["holds"] for c in why["parts"][0]["conditions"] + why["at_end"]}
        self.assertTrue(all(judged.values()), judged)
        for words in ("when last(payment.risk) over 10m = 0.25 < 0.5", "when not last(payment.ok) over 10m (false)",
                      "when max(payment.took) over 10m = 1m30s >= 1m30s",
                      "when first(payment.owner) over 10m (A 1) = p.owner (A 1)",
                      "when sum(payment.share) over 10m (0.125) = 0.125",
                      "when avg(payment.amount) over 10m = 3.07 EUR > floor = 2.00 EUR",
                      "ordinary(p) (merchant = m1, amount = 3.07 EUR)", "merchant (m1) != \"m9\""):
            self.assertIn(words, judged)

    def test_rules_that_changed_since_are_noted(self):
        self.write("p.ndjson", lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2")]))
        self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "a.jsonl")
        [alert] = self.read_lines("a.jsonl")
        rules = (self.folder / "rules.weir").read_text()
        self.write("new.weir", rules.replace("amount > 500 EUR", "amount > 800 EUR"))
        shown = self.weir("explain", alert["id"], "--alerts", "a.jsonl", "new.weir").stdout
        self.assertIn("another wording", shown)
        self.assertIn("NO  amount = 700.00 EUR > 800 EUR", shown)
        self.write("gone.weir", rules.replace("rule test_charge", "rule test_charges"))
        said = self.weir("explain", alert["id"], "--alerts", "a.jsonl", "gone.weir", code=2).stderr
        self.assertIn("which the rule files don't have; they have test_charges", said)
        self.write("other.weir", rules.replace("amount: money(EUR)", "amount: money(JPY)").replace(" EUR", " JPY"))
        self.weir("explain", alert["id"], "--alerts", "a.jsonl", "other.weir")

    def test_faults_are_one_clear_line(self):
        self.write("a.jsonl", '{"id":"abc"}\n')
        for arguments, code, said in ((["abc", "--alerts", "a.jsonl", "rules.weir"], 3, "it is no alert of Weir's"),
                                      (["abd", "--alerts", "a.jsonl", "rules.weir"], 3, "no alert has the id abd"),
                                      (["abc", "--alerts", "b.jsonl", "rules.weir"], 3, "b.jsonl: No such file or directory"),
                                      (["rules.weir", "--alerts", "a.jsonl", "rules.weir"], 2, "say the alert's id first"),
                                      (["", "--alerts", "a.jsonl", "rules.weir"], 2, "say the alert's id first"),
                                      (["abc", "--alerts", "/dev/null", "rules.weir"], 3, "there are no alerts in it"),
                                      (["abc", "rules.weir"], 2, "abc seems to be an alert's id: say --alerts FILE"),
                                      (["abc", "--alerts", "a.jsonl", "rules.weir", "--rule", "velocity"], 2, "excludes"),
                                      (["abc", "--alerts", "a.jsonl"], 2, "weir explain ID --alerts FILE RULES")):
            self.assertIn(said, self.weir("explain", *arguments, code=code).stderr)


class WhyNotTest(CliTest):
    def ask(self, *arguments, code=0):
        self.write("p.ndjson", lines(
            [payment(0, "c1", 1), payment(60, "c1", 400, "m2"), payment(61, "c2", 1, "m2"), payment(700, "c1", 600, "m2")]))
        return self.weir("why-not", "rules.weir", "--input", "payment=p.ndjson", *arguments, code=code)

    def test_the_next_step_is_judged_with_its_values(self):
        shown = self.ask("--rule", "test_charge", "--subject", "c1", "--at", "1970-01-01T00:01:00Z").stdout
        self.assertIn("A match came as far as is shown; no event fulfilled what was to follow.", shown)
        self.assertIn("small: payment p0 at 1970-01-01T00:00:00Z", shown)
        self.assertIn("NO  amount = 400.00 EUR > 500 EUR", shown)
        self.assertIn("yes merchant (m2) != small.merchant (m1)", shown)

    def test_a_window_that_has_passed_is_named(self):
        answer = json.loads(self.ask("--rule", "test_charge", "--subject", "c1", "--at", "1970-01-01T00:11:40Z",
                                     "--json").stdout)
        self.assertEqual(answer["verdict"], "too_late")
        self.assertIn("by 1970-01-01T00:10:00Z", answer["because"])

    def test_every_alert_of_a_run_is_known_and_every_silence_has_a_reason(self):
        records = list(payments(300))
        self.write("all.ndjson", lines(records))
        self.weir("run", "rules.weir", "--input", "payment=all.ndjson", "--alerts", "a.jsonl")
        alerts = {(a["rule"]["name"], a["subject"]["card"], a["event_time"]) for a in self.read_lines("a.jsonl")}
        for record in records[150:190]:
            at = f"1970-01-01T00:{record['at'] // 60000:02}:{record['at'] // 1000 % 60:02}Z"
            for rule in ("test_charge", "velocity"):
                answer = json.loads(self.weir("why-not", "rules.weir", "--rule", rule, "--subject", record["card"], "--at",
                                              at, "--input", "payment=all.ndjson", "--json").stdout)
                alerted = (rule, record["card"], at) in alerts
                self.assertEqual(answer["verdict"] == "alerted", alerted, (rule, record, answer))
                if not alerted and answer["candidates"]:
                    self.assertFalse(all(c["holds"] for c in answer["candidates"][0]["conditions"]), (rule, record, answer))

    def test_a_subject_that_never_came_is_told_apart(self):
        never = self.ask("--rule", "velocity", "--subject", "c9", "--at", "1970-01-01T00:02:00Z").stdout
        self.assertIn("No payment of this subject came up to then.", never)
        self.assertIn("note: 3 events were read up to then, none of them this subject's: is it named as the events", never)
        early = self.ask("--rule", "velocity", "--subject", "c1", "--at", "1969-01-01T00:02:00Z").stdout
        self.assertIn("note: the input begins later: its first event is at 1970-01-01T00:00:00Z", early)
        self.write("empty.ndjson", "")
        none = self.weir("why-not", "rules.weir", "--rule", "velocity", "--subject", "c1", "--at", "1970-01-01T00:02:00Z",
                         "--input", "payment=empty.ndjson").stdout
        self.assertIn("note: the input has no events", none)
        self.write("bad.ndjson", '{"at": 1, "card": "c1"}\nnonsense\n')
        bad = self.weir("why-not", "rules.weir", "--rule", "velocity", "--subject", "c1", "--at", "120000",
                        "--input", "payment=bad.ndjson").stdout
        self.assertIn("note: the input has no event that can be read", bad)
        self.assertIn("note: 2 records were set aside, the first because: ", bad)

    def test_raised_events_are_asked_for(self):
        rules = (self.folder / "rules.weir").read_text()
        self.write("raise.weir", rules.replace("rule velocity", "event tried { at: time  card: card }\nrule velocity") +
                   "rule again for card { on tried  when count(tried) over 1d > 1 }\n"
                   "rule first for card { on payment where amount < 2 EUR  raise tried { card: card } }\n")
        self.write("p.ndjson", lines([payment(0, "c1", 1)]))
        shown = self.weir("why-not", "raise.weir", "--rule", "again", "--subject", "c1", "--at", "0",
                          "--input", "payment=p.ndjson").stdout
        self.assertIn("note: the rule matches events that other rules raise", shown)
        self.write("t.ndjson", '{"at":0,"card":"c1"}\n')
        shown = self.weir("why-not", "raise.weir", "--rule", "again", "--subject", "c1", "--at", "0",
                          "--input", "tried=t.ndjson").stdout
        self.assertIn("NO  when count(tried) over 1d = 1 > 1", shown)

    def test_a_rule_that_is_not_live_is_said_to_be_so(self):
        rules = (self.folder / "rules.weir").read_text()
        for mode, said in (("off", "the rule is off"), ("shadow", "the rule is in shadow mode")):
            self.write("mode.weir", rules.replace("severity low", f"severity low  mode {mode}"))
            self.write("p.ndjson", lines([payment(0, "c1", 1)]))
            shown = self.weir("why-not", "mode.weir", "--rule", "velocity", "--subject", "c1", "--at", "0",
                              "--input", "payment=p.ndjson").stdout
            self.assertIn("note: " + said, shown)

    def test_wrong_use_says_what_is_right(self):
        at = ["--at", "1970-01-01T00:01:00Z"]
        by_flag = self.ask("--rule", "velocity", "--subject", "c1", *at).stdout
        by_word = self.weir("why-not", "velocity", "rules.weir", "--input", "payment=p.ndjson", "--subject", "c1", *at)
        self.assertEqual(by_word.stdout, by_flag)
        self.assertIn("which of the 3 rules", self.ask("--subject", "c1", *at, code=2).stderr)
        self.assertIn('did you mean "velocity"', self.ask("--rule", "velocty", "--subject", "c1", *at, code=2).stderr)
        self.assertIn("is about each card: say --subject CARD\n", self.ask("--rule", "velocity", *at, code=2).stderr)
        self.assertIn("say --subject CARD, and not 2 of them",
                      self.ask("--rule", "velocity", "--subject", "a", "--subject", "b", *at, code=2).stderr)
        self.assertIn("the name is empty", self.ask("--rule", "velocity", "--subject", "", *at, code=2).stderr)
        self.assertIn('no rule "x": there are test_charge, velocity, silence',
                      self.ask("--rule", "x", "--subject", "c1", *at, code=2).stderr)
        self.assertIn("is not a time", self.ask("--rule", "velocity", "--subject", "c1", "--at", "noon", code=2).stderr)
        self.ask("--rule", "velocity", "--subject", "c1", code=2)


if __name__ == "__main__":
    unittest.main()
