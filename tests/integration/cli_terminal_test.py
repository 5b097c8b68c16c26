"""What a person at a terminal sees of weir run."""
import os
import pty
import subprocess
import unittest

from cli_harness import WEIR, CliTest, lines, payment


class TerminalTest(CliTest):
    def on_terminal(self, stream, *arguments, **environment):
        """Runs with one of the standard streams on a terminal; what was shown there."""
        ours, theirs = pty.openpty()
        told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: theirs}
        inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        run = subprocess.Popen([WEIR, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL,
                               env=inherited | {"TERM": "xterm"} | environment, **told)
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how a terminal says that the other side has gone
            pass
        os.close(ours)
        self.assertEqual(run.wait(60), 0)
        return shown.decode()

    def test_a_bounded_input_shows_how_far_it_is_and_wipes_it_away(self):
        self.weir("generate", "payments", "--events", 500000, "--out", "p.ndjson")
        shown = self.on_terminal("stderr", "run", "rules.weir", "--input", "payment=p.ndjson", "--alerts", "none")
        self.assertRegex(shown, r"\r\x1b\[K[█░]{30} +\d+ %  [\d,]+ events  [\d,]+ events/s\r\x1b\[K")
        last = shown.rsplit("\x1b[K", 1)[1]
        self.assertRegex(last, r"^events +500,000 ")

    def test_alerts_on_a_terminal_are_coloured_lines(self):
        self.write("p.ndjson", lines([payment(0, "c1", 1), payment(60, "c1", 700, "m2")]))
        arguments = ("run", "rules.weir", "--input", "payment=p.ndjson")
        shown = self.on_terminal("stdout", *arguments)
        self.assertIn("\x1b[31mhigh    \x1b[0m  \x1b[1mtest_charge\x1b[0m  c1  a 1.00", shown)
        plain = self.on_terminal("stdout", *arguments, NO_COLOR="1")
        self.assertIn("high      test_charge  c1  a 1.00", plain)


if __name__ == "__main__":
    unittest.main()
