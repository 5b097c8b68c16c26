"""`weir generate` writes the same stream for the same seed, and says beside it which events are fraud."""
import csv
import json
import pathlib
import unittest

from cli_harness import WEIR, CliTest

PACKS = pathlib.Path(__file__).parents[2] / "rules" / "packs"


class GenerateTest(CliTest):
    def test_payments_begin_as_the_recipe_says(self):
        done = self.weir("generate", "payments", "--events", 2, "--seed", 42)
        self.assertEqual(done.stdout,
                         '{"at":0,"id":"0","card":"75413","merchant":"764","amount":1.14}\n'
                         '{"at":1,"id":"1","card":"63250","merchant":"908","amount":749.26}\n')
        done = self.weir("generate", "payments", "--events", 1, "--seed", 42, "--format", "csv")
        self.assertEqual(done.stdout, "at,id,card,merchant,amount\n0,0,75413,764,1.14\n")

    def test_no_events_are_an_empty_file(self):
        self.assertEqual(self.weir("generate", "payments", "--events", 0).stdout, "")
        self.assertEqual(self.weir("generate", "logins", "--events", 0, "--format", "csv").stdout,
                         "event,at,id,user,ok,device,country,lat,lon,amount\n")

    def test_labels_name_events_of_the_stream(self):
        for kind, events in (("cards", 40_000), ("transfers", 20_000), ("logins", 20_000)):
            with self.subTest(kind):
                self.weir("generate", kind, "--events", events, "--out", "s.ndjson", "--labels", "labels.csv")
                ids = {record["id"] for record in self.read_lines("s.ndjson")}
                self.assertEqual(len(ids), events)
                with open(self.folder / "labels.csv", newline="") as file:
                    labels = list(csv.DictReader(file))
                self.assertGreater(len(labels), 20)
                self.assertEqual(list(labels[0]), ["id", "case", "typology"])
                self.assertTrue(ids.issuperset(label["id"] for label in labels))
                self.assertEqual(len({label["id"] for label in labels}), len(labels))

    def test_both_formats_hold_the_same_values(self):
        for kind in ("payments", "cards", "transfers", "logins"):
            with self.subTest(kind):
                self.weir("generate", kind, "--events", 3000, "--out", "s.ndjson")
                self.weir("generate", kind, "--events", 3000, "--out", "s.csv", "--format", "csv")
                with open(self.folder / "s.csv", newline="") as file:
                    rows = [{name: value for name, value in row.items() if value} for row in csv.DictReader(file)]
                records = (json.loads(line, parse_float=str) for line in (self.folder / "s.ndjson").read_text().splitlines())
                as_text = [{name: str(value).lower() if isinstance(value, bool) else str(value)
                            for name, value in record.items()} for record in records]
                self.assertEqual(rows, as_text)

    def test_the_packs_read_both_formats_alike(self):
        inputs = {"cards": "payment={}", "transfers": "transfer={}", "logins": "{}"}
        packs = {"cards": "cards.weir", "transfers": "aml.weir", "logins": "logins.weir"}
        for kind, pattern in inputs.items():
            with self.subTest(kind):
                ids = []
                for ending in ("ndjson", "csv"):
                    name = f"{kind}.{ending}"
                    self.weir("generate", kind, "--events", 20_000, "--format", ending, "--out", name)
                    done = self.weir("run", PACKS / packs[kind], "--input", pattern.format(name), "--alerts",
                                     "alerts.jsonl")
                    self.assertRegex(done.stderr, r"events\s+20,000 ")
                    self.assertRegex(done.stderr, r"set aside\s+0")
                    ids.append([alert["id"] for alert in self.read_lines("alerts.jsonl")])
                self.assertGreater(len(ids[0]), 5)
                self.assertEqual(ids[0], ids[1])


class GenerateFaultTest(CliTest):
    def fails(self, code, *arguments):
        return self.weir("generate", *arguments, code=code).stderr

    def test_wrong_use(self):
        self.fails(2, "payment", "--events", 1)
        self.fails(2, "payments")
        self.fails(2, "payments", "--events", "many")
        self.fails(2, "payments", "--events", 1, "--format", "xml")
        self.assertEqual(self.fails(2, "payments", "--events", 1, "--labels", "l.csv"),
                         "weir: payments has no planted cases to label; `weir generate cards` has\n")

    def test_a_full_disk_is_told(self):
        self.assertEqual(self.fails(3, "payments", "--events", 100_000, "--out", "/dev/full"),
                         "weir: /dev/full: No space left on device\n")

    def test_a_file_that_cannot_be_made_is_told(self):
        self.assertIn("No such file or directory",
                      self.fails(3, "transfers", "--events", 10, "--out", "missing/t.ndjson"))
        self.assertIn("No such file or directory",
                      self.fails(3, "transfers", "--events", 10, "--out", "t.ndjson", "--labels", "missing/l.csv"))

    def test_a_reader_may_leave_early(self):
        process = self.start(WEIR, "generate", "payments", "--events", 10_000_000)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(process.stderr.read(), "")


if __name__ == "__main__":
    unittest.main()
