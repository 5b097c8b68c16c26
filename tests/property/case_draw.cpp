#include "tests/property/case_draw.hpp"

#include <ostream>

#include "rules/compile.hpp"
#include "tests/property/compiled_case.hpp"

namespace weir::testing {
namespace {

using rc::Gen;
namespace gen = rc::gen;

Gen<std::uint8_t> choice() { return gen::resize(100, gen::inRange<std::uint8_t>(0, 240)); }

// Tapes have a fixed length, so that shrinking a choice leaves the others where they are.
Gen<tape> any_tape(std::size_t size) { return gen::container<tape>(size, choice()); }

Gen<rule_draw> rule() {
  return gen::build<rule_draw>(
      gen::set(&rule_draw::subject, any_tape(2)),
      gen::set(&rule_draw::parts, gen::resize(6, gen::container<std::vector<tape>>(any_tape(60)))),
      gen::set(&rule_draw::when, any_tape(60)), gen::set(&rule_draw::unless, any_tape(40)),
      gen::set(&rule_draw::ending, any_tape(28)), gen::set(&rule_draw::raise, any_tape(30)),
      gen::set(&rule_draw::manner, any_tape(30)));
}

Gen<file_draw> file() {
  return gen::build<file_draw>(
      gen::set(&file_draw::schema, any_tape(36)),
      gen::set(&file_draw::rules, gen::nonEmpty(gen::resize(4, gen::container<std::vector<rule_draw>>(rule())))));
}

Gen<stream_draw> events() { return gen::container<stream_draw>(any_tape(28)); }

}  // namespace

void showValue(const case_draw& draw, std::ostream& out) {
  const std::string text = rule_file(draw.file);
  out << "\n" << text << "\n";
  const rules::compilation compiled = compile_generated(text);
  if (!compiled.result) return;
  std::size_t place = 0;
  for (const plain_event& e : plain_stream(draw.events, draw.clock, compiled.result->schema)) {
    out << "#" << place++ << " " << to_text(e, compiled.result->schema) << "\n";
  }
  out << (draw.drained ? "drained" : "not drained") << "; batches of";
  for (const std::uint8_t size : draw.cuts) out << " " << size % 6;
  out << "; " << draw.threads << " threads\n";
}

}  // namespace weir::testing

rc::Gen<weir::testing::case_draw> rc::Arbitrary<weir::testing::case_draw>::arbitrary() {
  using namespace weir::testing;
  return gen::build<case_draw>(
      gen::set(&case_draw::file, file()), gen::set(&case_draw::events, gen::resize(45, events())),
      gen::set(&case_draw::clock, any_tape(2)), gen::set(&case_draw::cuts, any_tape(10)),
      gen::set(&case_draw::lags, any_tape(5)), gen::set(&case_draw::drained, gen::arbitrary<bool>()),
      gen::set(&case_draw::threads, gen::resize(100, gen::inRange<std::size_t>(1, 9))));
}
