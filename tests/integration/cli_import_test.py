"""weir import sigma: what it writes runs, and what it cannot say is named."""
import unittest

from cli_harness import CliTest, lines

GUEST = """title: A Guest On The Roof
logsource: { product: house, service: doors }
detection:
  selection: { Door: roof, Person|contains: GUEST }
  condition: selection
level: high
"""
ENCODED = """title: Encoded
logsource: { product: house, service: doors }
detection:
  selection: { Door|base64: roof }
  condition: selection
"""
MAP = """
[[source]]
product = "house"
event   = "opened"
fields  = { Door = "door", Person = "who" }
"""


class ImportTest(CliTest):
    def test_rules_come_out_that_check_and_run(self):
        self.write("roof.yml", GUEST)
        done = self.weir("import", "sigma", "roof.yml", "--out", "sigma.weir")
        self.assertEqual((done.stdout, done.stderr), ("", "1 rule written, 0 left out\n"))
        self.assertIn("ok: 1 rule", self.weir("check", "sigma.weir").stdout)
        self.write("events.ndjson", lines([{"at": 1000, "Door": "ROOF", "Person": "a guest"},
                                           {"at": 2000, "Door": "cellar", "Person": "a guest"},
                                           {"at": 3000, "Door": "roof"}]))
        self.weir("run", "sigma.weir", "--input", "house_doors=events.ndjson", "--alerts", "alerts.jsonl")
        alerts = self.read_lines("alerts.jsonl")
        self.assertEqual([(a["rule"]["name"], a["severity"], a["event_time"]) for a in alerts],
                         [("a_guest_on_the_roof", "high", "1970-01-01T00:00:01Z")])

    def test_a_map_names_events_and_fields(self):
        self.write("roof.yml", GUEST)
        self.write("map.toml", MAP)
        written = self.weir("import", "sigma", "roof.yml", "--map", "map.toml").stdout
        self.assertIn("event opened", written)
        self.assertIn('lower(door) = "roof" and contains(lower(who), "guest")', written)

    def test_what_cannot_be_said_is_named_and_changes_the_exit_code(self):
        self.write("roof.yml", GUEST)
        self.write("encoded.yml", ENCODED)
        done = self.weir("import", "sigma", "encoded.yml", "roof.yml", code=1)
        self.assertIn("rule a_guest_on_the_roof", done.stdout)
        self.assertRegex(done.stderr, r'^encoded\.yml:4: left out "Encoded": the modifier `base64`.*\n'
                                      r"1 rule written, 1 left out\n$")

    def test_faults_of_files_are_one_clear_line(self):
        self.write("roof.yml", GUEST)
        self.write("bad.yml", "title: [\n")
        self.write("bad.toml", "[[source]]\nproduct = 'house'\nevnt = 'opened'\n")
        self.assertIn("bad.yml:", self.weir("import", "sigma", "bad.yml", code=1).stderr)
        self.assertRegex(self.weir("import", "sigma", "none.yml", code=3).stderr, r"^weir: none\.yml: .+\n$")
        self.assertRegex(self.weir("import", "sigma", "roof.yml", "--map", "none.toml", code=2).stderr,
                         r"none\.toml")
        self.assertIn("evnt", self.weir("import", "sigma", "roof.yml", "--map", "bad.toml", code=2).stderr)
        self.weir("import", "sigma", code=2)


if __name__ == "__main__":
    unittest.main()
