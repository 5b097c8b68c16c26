"""weir run at its limits."""
import unittest

from cli_harness import CliTest, lines, payment


class LimitsTest(CliTest):
    def setUp(self):
        super().setUp()
        self.write("p.ndjson", lines(payment(n, f"c{n}", 900) for n in range(200_000)))

    def run_weir(self, *arguments, code=0):
        return self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "alerts.jsonl", *arguments,
                         code=code).stderr

    def test_a_limit_of_memory_ends_the_run_with_its_own_code(self):
        said = self.run_weir("--limit-memory", "1", code=4)
        self.assertRegex(said, r"error: \d+ MB of memory, where 1 are the limit: the run ends")
        self.assertRegex(said, r"events +[\d,]+")
        self.read_lines("alerts.jsonl")  # whole lines, all of them

    def test_a_limit_that_is_not_reached_changes_nothing(self):
        said = self.run_weir("--limit-memory", "100000", "--stats")
        self.assertRegex(said, r"events +200,000 ")
        self.assertRegex(said, r"memory: \d+ MB")

    def test_the_configuration_says_the_same(self):
        self.write("weir.toml", "[limits]\nmemory_mb = 1\n")
        self.run_weir("-c", "weir.toml", code=4)
        self.write("weir.toml", "[limits]\nmemory = 1\n")
        said = self.run_weir("-c", "weir.toml", code=2)
        self.assertIn('weir.toml:2: unknown key "limits.memory"', said)


RULES = """
entity card

event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }

rule many for card {
  on payment
  when count(payment) over 1h > 14
}

rule large for card {
  on payment
  when count(payment) over 10s > 100
}
"""


class StateLimitsTest(CliTest):
    """30 payments of one card, a second apart, then one of each of ten more."""

    def setUp(self):
        super().setUp()
        self.write("rules.weir", RULES)
        first = [payment(n, "c1", 5) for n in range(30)]
        self.write("p.ndjson", lines(first + [payment(30 + n, f"d{n}", 5) for n in range(10)]))

    def run_weir(self, *arguments, code=0):
        return self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "alerts.jsonl", *arguments,
                         code=code).stderr

    def test_without_a_limit_all_is_held(self):
        self.assertRegex(self.run_weir(), r"many +16\n")

    def test_the_oldest_events_are_forgotten_and_counted(self):
        said = self.run_weir("--limit-events", "12", "--stats")
        self.assertRegex(said, r"many +0  18 events forgotten\n")
        self.assertIn("rule many: 18 events forgotten at its limits\n", said)
        self.assertRegex(said, r"large +0\n")  # holds eleven at most
        self.assertRegex(self.run_weir("--limit-events", "20:evict"), r"many +16  10 events forgotten\n")

    def test_new_events_are_refused_and_counted_and_still_end_matches(self):
        self.assertRegex(self.run_weir("--limit-events", "14:refuse"), r"many +0  16 events refused\n")
        self.assertRegex(self.run_weir("--limit-events", "15:refuse"), r"many +16  15 events refused\n")

    def test_the_run_stops_before_the_event_that_is_one_too_many(self):
        for rows in ("1", "7", "4096"):
            said = self.run_weir("--limit-events", "20:stop", "--batch-rows", rows, code=4)
            self.assertIn("rule many for card c1: one event more than the 20 that it may hold of a subject, "
                          "at 1970-01-01T00:00:20Z: the run ends", said)
            self.assertRegex(said, r"many +6\n")
            self.assertEqual(len(self.read_lines("alerts.jsonl")), 6)

    def test_subjects_have_a_limit_too(self):
        self.assertRegex(self.run_weir("--limit-subjects", "3"), r"many +16  8 subjects forgotten\n")
        self.assertRegex(self.run_weir("--limit-subjects", "3:refuse"), r"many +16  8 events of new subjects refused\n")
        said = self.run_weir("--limit-subjects", "3:stop", "--threads", "2", code=4)
        self.assertIn("rule many for card d2: one subject more than the 3 that it may hold, at 1970-01-01T00:00:32Z", said)

    def test_the_configuration_says_the_same_and_more_of_single_rules(self):
        self.write("weir.toml", "[limits]\nevents_per_subject = 20\nsubjects_per_rule = 3\nat_subjects = \"refuse\"\n"
                                "[limits.rules.many]\nevents_per_subject = 12\nat_events = \"refuse\"\n")
        said = self.run_weir("-c", "weir.toml")
        self.assertRegex(said, r"many +0  18 events refused, 8 events of new subjects refused\n")
        self.assertRegex(said, r"large +0  \d events of new subjects refused\n")

    def test_what_is_wrong_in_the_configuration_is_said(self):
        self.write("weir.toml", "[limits]\nevents_per_subject = 0\nat_events = \"evikt\"\nat_subjects = \"stop\"\n"
                                "[limits.rules.many]\nevent_per_subject = 5\n")
        said = self.run_weir("-c", "weir.toml", code=2)
        self.assertIn("weir.toml:2: limits.events_per_subject must be a whole number from 1 to 1000000000", said)
        self.assertIn('weir.toml:3: limits.at_events cannot be "evikt"; did you mean "evict"?', said)
        self.assertIn("weir.toml:4: limits.at_subjects goes with subjects_per_rule", said)
        self.assertIn('weir.toml:6: unknown key "limits.rules.many.event_per_subject"; did you mean', said)
        self.write("weir.toml", "[limits.rules.meny]\nevents_per_subject = 5\n")
        self.assertIn('[limits.rules.meny]: there is no rule "meny"; did you mean "many"?',
                      self.run_weir("-c", "weir.toml", code=2))
        self.assertIn('--limit-events: "5:drop" is not a number from 1, alone or with what happens at it',
                      self.run_weir("--limit-events", "5:drop", code=2))


if __name__ == "__main__":
    unittest.main()
