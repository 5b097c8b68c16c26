// Rules that ask graphs, against the definitions: whatever the stream, its cut into batches, and the threads.
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "tests/property/tape.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/oracle_strata.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

struct graph_case {
  tape file;
  std::vector<tape> rules;
  std::vector<tape> events;
  tape cuts;
  std::size_t threads = 1;
  bool drained = true;
  bool renamed = false;  // accounts have other names after a while
};

// ---- rules

class rule_writer {
 public:
  explicit rule_writer(const tape& choices) : choices_(choices) {}

  std::string rule(std::size_t number) {
    std::string text = fmt::format("rule r{} for acct: account {{\n", number);
    text += number % 3 == 2 && choices_.once_in(2) ? of_raised() : body();
    if (choices_.once_in(4)) text += fmt::format("  suppress by {} for 4s\n", count("acct"));
    text +=
        fmt::format("  reason \"{{{}}} {{{}}}\"\n", choices_.once_in(2) ? count("acct") : "g.component(acct)", rank());
    if (number % 3 == 1) text += "  raise noted { who: acct }\n";
    return text + "}\n";
  }

 private:
  std::string of_raised() { return "  on n: noted where who = acct\n  when " + about({"acct"}) + "\n"; }

  std::string body() {
    switch (choices_.choose(10)) {
      case 0: return "  on t: transfer where from = acct\n  when " + condition("t", {"acct", "t.to"}) + "\n";
      case 1: return "  on t: transfer where to = acct\n  when " + condition("t", {"acct", "t.from"}) + "\n";
      case 2: return "  on t: transfer where to = acct and " + condition("t", {"to", "from", "acct"}) + "\n";
      case 3: return "  on v: visit where who = acct\n  when " + about({"acct"}) + "\n";
      case 4:
        return "  match a: transfer where from = acct\n  then b: transfer where to = acct\n  within 6s\n  when " +
               condition(choices_.once_in(2) ? "a" : "b", {"acct", "a.to", "b.from"}) + "\n";
      case 5:
        return "  match a: transfer where to = acct\n  then no transfer where from = acct within 3s\n  when " +
               condition("a", {"acct", "a.from"}) + "\n";
      case 6:
        return "  on t: transfer where from = acct\n  when count(transfer where from = acct and " +
               about({"to", "acct"}) + ") over 5s >= " + std::to_string(choices_.choose(3)) + "\n";
      case 7:
        return "  match a: transfer where from = acct and " + about({"to"}) +
               "\n  then no visit where who = acct and " + about({"who"}) +
               "\n  then b: transfer where from = acct\n  within 8s\n";
      case 8:
        return "  match some a: transfer where from = acct\n  then b: visit where who = acct\n  within 6s\n  when " +
               condition(choices_.once_in(2) ? "first(a)" : "last(a)", {"acct", "b.who"}) + "\n";
      default:
        return "  match (acct) -[x: transfer]-> (b) -[y: transfer]-> (c)\n    where " +
               condition(choices_.once_in(2) ? "x" : "y", {"b", "c", "acct"}) + "\n  within 8s\n";
    }
  }

  std::string condition(const std::string& edge, const std::vector<std::string>& vertices) {
    return choices_.once_in(2) ? of_edge(edge) : about(vertices);
  }

  std::string about(const std::vector<std::string>& vertices) {
    const std::string v = choices_.pick(vertices);
    const std::string w = choices_.pick(vertices);
    switch (choices_.choose(5)) {
      case 0: return fmt::format("{} >= {}", count(v), choices_.choose(4));
      case 1: return fmt::format("g.connected({}, {})", v, w);
      case 2: return fmt::format("g.hops({}, bad, at most {}) >= {}", v, 1 + choices_.choose(3), choices_.choose(2));
      case 3:
        return fmt::format("g.path({}, {}, length at most {}, within {}s)", v, w, 1 + choices_.choose(4),
                           1 + choices_.choose(4));
      default:
        return fmt::format("g.{}({}) over {}s > 1 EUR", choices_.once_in(2) ? "in_flow" : "out_flow", v, seconds());
    }
  }

  std::string count(const std::string& v) {
    static const std::vector<std::string> over{"in_degree", "out_degree", "fan_in", "fan_out"};
    static const std::vector<std::string> whole{"component_size", "component", "triangles", "core"};
    if (choices_.once_in(3)) return fmt::format("g.{}({})", choices_.pick(whole), v);
    const std::string length = choices_.once_in(2) ? fmt::format(" over {}s", seconds()) : "";
    return fmt::format("{}.{}({}){}", choices_.once_in(5) ? "all" : "g", choices_.pick(over), v, length);
  }

  std::string of_edge(const std::string& edge) {
    const std::size_t within = 1 + choices_.choose(4);
    switch (choices_.choose(4)) {
      case 0: return fmt::format("g.scatter_gather({}, width at least {}, within {}s)", edge, width(), within);
      case 1: return fmt::format("g.gather_scatter({}, width at least {}, within {}s)", edge, width(), within);
      default: {
        const std::size_t least = 1 + choices_.choose(3);
        const char* const order = choices_.once_in(3) ? " in order" : "";
        return fmt::format("g.cycle({}, length {} to {}{}, within {}s)", edge, least, least + choices_.choose(4), order,
                           within);
      }
    }
  }

  std::string rank() {
    static const std::vector<std::string> ranks{"g.pagerank(acct)", "g.risk(acct, bad)", "g.clustering(acct)",
                                                "g.betweenness(acct)"};
    return choices_.pick(ranks);
  }

  std::size_t width() { return 1 + choices_.choose(3); }
  std::size_t seconds() { return 1 + choices_.choose(4); }

  tape_reader choices_;
};

std::string text_of(const graph_case& c) {
  tape_reader choices(c.file);
  const std::size_t keep = 4 + choices.choose(12);
  const std::size_t refresh = 1 + choices.choose(7);
  std::string text =
      "entity account\n"
      "event transfer { at: time  id: text?  from: account?  to: account  amount: money(EUR)? }\n"
      "event visit { at: time  who: account }\n"
      "event noted { at: time  who: account }\n"
      "list bad : account from \"bad.txt\"\n";
  text += fmt::format("graph g : transfer(from -> to, weight amount) keep {}s refresh {}s\n", keep, refresh);
  text += "graph all : transfer(from -> to) keep 1h\n";
  for (std::size_t i = 0; i < c.rules.size(); ++i) text += rule_writer(c.rules[i]).rule(i);
  return text;
}

rules::program program_of(const graph_case& c) {
  const std::string text = text_of(c);
  auto compiled = rules::compile_text(
      text, {}, [](const std::string&) -> std::expected<std::string, std::string> { return "A\nZ\nB1\n"; });
  if (compiled.result) return std::move(*compiled.result);
  std::string message = text;
  for (const rules::diagnostic& d : compiled.findings) message += rules::render(d, compiled.files);
  throw std::runtime_error(message);
}

// ---- the stream

std::vector<plain_event> stream_of(const graph_case& c, const stream::schema& types) {
  using namespace std::chrono_literals;
  std::vector<plain_event> events;
  stream::duration now = 1000s;
  for (const tape& drawn : c.events) {
    tape_reader choices(drawn);
    const bool visit = choices.once_in(6);
    now += std::chrono::milliseconds(500 * (choices.once_in(12) ? 40 : choices.choose(4)));
    const auto name = [&] {
      std::string account(1, static_cast<char>('A' + choices.choose(5)));
      if (c.renamed) account += std::to_string((now - 1000s) / 12s);
      return account;
    };
    if (visit) {
      events.push_back(make_event(types, "visit", now, {{"who", name()}}));
      continue;
    }
    named_values fields{{"to", name()}};
    if (!choices.once_in(12)) fields.emplace_back("from", name());
    if (!choices.once_in(8)) fields.emplace_back("amount", std::int64_t{50} * static_cast<int>(choices.choose(6)));
    events.push_back(make_event(types, "transfer", now, fields));
  }
  return in_one_source(std::move(events));
}

std::vector<batch_cut> cuts_of(const graph_case& c, std::span<const plain_event> events, stream::timestamp end) {
  std::vector<std::size_t> sizes;
  std::vector<stream::duration> lags;
  for (const std::uint8_t choice : c.cuts) {
    sizes.push_back(choice % 7);
    lags.push_back(std::chrono::milliseconds(500 * (choice % 5)));
  }
  if (sizes.empty()) sizes.push_back(1);
  if (lags.empty()) lags.push_back({});
  return batches_by(sizes, lags, events, end);
}

void require_equal(std::span<const plain_alert> expected, const engine_run& found, const rules::program& program,
                   std::span<const plain_event> events) {
  const std::string differs = difference(expected, found.alerts, program, events);
  if (!differs.empty()) RC_FAIL(differs);
}

[[maybe_unused]] void showValue(const graph_case& c, std::ostream& out) {
  out << "\n" << text_of(c);
  const rules::program program = program_of(c);
  for (const plain_event& e : stream_of(c, program.schema)) out << to_text(e, program.schema) << "\n";
  out << (c.drained ? "drained" : "not drained") << "; " << c.threads << " threads\n";
}

}  // namespace

template <>
struct rc::Arbitrary<graph_case> {
  static Gen<graph_case> arbitrary() {
    const auto drawn = [](std::size_t size) {
      return gen::container<tape>(size, gen::resize(100, gen::inRange<std::uint8_t>(0, 240)));
    };
    return gen::build<graph_case>(
        gen::set(&graph_case::file, drawn(2)),
        gen::set(&graph_case::rules, gen::nonEmpty(gen::resize(4, gen::container<std::vector<tape>>(drawn(24))))),
        gen::set(&graph_case::events, gen::resize(60, gen::container<std::vector<tape>>(drawn(7)))),
        gen::set(&graph_case::cuts, drawn(8)), gen::set(&graph_case::drained, gen::arbitrary<bool>()),
        gen::set(&graph_case::renamed, gen::arbitrary<bool>()),
        gen::set(&graph_case::threads, gen::resize(100, gen::inRange<std::size_t>(1, 5))));
  }
};

TEST_CASE("rules that ask graphs find what the definitions say") {
  CHECK(rc::check([](const graph_case& c) {
    const rules::program program = program_of(c);
    const auto events = stream_of(c, program.schema);
    const auto end = c.drained || events.empty() ? stream::end_of_time : events.back().at;
    const auto cuts = cuts_of(c, events, end);
    const auto expected = find_alerts(program, events, end);
    RC_CLASSIFY(!expected.empty(), "some alerts");
    const engine_run found = run_engine(program, events, cuts, with_threads(c.threads));
    require_equal(expected, found, program, events);
    const engine_run in_one = run_engine(program, events, one_batch(events, end));
    require_equal(expected, in_one, program, events);
    RC_ASSERT(found.ids == in_one.ids);
    const auto [recycled, any] = run_engine_recycling(program, events, cuts, with_threads(c.threads));
    RC_CLASSIFY(any, "some ids handed out again");
    require_equal(expected, recycled, program, events);
  }));
}

TEST_CASE("rules that ask graphs go on as they were when the set is replaced by itself") {
  CHECK(rc::check([](const graph_case& c) {
    const rules::program program = program_of(c);
    const auto events = stream_of(c, program.schema);
    const auto cuts = cuts_of(c, events, stream::end_of_time);
    const engine_run undisturbed = run_engine(program, events, cuts);
    engine_session session(program, events, with_threads(c.threads));
    std::size_t taken = 0;
    for (const batch_cut& cut : cuts) {
      if (taken % 2 == 0) RC_ASSERT(session.replace(program).empty());
      session.take(
          make_batch(std::span(events).subspan(taken, cut.events), cut.watermark, program.schema, session.names()));
      taken += cut.events;
    }
    const engine_run found = std::move(session).run();
    require_equal(undisturbed.alerts, found, program, events);
    RC_ASSERT(undisturbed.ids == found.ids);
  }));
}
