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


if __name__ == "__main__":
    unittest.main()
