"""weir run on input that goes on, weir tail, and the example subscribers."""
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import unittest

import zmq

from cli_harness import RULES, WEIR, CliTest, lines, payment, payments


class LiveInputTest(CliTest):
    def start_run(self, *arguments, **options):
        return self.start(WEIR, "run", "rules.weir", "--alerts", "alerts.jsonl", *arguments, **options)

    def written(self):
        alerts = self.folder / "alerts.jsonl"
        return alerts.read_text().count("\n") if alerts.exists() else 0

    def test_an_interrupt_ends_in_good_order_and_leaves_deadlines_open(self):
        run = self.start_run("--input", "payment=-", stdin=subprocess.PIPE)
        run.stdin.write(lines([payment(0, "c1", 1), payment(60, "c1", 900, "m2")]))
        run.stdin.flush()
        self.wait_until(lambda: self.written() == 1, "the first alert is in the file")
        _, said = self.interrupt(run)
        self.assertIn("stopped", said)
        self.assertRegex(said, r"events\s+2 ")
        self.assertEqual([alert["rule"]["name"] for alert in self.read_lines("alerts.jsonl")], ["test_charge"])

    def test_a_polite_end_is_one_too(self):
        run = self.start_run("--input", "payment=-", stdin=subprocess.PIPE)
        run.stdin.write(lines([payment(0, "c1", 1)]))
        run.stdin.flush()
        self.wait_until(lambda: (self.folder / "alerts.jsonl").exists(), "the run has begun")
        run.send_signal(signal.SIGTERM)
        self.finish(run)

    def test_a_file_that_grows_is_followed(self):
        path = self.write("p.ndjson", lines([payment(0, "c1", 1)]))
        self.write("weir.toml", '[source.payments]\npath = "p.ndjson"\nevent = "payment"\nfollow = true\n')
        run = self.start_run("-c", "weir.toml")
        self.wait_until(lambda: (self.folder / "alerts.jsonl").exists(), "the run has begun")
        for minute in range(1, 4):
            with path.open("a") as growing:
                growing.write(lines([payment(minute * 60, "c1", 700, "m2")]))
            # Each event is alerted while the file is still open: velocity joins in at the fourth.
            self.wait_until(lambda: self.written() >= minute, f"alert {minute} is in the file")
        _, said = self.interrupt(run)
        self.assertRegex(said, r"events\s+4 ")
        self.assertRegex(said, r"test_charge\s+3\n")

    def test_an_idle_source_holds_nothing_back(self):
        self.write("silent.ndjson", "")
        self.write("weir.toml", """
[source.silent]
path = "silent.ndjson"
event = "payment"
follow = true
idle = "200ms"
[source.busy]
type = "stdin"
event = "payment"
""")
        run = self.start_run("-c", "weir.toml", stdin=subprocess.PIPE)
        run.stdin.write(lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2"), payment(61, "c2", 1)]))
        run.stdin.flush()
        self.wait_until(lambda: self.written() == 1, "the silent source is passed over")
        self.interrupt(run)


class ReloadTest(CliTest):
    """Lists are read again while the run goes on."""

    def test_a_list_that_changes_is_swapped_and_the_alerts_say_which_version(self):
        self.write("watched.txt", "m1\n")
        self.write("rules.weir", """
entity card
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }
list watched : text from "watched.txt"
rule seen for card { on payment where merchant in watched }
""")
        run = self.start(WEIR, "run", "rules.weir", "--alerts", "alerts.jsonl", "--input", "payment=-",
                         stdin=subprocess.PIPE)
        sent = itertools.count()

        def send_until_alerted(merchant):
            def alerted():
                run.stdin.write(lines([payment(next(sent), "c1", 5, merchant)]))
                run.stdin.flush()
                path = self.folder / "alerts.jsonl"
                return path.exists() and f'"merchant":"{merchant}"' in path.read_text()

            self.wait_until(alerted, f"{merchant} is watched")

        send_until_alerted("m1")
        self.write("watched.txt", "m2\n")
        send_until_alerted("m2")
        run.stdin.write(lines([payment(next(sent), "c1", 5, "m1")]))
        self.write("watched.txt", "m2\n")  # the same again: no new version
        _, said = self.interrupt(run)
        self.assertIn("list watched: read again", said)
        alerts = self.read_lines("alerts.jsonl")
        versions = [alert["inputs"]["watched"] for alert in alerts]
        self.assertEqual(len(set(versions)), 2)
        self.assertEqual(versions, sorted(versions, key=versions.index))
        merchants = [alert["events"][0]["fields"]["merchant"] for alert in alerts]
        self.assertEqual(set(zip(merchants, versions)), {("m1", versions[0]), ("m2", versions[-1])})

    def test_a_table_or_list_that_breaks_leaves_the_version_before(self):
        self.write("numbers.txt", "5\n")
        self.write("rules.weir", """
entity card
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }
list numbers : int from "numbers.txt"
rule seen for card { on payment  when count(payment) over 1h in numbers }
""")
        run = self.start(WEIR, "run", "rules.weir", "--alerts", "alerts.jsonl", "--input", "payment=-",
                         stdin=subprocess.PIPE)
        run.stdin.write(lines([payment(0, "c1", 1)]))
        run.stdin.flush()
        self.wait_until(lambda: (self.folder / "alerts.jsonl").exists(), "the run has begun")
        self.write("numbers.txt", "five\n")
        time.sleep(2.5)
        run.stdin.write(lines([payment(second, "c1", 1) for second in range(1, 5)]))
        _, said = self.finish(run)
        self.assertIn("numbers.txt, line 1: \"five\" is not a whole number; the version before stays in force", said)
        self.assertEqual(len(self.read_lines("alerts.jsonl")), 1)


class TailTest(CliTest):
    def setUp(self):
        super().setUp()
        self.endpoint = self.free_endpoint()
        self.write("p.ndjson", lines(payments(2000)))

    def publish(self, *arguments):
        return self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "alerts.jsonl", "--publish",
                         self.endpoint, "--wait-subscriber", "20s", *arguments)

    def tail(self, *arguments):
        return self.start(WEIR, "tail", self.endpoint, "--for", "60s", *arguments)

    def test_a_subscriber_that_was_waited_for_gets_every_alert(self):
        expected_run = self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "expected.jsonl")
        self.assertIn("alerts", expected_run.stderr)
        count = len(self.read_lines("expected.jsonl"))
        tail = self.tail("--json", "--count", count)
        self.publish()
        out, said = self.finish(tail)
        self.assertEqual(out, (self.folder / "alerts.jsonl").read_text())
        self.assertEqual(said, "")

    def test_people_see_only_what_they_ask_for(self):
        tail = self.tail("--severity", "high", "--rule", "test_charge", "--count", 5)
        self.publish()
        out, said = self.finish(tail)
        self.assertEqual(len(out.splitlines()), 5)
        for line in out.splitlines():
            self.assertRegex(line, r"^1970-01-01T\S+Z  high      test_charge  c\d+  a 1\.\d\d.* test, then ")
        self.assertEqual(said, "")  # alerts of other rules are not missed, only not shown

    def test_shadow_alerts_have_a_topic_of_their_own(self):
        self.write("rules.weir", RULES.replace("severity high", "severity high  mode shadow"))
        live = self.tail("--json", "--count", 5)
        self.publish()
        shown = [json.loads(line) for line in self.finish(live)[0].splitlines()]
        self.assertNotIn("test_charge", {alert["rule"]["name"] for alert in shown})
        both = self.tail("--shadow", "--rule", "test_charge", "--count", 3)
        self.publish()
        self.assertEqual(self.finish(both)[0].count("test_charge (shadow)"), 3)

    def connect_to(self, tail_arguments):
        """A publisher of our own making, and a tail that has subscribed to it."""
        context = zmq.Context()
        self.addCleanup(context.term)
        publisher = context.socket(zmq.XPUB)
        self.addCleanup(publisher.close, 0)
        publisher.bind(self.endpoint)
        tail = self.tail(*tail_arguments)
        self.assertTrue(publisher.poll(20000), "nobody subscribes")
        publisher.recv()
        return publisher, tail

    def test_missed_alerts_are_counted_by_their_numbers_and_by_the_heartbeat(self):
        publisher, tail = self.connect_to(["--json"])
        for seq in (1, 2, 5):
            publisher.send_multipart([b"low.rule", b'{"id":"x","seq":%d}' % seq])
        publisher.send_multipart([b"heartbeat", b'{"seq":5}'])
        publisher.send_multipart([b"heartbeat", b'{"seq":6}'])
        publisher.send_multipart([b"heartbeat", b'{"seq":0}'])
        publisher.send_multipart([b"low.rule", b'{"id":"last","seq":1}'])
        while "last" not in tail.stdout.readline():
            pass
        _, said = self.interrupt(tail)
        self.assertEqual(said, "weir: warning: missed 2 alerts\nweir: warning: missed 1 alert\n"
                         "weir: info: the publisher has been started again\n")

    def test_a_publisher_that_falls_silent_is_noticed(self):
        publisher, tail = self.connect_to(["--count", "1"])
        publisher.send_multipart([b"heartbeat", b'{"seq":0}'])
        self.assertRegex(tail.stderr.readline(), r"^weir: warning: publisher silent since \d{4}-\d\d-\d\dT\S+Z$")
        publisher.send_multipart([b"low.rule", b'{"id":"x","seq":1}'])
        _, said = self.finish(tail)
        self.assertEqual(said, "weir: info: publisher is back\n")

    def test_an_interrupt_ends_a_tail(self):
        tail = self.tail("--json")
        self.publish()
        out, _ = self.interrupt(tail)
        self.assertGreater(len(out.splitlines()), 0)

    def test_the_time_to_watch_must_be_a_duration(self):
        done = self.weir("tail", self.endpoint, "--for", "ever", code=2)
        self.assertEqual(done.stderr, 'weir: --for: "ever" is not a duration\n')


class ExampleTest(CliTest):
    def follow(self, *command):
        endpoint = self.free_endpoint()
        self.write("p.ndjson", lines(payments(1000)))
        example = self.start(*command, endpoint, "high.", "3")
        self.weir("run", "rules.weir", "--input", "payment=p.ndjson", "--publish", endpoint, "--wait-subscriber", "20s")
        shown = self.finish(example)[0].splitlines()
        self.assertEqual(len(shown), 3)
        for line in shown:
            self.assertTrue(line.startswith("high.test_charge "), line)

    def test_the_python_subscriber_receives_alerts(self):
        self.follow(sys.executable, os.environ["WEIR_EXAMPLE_PYTHON"])

    def test_the_cpp_subscriber_receives_alerts(self):
        self.follow(os.environ["WEIR_EXAMPLE_CPP"])


if __name__ == "__main__":
    unittest.main()
