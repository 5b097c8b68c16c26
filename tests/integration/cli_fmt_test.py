"""weir fmt: files in place, standard input to standard output, and --check."""
import os
import stat
import unittest

from cli_harness import CliTest

CROWDED = "entity card\nevent payment {at:time card:card}\nrule r for card{on payment}\n"
LAID_OUT = "entity card\nevent payment { at: time  card: card }\n\nrule r for card {\n  on payment\n}\n"


class FmtTest(CliTest):
    def read(self, name):
        return (self.folder / name).read_bytes().decode()

    def test_standard_input_goes_to_standard_output(self):
        self.assertEqual(self.weir("fmt", stdin=CROWDED).stdout, LAID_OUT)
        self.assertEqual(self.weir("fmt", "-", stdin=LAID_OUT).stdout, LAID_OUT)

    def test_files_are_replaced_in_place_and_named(self):
        self.write("a.weir", CROWDED)
        self.write("b.weir", LAID_OUT)
        done = self.weir("fmt", "a.weir", "b.weir")
        self.assertEqual(done.stdout, "a.weir: laid out anew\n")
        self.assertEqual((self.read("a.weir"), self.read("b.weir")), (LAID_OUT, LAID_OUT))
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.weir", "b.weir", "rules.weir"])

    def test_a_file_that_is_laid_out_is_not_written(self):
        path = self.write("b.weir", LAID_OUT)
        os.utime(path, (1, 1))
        self.weir("fmt", "b.weir")
        self.assertEqual(path.stat().st_mtime, 1)

    def test_a_file_with_errors_of_syntax_is_left_and_the_others_are_not(self):
        self.write("wrong.weir", CROWDED + "rule {")
        self.write("a.weir", CROWDED)
        done = self.weir("fmt", "wrong.weir", "a.weir", code=1)
        self.assertRegex(done.stderr, r"^wrong\.weir:4:6: error: expected ")
        self.assertEqual((self.read("wrong.weir"), self.read("a.weir")), (CROWDED + "rule {", LAID_OUT))

    def test_check_writes_nothing_and_names_what_would_change(self):
        self.write("a.weir", CROWDED)
        self.write("b.weir", LAID_OUT)
        done = self.weir("fmt", "--check", "a.weir", "b.weir", code=1)
        self.assertEqual(done.stdout, "a.weir: weir fmt would change it\n")
        self.assertEqual(self.read("a.weir"), CROWDED)
        self.assertEqual(self.weir("fmt", "--check", "b.weir").stdout, "")
        self.assertEqual(self.weir("fmt", "--check", stdin=CROWDED, code=1).stdout, "<stdin>: weir fmt would change it\n")

    def test_permissions_and_links_stay(self):
        path = self.write("a.weir", CROWDED)
        path.chmod(0o640)
        (self.folder / "link.weir").symlink_to("a.weir")
        self.weir("fmt", "link.weir")
        self.assertEqual(self.read("a.weir"), LAID_OUT)
        self.assertTrue((self.folder / "link.weir").is_symlink())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_a_file_that_is_not_there_is_one_clear_line(self):
        done = self.weir("fmt", "missing.weir", code=3)
        self.assertEqual(done.stderr, "weir: missing.weir: No such file or directory\n")

    def test_line_ends_of_windows_stay(self):
        self.write("a.weir", CROWDED.replace("\n", "\r\n"))
        self.weir("fmt", "a.weir")
        self.assertEqual(self.read("a.weir"), LAID_OUT.replace("\n", "\r\n"))


if __name__ == "__main__":
    unittest.main()
