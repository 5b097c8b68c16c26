"""weir new: the project it writes works as its README says."""
import re
import unittest

from cli_harness import CliTest

FILES = ["README.md", "weir.toml", "rules/first.weir", "data/payments.ndjson"]


class NewTest(CliTest):
    def commands(self, folder):
        """Those that the README shows."""
        shown = (self.folder / folder / "README.md").read_text()
        return [line.split("#")[0].split()[1:] for line in re.findall(r"^    (weir .*)$", shown, re.MULTILINE)]

    def test_the_project_does_what_its_readme_says(self):
        made = self.weir("new", "mine").stdout
        self.assertEqual(made, "".join(f"mine/{file}\n" for file in FILES) + "Read mine/README.md on how to go on.\n")
        commands = self.commands("mine")
        self.assertEqual([c[0] for c in commands], ["check", "test", "run", "fmt"])
        self.folder /= "mine"
        said = {command[0]: self.weir(*command).stdout for command in commands}
        self.assertEqual(said["check"], "ok: 2 rules, 0 warnings\n")
        self.assertEqual(said["test"], "4 passed, 0 failed\n")
        self.assertEqual(said["fmt"], "")
        alerts = self.read_lines("alerts.jsonl")
        self.assertEqual({(a["rule"]["name"], a["subject"]["card"]) for a in alerts},
                         {("card_testing", "4713"), ("velocity", "4714")})

    def test_nothing_is_overwritten(self):
        self.write("mine/weir.toml", "mine")
        done = self.weir("new", "mine", code=2)
        self.assertIn("mine/weir.toml is there already", done.stderr)
        self.assertEqual([p.name for p in (self.folder / "mine").iterdir()], ["weir.toml"])
        self.assertEqual((self.folder / "mine/weir.toml").read_text(), "mine")

    def test_without_a_folder_it_is_made_here(self):
        self.folder /= "here"
        self.folder.mkdir()
        self.weir("new")
        self.assertTrue(all((self.folder / file).is_file() for file in FILES))
        self.assertEqual(self.weir("test", "rules/first.weir").stdout, "4 passed, 0 failed\n")

    def test_a_folder_that_cannot_be_made_is_one_clear_line(self):
        self.write("file", "")
        done = self.weir("new", "file/mine", code=3)
        self.assertRegex(done.stderr, r"^weir: file/mine: .+\n$")


if __name__ == "__main__":
    unittest.main()
