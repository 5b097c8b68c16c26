"""weir check, weir test, and what every verb says about itself."""
import json
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
