// Generated rule files must compile: then what the other properties draw is worth something.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "rules/diagnostic.hpp"
#include "tests/property/compiled_case.hpp"

using namespace weir;
using namespace weir::testing;

TEST_CASE("every generated rule file compiles") {
  CHECK(rc::check([](const case_draw& draw) {
    const rules::compilation compiled = compile_generated(rule_file(draw.file));
    for (const rules::diagnostic& d : compiled.findings) {
      if (d.level == rules::diagnostic_level::error) RC_FAIL(rules::render(d, compiled.files));
    }
    RC_ASSERT(compiled.result.has_value());
    RC_ASSERT(compiled.result->rules.size() == draw.file.rules.size());
  }));
}

TEST_CASE("a rule file from empty tapes is the simplest one") {
  const std::string text = rule_file({{}, {rule_draw{}}});
  CHECK(text.find("rule r1 for acct {\n  on s1: pay\n}\n") != std::string::npos);
}
