#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "apps/generate/generator.hpp"
#include "cep/engine.hpp"
#include "rules/compile.hpp"
#include "rules/test_runner.hpp"
#include "stream/event_log.hpp"
#include "stream/intake.hpp"

namespace {

using namespace weir;
using generate::stream_kind;
using generate::typology;

const std::map<stream_kind, std::string> packs{{stream_kind::cards, "cards.weir"},
                                               {stream_kind::transfers, "networks.weir"},
                                               {stream_kind::logins, "logins.weir"}};

rules::compilation compile_pack(const std::string& file) {
  return rules::compile({std::string(WEIR_PACKS) + "/" + file});
}

std::string messages(const rules::compilation& compiled) {
  std::string text;
  for (const auto& finding : compiled.findings) text += rules::render(finding, compiled.files) + "\n";
  return text;
}

// A generated stream as bytes, and the cases in it by event id.
struct labelled_stream {
  std::string lines;
  std::map<std::uint64_t, generate::label> labels;
};

constexpr std::uint64_t first_day = generate::dormant_days;
constexpr std::uint64_t days = 60;

// Sixty days; before them, what dormant accounts did last.
labelled_stream generated(stream_kind kind, std::uint64_t seed) {
  labelled_stream made;
  if (kind == stream_kind::transfers) {
    for (const auto& before : generate::transfers_before_dormancy(seed, first_day)) {
      generate::append_named_line(made.lines, before);
    }
  }
  const auto a_day = *generate::events_a_day(kind);
  generate::generator from({.kind = kind, .seed = seed, .first = first_day * a_day, .name_events = true});
  for (std::uint64_t i = 0; i < days * a_day; ++i) {
    if (from.mark().kind != typology::none) made.labels[from.id()] = from.mark();
    from.append_line(made.lines);
  }
  return made;
}

using cases = std::map<typology, std::set<std::uint64_t>>;

// Those that begin early enough to be whole.
cases planted_in(const labelled_stream& made) {
  cases planted;
  for (const auto& [id, label] : made.labels) {
    const auto day = label.case_number / 100;
    const bool wakes = label.kind == typology::dormant_account;
    if (wakes || (day >= first_day && day + 3 < first_day + days)) planted[label.kind].insert(label.case_number);
  }
  return planted;
}

// What the rules of a pack found: cases by an alert of the rule of their name, and alerts about no such case.
struct findings {
  cases found;
  std::map<std::string, std::uint64_t> alerts;
  std::map<std::string, std::uint64_t> beside;
};

class pack_run {
 public:
  explicit pack_run(const rules::program& program)
      : program_(program),
        active_(program.active()),
        names_(program.schema),
        intake_(program.schema, names_, {{.name = "generated", .format = {}}}),
        engine_(program.patterns(), program.data, program.schema, names_) {}

  findings over(const labelled_stream& made) {
    intake_.feed(stream::source_id{}, stream::make_block(made.lines));
    intake_.end(stream::source_id{});
    std::vector<stream::set_aside_record> aside;
    while (auto arrived = intake_.next(4'096, aside)) {
      log_.append(std::move(*arrived));
      for (const auto& match : engine_.advance(log_)) note(match, made);
      log_.drop_before(stream::saturating_add(log_.last().watermark(), -engine_.retention()));
    }
    INFO((aside.empty() ? "" : aside.front().reason + ": " + aside.front().record));
    REQUIRE(aside.empty());
    return std::move(result_);
  }

 private:
  void note(const cep::match& match, const labelled_stream& made) {
    const auto& rule = active_[match.pattern]->name;
    bool hit = false;
    for (const auto event : match.events) {
      const auto label = made.labels.find(id_of(log_[event.handle]));
      if (label == made.labels.end() || generate::name_of(label->second.kind) != rule) continue;
      result_.found[label->second.kind].insert(label->second.case_number);
      hit = true;
    }
    ++result_.alerts[rule];
    if (!hit) ++result_.beside[rule];
  }

  std::uint64_t id_of(const stream::event_view& event) const {
    const auto text = event[*program_.schema[event.type].find("id")].text(event.row);
    std::uint64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id;
  }

  const rules::program& program_;
  std::vector<const rules::rule*> active_;
  stream::symbols names_;
  stream::intake intake_;
  stream::event_log log_;
  cep::engine engine_;
  findings result_;
};

bool expects_silence(const rules::rule_test& test) {
  return std::ranges::all_of(test.expectations, [](const auto& e) { return e.alerts == 0; });
}

}  // namespace

TEST_CASE("the packs compile without a finding") {
  for (const auto& [kind, file] : packs) {
    const auto compiled = compile_pack(file);
    INFO(messages(compiled));
    CHECK(compiled.findings.empty());
    CHECK(compiled.result);
  }
}

TEST_CASE("every rule of the packs has a reason, a test that alerts and one that stays quiet") {
  std::size_t count = 0;
  for (const auto& [kind, file] : packs) {
    const auto compiled = compile_pack(file);
    REQUIRE(compiled.result);
    for (const auto& rule : compiled.result->rules) {
      CAPTURE(rule.name);
      ++count;
      CHECK_FALSE(rule.reason.empty());
      CHECK(std::ranges::any_of(rule.tests, expects_silence));
      CHECK_FALSE(std::ranges::all_of(rule.tests, expects_silence));
    }
  }
  CHECK(count >= 12);
}

// The lines of docs/typologies.md: number, rule and pack. What aml.weir has is in networks.weir too.
struct typology_line {
  int number = 0;
  std::string rule;
  std::string pack;
};

// The cells of a table's line, without the spaces and quotes around them.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line);
  for (std::string cell; std::getline(rest, cell, '|');) {
    const auto first = cell.find_first_not_of(" `");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(" `") - first + 1));
  }
  return cells;
}

std::vector<typology_line> typology_lines() {
  std::ifstream file(WEIR_TYPOLOGIES);
  REQUIRE(file);
  std::vector<typology_line> found;
  for (std::string line; std::getline(file, line);) {
    const auto cells = cells_of(line);
    const bool numbered =
        cells.size() == 5 && !cells[1].empty() && cells[1].find_first_not_of("0123456789") == std::string::npos;
    if (numbered) found.push_back({std::stoi(cells[1]), cells[3], cells[4]});
  }
  return found;
}

TEST_CASE("every typology has its rule, with a test that alerts and one that stays quiet") {
  std::map<std::string, rules::compilation> compiled;
  for (const auto& [kind, file] : packs) compiled.emplace(file, compile_pack(file));
  std::set<int> numbers;
  for (const auto& line : typology_lines()) {
    CAPTURE(line.number, line.rule, line.pack);
    numbers.insert(line.number);
    const std::string file = line.pack == "aml.weir" ? "networks.weir" : line.pack;
    REQUIRE(compiled.contains(file));
    const auto& all = compiled.at(file).result->rules;
    const auto rule = std::ranges::find(all, line.rule, &rules::rule::name);
    REQUIRE(rule != all.end());
    CHECK(std::ranges::any_of(rule->tests, expects_silence));
    CHECK_FALSE(std::ranges::all_of(rule->tests, expects_silence));
  }
  std::set<int> all_numbers;
  for (int n = 1; n <= 27; ++n) all_numbers.insert(n);
  CHECK(numbers == all_numbers);
}

TEST_CASE("the packs pass their own tests") {
  for (const auto& [kind, file] : packs) {
    const auto compiled = compile_pack(file);
    REQUIRE(compiled.result);
    for (const auto& outcome : rules::run_tests(*compiled.result)) {
      CAPTURE(outcome.rule, outcome.test, outcome.failures);
      CHECK(outcome.failures.empty());
    }
  }
}

TEST_CASE("the three packs go together as one program") {
  std::vector<std::string> paths;
  for (const auto& [kind, file] : packs) paths.push_back(std::string(WEIR_PACKS) + "/" + file);
  const auto compiled = rules::compile(paths);
  INFO(messages(compiled));
  CHECK(compiled.result);
}

TEST_CASE("the packs find the planted cases") {
  // In the first days some cards have no habit yet to be unusual against, and no country that would make one new.
  // Two jumps of one account within two days are one alert.
  const std::map<typology, double> floors{
      {typology::unusual_amount, 0.9}, {typology::new_country, 0.9}, {typology::turnover_jump, 0.9}};
  for (const auto& [kind, file] : packs) {
    const auto compiled = compile_pack(file);
    REQUIRE(compiled.result);
    const auto made = generated(kind, 42);
    auto found = pack_run(*compiled.result).over(made);
    for (const auto& [what, planted] : planted_in(made)) {
      std::vector<std::uint64_t> missed;
      std::ranges::set_difference(planted, found.found[what], std::back_inserter(missed));
      const auto floor = floors.contains(what) ? floors.at(what) : 1.0;
      CAPTURE(generate::name_of(what), planted.size(), missed);
      CHECK(planted.size() >= 10);
      CHECK(static_cast<double>(planted.size() - missed.size()) >= floor * static_cast<double>(planted.size()));
    }
    for (const auto& [rule, alerts] : found.alerts) {
      std::cout << rule << ": " << alerts << " alerts, " << found.beside[rule]
                << " about no planted case of its kind\n";
    }
  }
}
