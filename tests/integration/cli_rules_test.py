"""weir check, weir test, and what every verb says about itself."""
import json
import resource
import unittest

from cli_harness import RULES, CliTest

TESTED = RULES.replace('  reason "a {small.amount}', '''
  test "test charge, then the real one" {
    payment { at: 0m  card: C1  merchant: "m1"  amount: 1 EUR }
    payment { at: 9m  card: C1  merchant: "m2"  amount: 900 EUR }
    expect alert for C1 at 9m
  }
  test "too slow" {
    payment { at: 0m   card: C1  merchant: "m1"  amount: 1 EUR }
    payment { at: 11m  card: C1  merchant: "m2"  amount: 900 EUR }
    expect no alert
  }
  reason "a {small.amount}''')


class CheckTest(CliTest):
    def test_sound_rules_are_counted(self):
        self.write("rules.weir", TESTED)
        done = self.weir("check", "rules.weir")
        self.assertRegex(done.stdout, r"^ok: 3 rules, \d+ warnings?\n$")

    def test_every_error_of_a_file_is_shown_with_its_place(self):
        self.write("wrong.weir", RULES.replace("amount < 2 EUR", "amuont < 2 EUR").replace("count(payment)", "count(paymant)"))
        done = self.weir("check", "wrong.weir", code=1)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"wrong\.weir:8:\d+: error: ")
        self.assertRegex(done.stderr, r"wrong\.weir:17:\d+: error: ")
        self.assertIn("amount", done.stderr)
        self.assertIn("^", done.stderr)
        self.assertRegex(done.stderr, r"\n2 errors, \d+ warnings?\n$")

    def test_a_file_that_is_not_there_is_one_clear_line(self):
        done = self.weir("check", "missing.weir", code=3)
        self.assertEqual(done.stderr, "weir: missing.weir: No such file or directory\n")

    def test_a_param_can_be_set(self):
        self.write("param.weir", "param floor = 2 EUR\n" + RULES.replace("amount < 2 EUR", "amount < floor"))
        self.weir("check", "param.weir", "--param", "floor=3 EUR")
        self.weir("check", "param.weir", "--param", "floor=3 USD", code=1)
        done = self.weir("check", "param.weir", "--param", "floor", code=2)
        self.assertIn("NAME=VALUE", done.stderr)


class CheckJsonTest(CliTest):
    def findings(self, *files, code):
        return json.loads(self.weir("check", "--json", *files, code=code).stdout)

    def test_findings_have_the_shape_that_editors_expect(self):
        self.write("wrong.weir", RULES.replace("amount < 2 EUR", "amuont < 2 EUR"))
        errors = [f for f in self.findings("wrong.weir", code=1) if f["severity"] == 1]
        self.assertEqual(errors, [{
            "file": "wrong.weir",
            "range": {"start": {"line": 7, "character": 29}, "end": {"line": 7, "character": 35}},
            "severity": 1,
            "source": "weir",
            "message": "there is no `amuont` here",
            "hint": "did you mean `amount`?",
        }])

    def test_warnings_are_no_errors(self):
        findings = self.findings("rules.weir", code=0)
        self.assertTrue(findings)
        self.assertEqual({f["severity"] for f in findings}, {2})

    def test_nothing_found_is_an_empty_array(self):
        self.write("fine.weir", "entity card\n")
        self.assertEqual(self.findings("fine.weir", code=0), [])

    def test_characters_are_utf_16_code_units(self):
        text = RULES.replace('reason "a {small.amount}', 'reason "😀é {smal.amount}')
        self.write("wide.weir", text)
        error, = [f for f in self.findings("wide.weir", code=1) if f["severity"] == 1]
        line = text.splitlines()[error["range"]["start"]["line"]].encode("utf-16-le")
        begin, end = (2 * error["range"][edge]["character"] for edge in ("start", "end"))
        self.assertEqual(line[begin:end].decode("utf-16-le"), "smal")

    def test_a_finding_names_the_imported_file_it_is_in(self):
        self.write("types.weir", "entity card\nentity card\n")
        self.write("main.weir", 'import "types.weir"\n')
        error, = self.findings("main.weir", code=1)
        self.assertEqual(error["file"], "types.weir")

    def test_a_file_that_is_not_there_is_said_in_words(self):
        self.assertEqual(self.weir("check", "--json", "missing.weir", code=3).stdout, "")


class TestTest(CliTest):
    def test_passing_tests_are_counted_in_the_last_line(self):
        self.write("rules.weir", TESTED)
        self.assertEqual(self.weir("test", "rules.weir").stdout, "2 passed, 0 failed\n")

    def test_a_failing_test_names_rule_place_and_reason(self):
        self.write("rules.weir", TESTED.replace("expect no alert", "expect alert for C1"))
        done = self.weir("test", "rules.weir", code=1)
        shown = done.stdout.splitlines()
        self.assertRegex(shown[0], r'^rules\.weir:\d+:\d+: error: test "too slow" of rule test_charge failed')
        self.assertEqual(shown[-1], "1 passed, 1 failed")
        self.assertGreater(len(shown), 3)

    def test_rules_that_do_not_compile_have_no_tests(self):
        self.write("wrong.weir", "rule x {")
        self.assertEqual(self.weir("test", "wrong.weir", code=1).stdout, "")


class SizeTest(CliTest):
    """Many rules: reading and checking takes time in proportion, and little of it."""

    HEAD = """entity account
entity card
event payment  { at: time  id: text  card: card  merchant: text  amount: money(EUR)  country: text? }
event transfer { at: time  id: text  from, to: account  amount: money(EUR) }
event login    { at: time  user: account  ok: bool  device: text? }
param ratio = 0.9
param floor = 100 EUR
let large(t: transfer) = t.amount >= 5_000 EUR
"""
    KINDS = ("""
rule testing_%(n)d for card {
  severity high
  match small: payment where amount < %(small)d EUR
  then  large: payment where amount > %(n)d EUR and merchant != small.merchant
  within 10m
  suppress for 6h
  reason "a {small.amount} test, then {large.amount} {span} later"
  test "twice" {
    payment { at: 0m  card: C1  merchant: "m1"  amount: 0.50 EUR }
    payment { at: 9m  card: C1  merchant: "m2"  amount: 90000 EUR }
    expect alert for C1 at 9m
  }
}
""", """
rule velocity_%(n)d for card {
  on p: payment where amount > floor and merchant != "m%(n)d"
  when count(payment where amount > floor) over %(n)dm > %(small)d
   and p.amount > 3 * avg(payment.amount) over prior 30d
  reason "{count(payment where amount > floor) over %(n)dm} payments"
  test "once" {
    payment { at: 0m  card: C1  merchant: "m1"  amount: 5 EUR }
    expect no alert
  }
}
""", """
rule mule_%(n)d for acct: account version 3 {
  tags aml.layering
  mode shadow
  match in:  transfer where to = acct and large(in)
  then  out: transfer where from = acct and amount >= ratio * in.amount
  within %(n)dm
  when distinct(transfer.from where to = acct) over 7d >= %(small)d
  test "no" {
    transfer { at: 0m  from: A  to: B  amount: 5_000 EUR }
    expect no alert
  }
}
""", """
rule guessing_%(n)d for user {
  match %(small)d times fail: login where not ok
  then  in: login where ok
  within %(n)dm
  reason "{count(fail)} failures"
  test "no" {
    login { at: 0m  user: U  ok: true }
    expect no alert
  }
}
""")

    def seconds_of_check(self, code):
        """Of the processor, not of the clock: others may be at work here."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = self.weir("check", "many.weir", code=code)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return said, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def check_many(self, text, code=0):
        self.write("many.weir", text)
        runs = [self.seconds_of_check(code) for _ in range(3)]
        self.assertLess(min(seconds for _, seconds in runs), 1)
        return runs[0][0]

    def test_a_thousand_rules_are_checked_within_a_second(self):
        rules = [self.KINDS[n % len(self.KINDS)] % {"n": n + 10, "small": n % 7 + 2} for n in range(1000)]
        self.assertEqual(self.check_many(self.HEAD + "".join(rules)).stdout, "ok: 1000 rules, 0 warnings\n")
        wrong = "".join(rules).replace("merchant", "mrechant")
        said = self.check_many(self.HEAD + wrong, code=1).stderr
        self.assertEqual(said.count("did you mean `merchant`?"), wrong.count("mrechant"))


class HelpTest(CliTest):
    def test_every_verb_explains_itself(self):
        for verb in ("new", "check", "test", "fmt", "lsp", "run", "tail"):
            with self.subTest(verb):
                shown = self.weir(verb, "--help").stdout
                self.assertIn(f"Example: weir {verb}", shown)
                self.assertIn("Exit codes: 0 done", shown)

    def test_the_version_is_shown(self):
        self.assertRegex(self.weir("--version").stdout, r"^weir \d+\.\d+\.\d+\n$")

    def test_wrong_use_has_its_own_exit_code(self):
        self.weir(code=2)
        self.weir("chekc", "rules.weir", code=2)
        self.weir("check", "--unknown", code=2)
        self.weir("tail", code=2)


if __name__ == "__main__":
    unittest.main()
