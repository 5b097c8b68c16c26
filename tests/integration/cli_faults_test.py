"""What goes wrong is said in one clear line, with the right exit code."""
import gzip
import json
import socket
import subprocess
import unittest

from cli_harness import RULES, CliTest, lines, payment, payments


class WrongUseTest(CliTest):
    def fails(self, message, *arguments, code=2):
        done = self.weir("run", *arguments, code=code)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr, f"weir: {message}\n")

    def test_something_to_run_and_to_read_is_needed(self):
        self.fails("no rules: name rule files, or rules = […] in the configuration")
        self.fails("no input: say --input EVENT=FILE, or [source.NAME] in the configuration", "rules.weir")

    def test_what_the_rules_do_not_know_is_named(self):
        self.write("p.ndjson", "")
        self.fails('source "paymant": the rules declare no event "paymant"; did you mean "payment"?',
                   "rules.weir", "--input", "paymant=p.ndjson")

    def test_a_wrong_configuration_shows_its_lines(self):
        self.write("weir.toml", '[source.a]\npath = "a.csv"\nlatness = "5s"\n')
        self.fails('weir.toml:3: unknown key "source.a.latness"; did you mean "lateness"?', "-c", "weir.toml")

    def test_no_threads_at_all_are_refused(self):
        self.write("p.ndjson", "")
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--threads", "0", code=2)
        self.assertIn("--threads", done.stderr)

    def test_rules_with_errors_do_not_run(self):
        self.write("wrong.weir", RULES.replace("severity high", "severity hihg"))
        self.write("p.ndjson", "")
        done = self.weir("run", "wrong.weir", "--input", "payment=p.ndjson", code=1)
        self.assertIn("wrong.weir:7:", done.stderr)


class InputFaultTest(CliTest):
    def test_a_missing_input_file(self):
        done = self.weir("run", "rules.weir", "--input", "payment=missing.ndjson", "--alerts", "a.jsonl", code=3)
        self.assertEqual(done.stderr, "weir: missing.ndjson: No such file or directory\n")
        self.assertFalse((self.folder / "a.jsonl").exists())

    def test_a_missing_rule_file(self):
        done = self.weir("run", "missing.weir", "--input", "payment=p.ndjson", code=3)
        self.assertEqual(done.stderr, "weir: missing.weir: No such file or directory\n")

    def test_bad_records_are_set_aside_with_their_place_and_the_stream_goes_on(self):
        good = [json.dumps(payment(second, "c1", amount, f"m{second}")).encode() for second, amount in ((0, 1), (60, 700))]
        bad = [b'{"at":1000,"id":"a","card":"c1","merchant":"m1"}',               # no amount
               b'{"at":2000,"id":"b","card":"c1","merchant":"m1","amount":5',      # cut off
               b'{"at":3000,"id":"c","card":"c1","merchant":"m\xff1","amount":5}',  # not UTF-8
               b'{"at":4000,"id":"d","card":"c1","merchant":"m1","amount":5.123}']
        records = [good[0], *bad, good[1]]
        self.write("p.ndjson", b"\n".join(records) + b"\n")
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "alerts.jsonl")
        self.assertEqual([alert["rule"]["name"] for alert in self.read_lines("alerts.jsonl")], ["test_charge"])
        self.assertRegex(done.stderr, r"events\s+2 ")
        self.assertRegex(done.stderr, r"set aside\s+4  4 bad, 0 late, in set-aside\.ndjson")
        aside = self.read_lines("set-aside.ndjson")
        self.assertEqual([record["line"] for record in aside], [2, 3, 4, 5])
        starts = [sum(len(r) + 1 for r in records[:i]) for i in range(1, 5)]
        self.assertEqual([record["byte"] for record in aside], starts)
        self.assertEqual({(record["file"], record["kind"]) for record in aside}, {("p.ndjson", "bad")})
        self.assertIn("amount", aside[0]["reason"])
        self.assertEqual(aside[1]["record"], bad[1].decode())
        self.assertEqual(aside[2]["record"], bad[2].decode(errors="replace"))
        self.assertIn("EUR", aside[3]["reason"])
        self.assertTrue(all(record["reason"] for record in aside))

    def test_a_file_cut_short_in_its_last_line(self):
        text = lines(payments(50))
        self.write("p.ndjson", text[:-20])
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "none")
        self.assertRegex(done.stderr, r"events\s+49 ")
        self.assertEqual([record["line"] for record in self.read_lines("set-aside.ndjson")], [50])

    def test_nothing_set_aside_leaves_no_file(self):
        self.write("p.ndjson", lines(payments(5)))
        self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "none")
        self.assertFalse((self.folder / "set-aside.ndjson").exists())

    def test_a_damaged_archive(self):
        packed = gzip.compress(lines(payments(20000)).encode())
        self.write("p.ndjson.gz", packed[:len(packed) // 2])
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson.gz", "--alerts", "a.jsonl", code=3)
        self.assertRegex(done.stderr, r"(?m)^weir: error: p\.ndjson\.gz: ")
        self.assertRegex(done.stderr, r"events\s+[\d,]+ ")  # what came before the damage is done and counted

    def test_a_csv_file_without_a_column_that_is_needed(self):
        self.write("p.csv", "id,at,card,merchant\n1,1,c1,m1\n")
        done = self.weir("run", "rules.weir", "--input", "payment=p.csv", "--alerts", "none", code=3)
        self.assertRegex(done.stderr, r"(?m)^weir: error: payment: .*amount")


class OutputFaultTest(CliTest):
    def setUp(self):
        super().setUp()
        self.write("p.ndjson", lines(payments(20000)))

    def run_to(self, alerts, code):
        return self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", alerts, code=code)

    def test_a_full_device(self):
        done = self.run_to("/dev/full", 3)
        self.assertRegex(done.stderr, r"(?m)^weir: error: /dev/full: No space left on device$")

    def test_a_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("may not mount a small disk")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        done = self.run_to("disk/alerts.jsonl", 3)
        self.assertRegex(done.stderr, r"(?m)^weir: error: disk/alerts\.jsonl: No space left on device$")
        self.assertGreater((disk / "alerts.jsonl").stat().st_size, 0)

    def test_set_aside_records_that_cannot_be_written(self):
        self.write("p.ndjson", "no record\n")
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "none", "--set-aside",
                         "missing/aside.ndjson", code=3)
        self.assertRegex(done.stderr, r"(?m)^weir: error: missing/aside\.ndjson: No such file or directory$")

    def test_a_folder_that_is_not_there(self):
        done = self.run_to("missing/alerts.jsonl", 3)
        self.assertEqual(done.stderr, "weir: missing/alerts.jsonl: No such file or directory\n")

    def test_a_busy_endpoint(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            endpoint = f"tcp://127.0.0.1:{holder.getsockname()[1]}"
            done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--publish", endpoint, code=3)
        self.assertEqual(done.stderr, f"weir: {endpoint}: Address already in use\n")

    def test_a_malformed_endpoint(self):
        done = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--publish", "tcp:/x", code=3)
        self.assertEqual(done.stderr, "weir: tcp:/x: Invalid argument\n")
        done = self.weir("tail", "tcp:/x", code=3)
        self.assertEqual(done.stderr, "weir: tcp:/x: Invalid argument\n")


if __name__ == "__main__":
    unittest.main()
