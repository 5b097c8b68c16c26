"""Rules that change while weir run goes on, and weir control."""
import itertools
import json
import os
import signal
import subprocess
import time
import unittest

from cli_harness import WEIR, CliTest, lines, payment

EVENT = """
entity card
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }
"""
MANY = """
rule many for card {
  on payment
  when count(payment) over 1h >= 3
}
"""


def rule(name, floor, more=""):
    return f"\nrule {name} for card {{ on payment where amount > {floor} EUR {more} }}\n"


class LiveRules(CliTest):
    def setUp(self):
        super().setUp()
        self.sent = itertools.count()

    def start_run(self, *arguments):
        return self.start(WEIR, "run", "rules.weir", "--alerts", "alerts.jsonl", "--input", "payment=-", "--control",
                          "weir.sock", *arguments, stdin=subprocess.PIPE)

    def pay(self, run, amount, merchant="m1"):
        run.stdin.write(lines([payment(next(self.sent), "c1", amount, merchant)]))
        run.stdin.flush()

    def alerts(self):
        path = self.folder / "alerts.jsonl"
        text = path.read_text() if path.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def names(self):
        return [alert["rule"]["name"] for alert in self.alerts()]

    def wait_for_alerts(self, count):
        self.wait_until(lambda: len(self.alerts()) >= count, f"there are {count} alerts, not {self.names()}")

    def control(self, verb, *arguments, code=0):
        self.wait_until(lambda: (self.folder / "weir.sock").exists(), "the run takes commands")
        return self.weir("control", verb, "--socket", "weir.sock", *arguments, code=code).stdout


class EditTest(LiveRules):
    """The file is edited under a run that watches it."""

    def test_an_edit_is_taken_over_and_rules_that_stay_keep_their_state(self):
        self.write("rules.weir", EVENT + MANY + rule("large", 500))
        run = self.start_run()
        self.pay(run, 5)
        self.pay(run, 600)
        self.wait_for_alerts(1)
        self.write("rules.weir", EVENT + rule("tiny", 1) + MANY)

        def taken_over():
            self.pay(run, 3)
            return "tiny" in self.names()

        self.wait_until(taken_over, "the new rule speaks")
        _, said = self.interrupt(run)
        self.assertIn("rules: 1 rule goes on; new: tiny; gone: large", said)
        alerts = self.alerts()
        self.assertEqual(alerts[0]["rule"]["name"], "large")
        many = next(alert for alert in alerts if alert["rule"]["name"] == "many")
        self.assertEqual(many["values"], {"count(payment) over 1h": 3})
        self.assertEqual([alert["seq"] for alert in alerts], list(range(1, len(alerts) + 1)))
        self.assertRegex(said, r"large\s+1  removed\n")

    def test_rules_have_their_limits_whatever_comes_or_goes(self):
        self.write("rules.weir", EVENT + MANY)
        run = self.start_run("--limit-events", "3:refuse")
        for _ in range(5):
            self.pay(run, 5)
        self.wait_for_alerts(3)
        self.assertIn("rule many: 2 events refused at its limits", self.control("stats"))
        self.write("rules.weir", EVENT + MANY + rule("tiny", 1, "when count(payment) over 1h > 3"))
        self.assertIn("1 rule goes on; new: tiny", self.control("reload"))
        for _ in range(5):
            self.pay(run, 5)
        self.wait_for_alerts(8)
        said = self.control("stats")
        self.assertIn("rule many: 7 events refused at its limits", said)
        self.assertIn("rule tiny: 2 events refused at its limits", said)
        self.assertEqual(self.names(), ["many"] * 8)

    def test_a_broken_edit_changes_nothing_and_the_next_good_one_is_taken(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start_run()
        self.pay(run, 600)
        self.wait_for_alerts(1)
        self.write("rules.weir", EVENT + "rule large for card { on payment where amuont > 5 EUR }\n")
        time.sleep(3)
        self.pay(run, 600)
        self.wait_for_alerts(2)
        self.write("rules.weir", EVENT + rule("larger", 400))

        def taken_over():
            self.pay(run, 450)
            return "larger" in self.names()

        self.wait_until(taken_over, "the mended rule speaks")
        _, said = self.interrupt(run)
        self.assertIn("rules.weir:4:40: error: there is no `amuont` here", said)
        self.assertIn("hint: did you mean `amount`?", said)
        self.assertIn("rules: 1 error, 0 warnings; the rules before stay in force", said)

    def test_an_imported_file_is_watched_too(self):
        self.write("more.weir", rule("large", 500))
        self.write("rules.weir", 'import "more.weir"\n' + EVENT)
        run = self.start_run()
        self.pay(run, 600)
        self.wait_for_alerts(1)
        self.write("more.weir", rule("large", 500) + rule("small", 1))

        def taken_over():
            self.pay(run, 5)
            return "small" in self.names()

        self.wait_until(taken_over, "the rule of the other file speaks")
        self.interrupt(run)


class ControlTest(LiveRules):
    def test_reload_says_what_became_of_the_rules(self):
        self.write("rules.weir", EVENT + MANY + rule("large", 500))
        run = self.start_run()
        self.pay(run, 600)
        self.wait_for_alerts(1)
        self.assertEqual(self.control("reload"), "the rules are what they were\n")
        self.write("rules.weir", EVENT + MANY + rule("large", 400))
        self.assertEqual(self.control("reload"), "1 rule goes on; begin anew: large\n")
        self.write("rules.weir", EVENT + "rule many for card { on paymnt }")
        said = self.control("reload", code=1)
        self.assertIn("error: there is no event `paymnt`", said)
        self.assertIn("the rules before stay in force", said)
        self.interrupt(run)

    def test_a_message_or_a_severity_is_no_other_rule(self):
        self.write("rules.weir", EVENT + MANY)
        run = self.start_run()
        self.pay(run, 1)
        self.pay(run, 1)
        self.wait_until(lambda: json.loads(self.control("status"))["events"] == 2, "both are read")
        self.write("rules.weir", EVENT + MANY.replace("on payment", "severity high\n  on p: payment")
                   .replace("\n}", '\n  reason "at {p.merchant}"\n}'))
        self.assertEqual(self.control("reload"), "1 rule goes on\n")
        self.pay(run, 1, "the shop")
        self.wait_for_alerts(1)
        self.interrupt(run)
        self.assertEqual(self.alerts()[0]["severity"], "high")
        self.assertEqual(self.alerts()[0]["reason"], "at the shop")

    def test_what_sources_decode_needs_a_restart(self):
        self.write("rules.weir", EVENT + MANY)
        run = self.start_run()
        self.control("status")
        self.write("rules.weir", EVENT.replace("id: text", "id: text  country: text") + MANY)
        said = self.control("reload", code=1)
        self.assertEqual(said, "that needs a restart: field `payment.country` is new; the rules before stay in force\n")
        self.interrupt(run)

    def test_a_text_that_no_rule_has_read_before_may_be_read(self):
        self.write("rules.weir", EVENT + MANY)
        run = self.start_run()
        self.pay(run, 1, "m7")
        self.wait_until(lambda: json.loads(self.control("status"))["events"] == 1, "it is read")
        self.write("rules.weir", EVENT + MANY + 'rule seen for card { on payment where merchant = "m7" }\n')
        self.control("reload")
        self.pay(run, 1, "m7")
        self.pay(run, 1, "m8")
        self.wait_for_alerts(2)
        self.interrupt(run)
        self.assertEqual(self.names(), ["seen", "many"])
        self.assertEqual(self.alerts()[1]["events"][0]["fields"]["merchant"], "m8")

    def test_a_rule_that_is_promoted_from_shadow_keeps_its_state(self):
        self.write("rules.weir", EVENT + MANY.replace("on payment", "mode shadow\n  on payment"))
        run = self.start_run()
        for _ in range(3):
            self.pay(run, 1)
        self.wait_until(lambda: json.loads(self.control("status"))["shadow_alerts"] == 1, "it has found one")
        self.write("rules.weir", EVENT + MANY)
        self.assertEqual(self.control("reload"), "1 rule goes on\n")
        self.pay(run, 1)
        self.wait_for_alerts(1)
        self.interrupt(run)
        self.assertEqual(self.alerts()[0]["values"], {"count(payment) over 1h": 4})
        self.assertEqual(self.alerts()[0]["seq"], 1)

    def test_params_of_the_start_stay_in_force(self):
        text = EVENT + "param floor = 500 EUR\n" + "rule large for card { on payment where amount > floor }\n"
        self.write("rules.weir", text)
        run = self.start_run("--param", "floor=100 EUR")
        self.control("status")
        self.write("rules.weir", text + rule("tiny", 1))
        self.assertEqual(self.control("reload"), "1 rule goes on; new: tiny\n")
        self.pay(run, 200)
        self.wait_for_alerts(2)
        self.interrupt(run)

    def test_status_and_stats(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start_run()
        self.pay(run, 600)
        self.wait_for_alerts(1)
        status = json.loads(self.control("status"))
        self.assertEqual((status["pid"], status["rules"], status["events"], status["alerts"]), (run.pid, 1, 1, 1))
        self.assertRegex(self.control("stats"), r"large\s+1\n(.|\n)*engine: \d+ live subjects")
        self.assertEqual(json.loads(self.control("status", "--json"))["done"], True)
        self.interrupt(run)

    def test_stop_ends_in_good_order(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start_run()
        self.pay(run, 600)
        self.wait_for_alerts(1)
        self.assertEqual(self.control("stop"), "stopping\n")
        run.wait(timeout=30)
        _, said = self.finish(run)
        self.assertIn("stopped", said)
        self.assertFalse((self.folder / "weir.sock").exists())

    def test_a_run_is_found_by_its_process(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start(WEIR, "run", "rules.weir", "--alerts", "none", "--input", "payment=-", stdin=subprocess.PIPE)
        said = []

        def answers():
            done = subprocess.run([WEIR, "control", "status", "--pid", str(run.pid)], capture_output=True, text=True,
                                  env=self.environment(), timeout=60)
            said.append(done.stderr)
            return done.returncode == 0 and json.loads(done.stdout)["pid"] == run.pid

        self.wait_until(answers, "it answers")
        self.interrupt(run)
        done = self.weir("control", "status", "--pid", run.pid, code=3)
        self.assertIn("no weir is running there", done.stderr)

    def test_a_socket_that_is_taken_or_a_file_is_refused(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start_run()
        self.control("status")
        second = self.weir("run", "rules.weir", "--input", "payment=-", "--alerts", "none", "--control", "weir.sock",
                           code=3)
        self.assertIn("another weir answers there", second.stderr)
        third = self.weir("run", "rules.weir", "--input", "payment=-", "--alerts", "none", "--control", "rules.weir",
                          code=3)
        self.assertIn("there is a file of this name", third.stderr)
        self.control("status")
        self.interrupt(run)

    def test_a_socket_left_behind_is_taken_over(self):
        self.write("rules.weir", EVENT + rule("large", 500))
        run = self.start_run()
        self.control("status")
        run.send_signal(signal.SIGKILL)
        run.wait()
        again = self.start_run()
        self.control("status")
        self.interrupt(again)


if __name__ == "__main__":
    unittest.main()
