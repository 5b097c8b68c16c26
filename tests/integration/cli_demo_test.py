"""`weir demo`: generator, packs, publisher and subscriber in one command, over a real socket."""
import re
import signal
import time
import unittest

from cli_harness import WEIR, CliTest

ALERT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z  (low|medium|high|critical) +\w+  \w+  .+")


class DemoTest(CliTest):
    def test_alerts_of_all_packs_come_through_the_socket(self):
        done = self.weir("demo", "--rate", "20000/s", "--for", "3s", "--endpoint", self.free_endpoint())
        alerts = done.stdout.splitlines()
        self.assertGreater(len(alerts), 30)
        for alert in alerts:
            self.assertRegex(alert, ALERT)
        rules = {alert.split()[2] for alert in alerts}
        self.assertLessEqual({"card_testing", "structuring", "dormant_account", "account_takeover"}, rules)
        self.assertRegex(done.stderr, rf"alerts +{len(alerts)}\n")
        self.assertRegex(done.stderr, rf"\n{len(alerts)} alerts came through ZeroMQ\n$")
        self.assertRegex(done.stderr, r"set aside +0\n")
        self.assertNotIn("missed", done.stderr)
        self.assertEqual(list(self.folder.glob("set-aside*")), [])

    def test_times_are_mapped_to_now(self):
        done = self.weir("demo", "--rate", "30000/s", "--for", "1s", "--endpoint", self.free_endpoint())
        last = time.strptime(done.stdout.splitlines()[-1][:19], "%Y-%m-%dT%H:%M:%S")
        self.assertLess(abs(time.mktime(time.gmtime()) - time.mktime(last)), 24 * 3600)

    def test_another_subscriber_sees_them_too(self):
        endpoint = self.free_endpoint()
        tail = self.start(WEIR, "tail", endpoint, "--count", 3)
        self.weir("demo", "--rate", "10000/s", "--for", "4s", "--endpoint", endpoint)
        out, _ = self.finish(tail)
        self.assertEqual(len(out.splitlines()), 3)

    def test_it_ends_when_asked_to(self):
        demo = self.start(WEIR, "demo", "--for", "10m", "--endpoint", self.free_endpoint())
        time.sleep(1.5)
        began = time.monotonic()
        out, err = self.interrupt(demo)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("stopped", err)
        self.assertRegex(err, r"events +[\d,]+  in ")

    def test_a_busy_endpoint_is_told(self):
        endpoint = self.free_endpoint()
        first = self.start(WEIR, "demo", "--for", "10m", "--endpoint", endpoint)
        self.wait_until(lambda: "publishing" in first.stderr.readline(), "the first publishes")
        done = self.weir("demo", "--for", "1s", "--endpoint", endpoint, code=3)
        self.assertTrue(done.stderr.endswith(f"weir: {endpoint}: Address already in use\n"), done.stderr)
        first.send_signal(signal.SIGINT)
        self.finish(first)

    def test_wrong_use(self):
        for arguments in (["--rate", "0/s"], ["--rate", "fast"], ["--for", "0s"], ["--for", "a while"],
                          ["--endpoint", "tcp://127.0.0.1:*"], ["--rate", "1000000/s", "--for", "1h"]):
            with self.subTest(arguments):
                done = self.weir("demo", *arguments, code=2)
                self.assertEqual(done.stdout, "")
                self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
