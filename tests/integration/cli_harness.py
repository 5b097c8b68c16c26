"""What the tests of the command have in common: a folder of their own, the built command, rules and payments."""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

WEIR = os.environ.get("WEIR_COMMAND", "weir")

RULES = """
entity card

event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }

rule test_charge for card {
  severity high
  match small: payment where amount < 2 EUR
  then  large: payment where amount > 500 EUR and merchant != small.merchant
  within 10m
  reason "a {small.amount} test, then {large.amount}"
}

rule velocity for card {
  severity low
  on payment
  when count(payment) over 10m > 3
}

rule silence for card {
  match big: payment where amount > 800 EUR
  then  no payment within 30s
}
"""


def payment(at, card, amount, merchant="m1", **more):
    """A record; `at` in seconds."""
    record = {"at": int(at * 1000), "id": f"p{at}", "card": card, "merchant": merchant, "amount": amount}
    return record | more


def payments(count, seed=1):
    """A stream that gives all three rules something, many events sharing a time."""
    draw = random.Random(seed)
    at = 0
    for number in range(count):
        at += draw.choice([0, 0, 1, 5])
        amount = draw.choice([1, 1.5, 20, 37.25, 600, 900])
        yield payment(at, f"c{draw.randrange(40)}", amount, f"m{draw.randrange(5)}", id=str(number))


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


class CliTest(unittest.TestCase):
    """A test in a folder of its own; whatever it started is gone afterwards."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir_cli_"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.started = []
        self.addCleanup(self.kill_started)
        self.write("rules.weir", RULES)

    def kill_started(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read_lines(self, name):
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]

    def environment(self):
        return os.environ | {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}

    def weir(self, *arguments, code=0, stdin=""):
        """Runs the command to its end, in the folder."""
        done = subprocess.run([WEIR, *map(str, arguments)], cwd=self.folder, input=stdin, capture_output=True,
                              text=True, timeout=120, env=self.environment())
        self.assertEqual(done.returncode, code, f"weir {arguments}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def start(self, *command, **options):
        process = subprocess.Popen(list(map(str, command)), cwd=self.folder, text=True, env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.started.append(process)
        return process

    def finish(self, process, code=0, timeout=60):
        """What a started process said until its end."""
        out, err = process.communicate(timeout=timeout)
        self.assertEqual(process.returncode, code, f"{process.args}\n{out[-3000:]}\n{err[-3000:]}")
        return out, err

    def interrupt(self, process, code=0):
        process.send_signal(signal.SIGINT)
        return self.finish(process, code)

    def wait_until(self, holds, what, seconds=30):
        give_up = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), give_up, f"waited in vain until {what}")
            time.sleep(0.02)

    def free_endpoint(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def without_detection(alerts):
    """The alerts but for the one thing that differs from run to run."""
    for alert in alerts:
        del alert["detected_time"]
    return alerts
