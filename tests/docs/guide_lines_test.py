"""The own test of the count of lines: it finds each kind of fault, and none where there is none."""

from guide_lines import faults_of

PROGRAMS = """
not_counted();
// guide: two pieces
#include <vector>
f();  // why
// only a comment

{
}
// end
not_counted();
  // guide: two pieces
  g();
  // end
"""


def faults(*rows):
    table = "".join(f"| {row} |\n" for row in rows)
    return faults_of(f"## Spark's guide, translated\n\n| example | lines there | lines here |\n|---|---|---|\n{table}\n## Next\n", PROGRAMS)


assert faults("two pieces | 3 | 2") == []
assert faults("two pieces | 2 | 2") == []
assert len(faults("two pieces | 3 | 3")) == 1  # stale
assert len(faults("two pieces | 1 | 2")) == 1  # longer here
assert len(faults("two pieces | 3 | 2", "gone | 1 | 1")) == 1
assert len(faults("another | 1 | 1")) == 2
assert len(faults_of("# No table", PROGRAMS)) == 2
print("ok")
