"""The example programs over dstreams, on generated card payments and against brute force over the same file."""
import collections
import csv
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

WEIR = os.environ["WEIR_COMMAND"]
EXAMPLES = pathlib.Path(os.environ["WEIR_EXAMPLES"])
MINUTE = 60_000


def example(name):
    return str(EXAMPLES / f"weir_example_{name}")


def instant(ms):
    """As the programs write times: RFC 3339, with milliseconds where there are some."""
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000))
    return f"{text}.{ms % 1000:03}Z" if ms % 1000 else text + "Z"


def cents(text):
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


class Examples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def cards(self, events, seed=5):
        path = self.folder / "cards.csv"
        subprocess.run([WEIR, "generate", "cards", "--events", str(events), "--seed", str(seed), "--format", "csv", "--out", path], check=True)
        with path.open() as file:
            return path, list(csv.DictReader(file))

    def run_example(self, name, *arguments):
        done = subprocess.run([example(name), *map(str, arguments)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_word_count_counts_what_comes_over_tcp(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            program = subprocess.Popen([example("word_count"), "127.0.0.1", str(server.getsockname()[1])], stdout=subprocess.PIPE, text=True)
            self.addCleanup(program.stdout.close)
            self.addCleanup(program.wait)
            self.addCleanup(program.kill)
            connection, _ = server.accept()
            with connection:
                words = random.Random(3).choices(["wire", "cash", "card"], k=3000)
                threading.Thread(target=connection.sendall, args=("\n".join(" ".join(words[i:i + 7]) for i in range(0, 3000, 7)).encode() + b"\n",)).start()
                counts = collections.Counter()
                deadline = time.monotonic() + 60
                for line in program.stdout:
                    found = re.fullmatch(r"\((\w+),(\d+)\)", line.strip())
                    if found:
                        counts[found[1]] += int(found[2])
                    if counts.total() >= 3000 or time.monotonic() > deadline:
                        break
        self.assertEqual(counts, collections.Counter(words))

    def test_top_merchants_are_those_of_each_window(self):
        path, rows = self.cards(30_000)
        windows = collections.defaultdict(collections.Counter)
        for row in rows:
            first_end = (int(row["at"]) // (5 * MINUTE) + 1) * 5 * MINUTE
            for end in (first_end, first_end + 5 * MINUTE):
                windows[end][row["merchant"]] += cents(row["amount"])
        expected = []
        for end in sorted(windows):
            best = sorted(windows[end].items(), key=lambda one: (-one[1], one[0]))[:3]
            expected.append(instant(end) + "".join(f"  {merchant} {sum_}" for merchant, sum_ in best))
        self.assertEqual(self.run_example("top_merchants", path), expected)

    def test_sessions_end_with_a_pause(self):
        path, rows = self.cards(30_000)
        by_card = collections.defaultdict(list)
        for number, row in enumerate(rows):
            by_card[row["card"]].append((int(row["at"]), number))
        sessions = []
        for card, payments in by_card.items():
            current = []
            for at, number in payments:
                if current and at - current[-1][0] >= 30 * MINUTE:
                    sessions.append((current, card))
                    current = []
                current.append((at, number))
            sessions.append((current, card))
        sessions.sort(key=lambda one: (one[0][-1][0], one[0][0][1]))
        expected = [(one[0][0][0], card, len(one[0])) for one in sessions for card in [one[1]] if len(one[0]) >= 5]
        found = [re.fullmatch(r"(\S+) \S+  card (\d+): (\d+) payments", line).groups() for line in self.run_example("sessions", path)]
        self.assertGreater(len(expected), 10)
        self.assertEqual(found, [(instant(start), card, str(count)) for start, card, count in expected])

    def test_fraud_scores_use_the_table(self):
        path, rows = self.cards(20_000)
        draw = random.Random(1)
        risks = {merchant: draw.randint(0, 12) / 4 for merchant in sorted({row["merchant"] for row in rows}) if draw.random() < 0.6}
        table = self.folder / "risks.csv"
        table.write_text("".join(f"{merchant},{risk}\n" for merchant, risk in risks.items()))
        scored = [(row["id"], cents(row["amount"]) / 100 * risks[row["merchant"]]) for row in rows if row["merchant"] in risks]
        expected = [f"{one} {score:g}" for one, score in scored if score > 100]
        self.assertGreater(len(expected), 50)
        self.assertEqual(self.run_example("fraud_scores", path, table, 100), expected)

    def test_files_to_files_is_exactly_once_whenever_it_is_killed(self):
        path, rows = self.cards(60_000)
        for name in ("in", "out"):
            (self.folder / name).mkdir()
        with path.open() as file:
            lines = file.readlines()[1:]
        draw = random.Random(9)
        pieces = [lines[i:i + 2_000] for i in range(0, len(lines), 2_000)]
        command = [example("exactly_once"), self.folder / "in", self.folder / "state", self.folder / "out" / "numbered"]
        for number, piece in enumerate(pieces):
            program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            moved = self.folder / f"piece-{number:03}.tmp"
            moved.write_text("".join(piece))
            moved.rename(self.folder / "in" / f"piece-{number:03}.csv")
            time.sleep(draw.uniform(0.0, 0.4))
            program.kill()
            self.assertEqual(program.communicate()[1], "")
        program = subprocess.Popen(command)
        deadline = time.monotonic() + 60
        while len(self.numbered()) < len(rows) and time.monotonic() < deadline:
            time.sleep(0.2)
        program.kill()
        program.wait()
        self.check_numbers(rows)

    def numbered(self):
        return [line for path in sorted((self.folder / "out").glob("numbered-*.txt")) for line in path.read_text().splitlines()]

    def check_numbers(self, rows):
        found = [re.fullmatch(r"\((\d+),(\w+),(\d+)\)", line).groups() for line in self.numbered()]
        counts = collections.Counter()
        expected = []
        for row in rows:
            counts[row["country"]] += 1
            expected.append((row["id"], row["country"], str(counts[row["country"]])))
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
