// What random rules are made of: every construct of the language must be drawn, and rules with it must alert, or the
// other properties say nothing of it.
#include <iostream>
#include <map>
#include <regex>
#include <set>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/property/compiled_case.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

constexpr std::size_t cases = 1500;

/// A construct, and what the text of a rule with it looks like.
struct construct {
  std::string name;
  std::regex looks;

  construct(std::string called, const std::string& pattern) : name(std::move(called)), looks(pattern) {}
};

const std::vector<construct>& constructs() {
  static const std::vector<construct> all{
      {"on", R"(\n  on )"},
      {"match", R"(\n  match )"},
      {"then", R"(\n  then )"},
      {"then next", R"(then  next )"},
      {"N times", R"( \d times )"},
      {"N to M times", R"(\d to \d times)"},
      {"at least N", "at least "},
      {"some", R"( some )"},
      {"all of", "all of "},
      {"one of", "one of "},
      {"one of, its members by different fields",
       R"(one of \([^\n]*where (acct = who|who = acct)[^\n]*(peer = who|who = peer))"},
      {"a run in one of", R"(one of \([^\n]*(times|some) )"},
      {"optional", "optional "},
      {"optional group", "optional (all|one) of "},
      {"no, first", R"(match no )"},
      {"no, between", R"(then  no [^\n]*\n  then  (next |optional )?(\w|\())"},
      {"no, last", R"(then  no [^\n]* within [^\n]*\n  (within|when|unless|emit|suppress|reason|raise))"},
      {"no, within D of a label", R"(no [^\n]* within \w+ of s\d)"},
      {"step within D of a label", R"(\n  (match|then)  ?(?!no)[^\n]* within \w+ of s\d)"},
      {"match within D", R"(\n  within \w+\n)"},
      {"match within N events", R"(\n  within \d+ events\n)"},
      {"a path", R"(\]-> )"},
      {"a path in any order", "match any order "},
      {"a path's where", R"(\n    where )"},
      {"a condition that reads an earlier event", R"(where [^\n]*\bs\d\.)"},
      {"when", R"(\n  when )"},
      {"unless", R"(\n  unless )"},
      {"emit each", "emit each"},
      {"emit first", "emit first"},
      {"emit all limit N", R"(emit all limit \d)"},
      {"suppress for", "suppress for "},
      {"suppress by", "suppress by "},
      {"raise", R"(\n  raise )"},
      {"what another rule raises", R"((on|match|then)  ?[^\n]*\b(alarm|echo)\b)"},
      {"reason with a value", R"(reason "\{[^s])"},
      {"mode shadow", "mode shadow"},
      {"version", " version 2 "},
      {"subject by its field", R"(for acct[ :])"},
      {"subject by an equality", "for who: "},
      {"subject that is a text", R"(for tag[ :])"},
      {"two subjects", R"(for \w+(: \w+)?, )"},
      {"two subjects of one entity", "for a: account, b: account"},
      {"no subject", R"(^rule r\d( version 2)? \{)"},
      {"over D", R"(over \d+m?s)"},
      {"over prior D", R"(over prior \d+m?s)"},
      {"over D ending D ago", R"(over \w+ ending \w+ ago)"},
      {"over N events", R"(over \d events)"},
      {"over prior N events", R"(over prior \d events)"},
      {"over day", "over day"},
      {"over week", "over week"},
      {"over month", "over month"},
      {"a time zone", R"(over (day|week|month) in ")"},
      {"over session gap D", "over session gap "},
      {"an aggregate's where", R"(\([^\n()]* where [^\n]*\) over )"},
      {"count", R"(count\([^\n]*\) over)"},
      {"sum", R"(sum\([^\n]*\) over)"},
      {"avg", R"(avg\([^\n]*\) over)"},
      {"min", R"(min\([^\n]*\) over)"},
      {"max", R"(max\([^\n]*\) over)"},
      {"distinct", R"(distinct\([^\n]*\) over)"},
      {"first", R"(first\([^\n]*\) over)"},
      {"last", R"(last\([^\n]*\) over)"},
      {"stddev", R"(stddev\([^\n]*\) over)"},
      {"median", R"(median\([^\n]*\) over)"},
      {"percentile", R"(percentile\([^\n]*\) over)"},
      {"prev", R"(prev\(\w+\))"},
      {"prev with a where", R"(prev\(\w+ where)"},
      {"count of a run", R"(count\(s\d\))"},
      {"a function of a run", R"((sum|avg|min|max|median|stddev|distinct)\(s\d\.)"},
      {"the first of a run", R"(first\(s\d[.)])"},
      {"the last of a run", R"(last\(s\d[.)])"},
      {"and", " and "},
      {"or", " or "},
      {"not", R"(not \()"},
      {"=", " = "},
      {"!=", " != "},
      {"<", " < "},
      {"<=", " <= "},
      {">", " > "},
      {">=", " >= "},
      {"between", " between "},
      {"in a list", R"( in (tags_seen|known|few|near)\b)"},
      {"not in", " not in "},
      {"in a block of addresses", R"re(in "10\.0\.0\.0/31")re"},
      {"in a table", R"( in (grades|codes|kinds)\b)"},
      {"a table's cell", R"((grades|codes|kinds)\[)"},
      {"a model's score", R"(score\(judge)"},
      {"is missing", " is missing"},
      {"is not missing", " is not missing"},
      {"??", R"( \?\? )"},
      {"+", R"( \+ )"},
      {"-", R"( - )"},
      {"*", R"( \* )"},
      {"/", " / "},
      {"a sign", R"(-\()"},
      {"a param", R"(\b(bound|price|pause)\b)"},
      {"a let of an event", R"(whole\()"},
      {"a let of two events", R"(same\()"},
      {"a let of a value", R"(twice\()"},
      {"lower", R"(lower\()"},
      {"upper", R"(upper\()"},
      {"starts_with", R"(starts_with\()"},
      {"ends_with", R"(ends_with\()"},
      {"contains", R"(contains\()"},
      {"matches", R"(matches\()"},
      {"length", R"(length\()"},
      {"abs", R"(abs\()"},
      {"round", R"(round\()"},
      {"round to digits", R"(round\([^\n]*, 1\))"},
      {"coalesce", R"(coalesce\()"},
      {"seconds", R"(seconds\()"},
      {"minutes", R"(minutes\()"},
      {"hours", R"(hours\()"},
      {"days", R"(days\()"},
      {"distance_km of events", R"(distance_km\((?!\w*\.?lat))"},
      {"distance_km of numbers", R"(distance_km\(\w*\.?lat)"},
  };
  return all;
}

struct tally {
  std::size_t drawn = 0;    // rules with it
  std::size_t alerted = 0;  // those of them that alerted
};

/// The rules of a file, by their names.
std::map<std::string, std::string> rules_in(const std::string& file) {
  std::map<std::string, std::string> texts;
  std::size_t begin = file.find("\nrule ");
  while (begin != std::string::npos) {
    const std::size_t next = file.find("\nrule ", begin + 1);
    const std::string text = file.substr(begin + 1, next == std::string::npos ? next : next - begin - 1);
    texts.emplace(text.substr(5, text.find(' ', 5) - 5), text);
    begin = next;
  }
  return texts;
}

std::set<std::string> alerting_rules(const compiled_case& c) {
  const auto rules = c.program.active();
  std::set<std::string> names;
  for (const plain_alert& a : run_engine(c.program, c.events, one_batch(c.events, c.final_watermark)).alerts) {
    names.insert(rules[a.pattern]->name);
  }
  return names;
}

void count(const case_draw& draw, std::vector<tally>& into) {
  const std::set<std::string> alerting = alerting_rules(compile_case(draw));
  for (const auto& [name, text] : rules_in(rule_file(draw.file))) {
    for (std::size_t i = 0; i < constructs().size(); ++i) {
      if (!std::regex_search(text, constructs()[i].looks)) continue;
      ++into[i].drawn;
      if (alerting.contains(name)) ++into[i].alerted;
    }
  }
}

}  // namespace

// The same draws each time: a rare construct is there or not, and never by luck.
TEST_CASE("random rules are drawn from the whole language, and those with each construct alert") {
  const auto draws = rc::gen::arbitrary<case_draw>();
  rc::Random random(20'241'124);
  std::vector<tally> tallies(constructs().size());
  for (std::size_t i = 0; i < cases; ++i) count(draws(random.split(), 100).value(), tallies);
  std::cout << fmt::format("{} cases\n{:>6} {:>8}\n", cases, "drawn", "alerted");
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const std::string& name = constructs()[i].name;
    std::cout << fmt::format("{:6} {:8}  {}\n", tallies[i].drawn, tallies[i].alerted, name);
    INFO(name);
    CHECK(tallies[i].drawn > 0);
    CHECK(tallies[i].alerted > 0);
  }
}
