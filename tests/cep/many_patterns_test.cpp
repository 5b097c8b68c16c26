#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "cep/engine.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

// Patterns that share state, and walks made for their kind: each finds among many what it finds alone.
namespace weir::cep {

namespace {

using namespace std::chrono_literals;

using number = std::int64_t;

stream::schema payments() {
  stream::schema types;
  const auto card = types.add_entity("card");
  types.add({"payment",
             {{"card", {.kind = stream::type_kind::entity, .entity = card}},
              {"merchant", {.kind = stream::type_kind::integer}},
              {"amount", {.kind = stream::type_kind::integer}}}});
  return types;
}

/// A match as it was found, but for the pattern's number.
struct found_match {
  std::string subject;
  stream::timestamp at;
  std::vector<std::uint64_t> events;
  std::vector<number> aggregates;

  friend auto operator<=>(const found_match&, const found_match&) = default;
};
using found_by_pattern = std::map<std::uint32_t, std::vector<found_match>>;

class many_patterns {
 public:
  explicit many_patterns(unsigned seed) : random_(seed) {}

  number below(number n) { return std::uniform_int_distribution<number>(0, n - 1)(random_); }

  expression compared(operation op, const char* field, number with) const {
    return testing::truth(op, payment_.here(field), testing::constant(with));
  }

  pattern about_card() const {
    pattern p;
    p.subjects = {{.kind = stream::type_kind::entity, .entity = *types_.find_entity("card")}};
    return p;
  }

  /// Of a few kinds of first and last events, windows and joins, so that many have much in common.
  pattern pair() {
    pattern p = about_card();
    expression first = compared(operation::less, "amount", 1 + below(70));
    expression last = compared(operation::greater, "amount", 10 * below(10));
    if (below(2) == 0) last = both(last, compared(operation::equal, "merchant", below(4)));
    if (below(3) > 0) {
      last = both(last, testing::truth(operation::not_equal, payment_.here("merchant"), payment_.bound(0, "merchant")));
    }
    p.body.parts =
        testing::parts_of({step{"a", payment_.where("card", first)}, step{"b", payment_.where("card", last)}});
    p.body.within = below(2) == 0 ? 5s : 20s;
    if (below(5) == 0) p.suppress = suppression{.by = {}, .length = 3s};
    return p;
  }

  pattern over_window() {
    pattern p = about_card();
    const auto asked = below(3) == 0 ? compared(operation::greater, "amount", 50) : always();
    p.body.parts = testing::parts_of({step{"p", payment_.where("card", asked)}});
    const auto length = std::chrono::seconds{1 + below(3) * 10};
    const auto add = [&](aggregate_function function, std::optional<stream::field_id> field, bool prior) {
      p.aggregates.push_back({.function = function,
                              .events = payment_.where("card"),
                              .field = field,
                              .window = {time_extent{length}, prior},
                              .type = {.kind = value_kind::exact}});
      return testing::aggregate_value(p, static_cast<std::uint16_t>(p.aggregates.size() - 1));
    };
    const bool prior = below(2) == 0;
    const auto count = add(aggregate_function::count, {}, prior);
    const operation ops[] = {operation::equal,         operation::less,    operation::less_equal,
                             operation::greater_equal, operation::greater, operation::not_equal};
    p.condition = testing::truth(ops[below(6)], count, testing::constant(below(6)));
    if (below(2) == 0) {
      const auto sum = add(aggregate_function::sum, payment_["amount"], prior);
      p.condition = both(p.condition, testing::truth(ops[below(6)], sum, testing::constant(below(300))));
    }
    return p;
  }

  std::vector<std::vector<testing::plain_event>> batches() {
    std::vector<std::vector<testing::plain_event>> all;
    stream::duration now{};
    for (int batch = 0; batch < 12; ++batch) {
      auto& events = all.emplace_back();
      for (number i = below(150); i > 0; --i) {
        now += std::chrono::milliseconds{below(400)};
        if (below(200) == 0) now += 100s;
        events.push_back(testing::make_event(
            types_, "payment", now,
            {{"card", "C" + std::to_string(below(6))}, {"merchant", below(4)}, {"amount", below(100)}}));
      }
    }
    return all;
  }

  found_by_pattern run(const std::vector<pattern>& patterns,
                       const std::vector<std::vector<testing::plain_event>>& batches) const {
    stream::symbols names(types_);
    engine e{patterns, {}, types_, names};
    stream::event_log log;
    found_by_pattern found;
    for (const auto& events : batches) {
      const stream::timestamp watermark = log.batches() == 0 && events.empty() ? stream::timestamp{}
                                          : events.empty()                     ? log.last().watermark()
                                                                               : events.back().at;
      log.append(testing::make_batch(testing::in_one_source(events), watermark, types_, names));
      std::tuple<stream::timestamp, std::uint64_t, std::uint32_t> before{};
      for (const match& m : e.advance(log)) {
        found_match as{.subject = std::string{names.of(patterns[m.pattern].subjects.front())[m.subject.front()]},
                       .at = m.at,
                       .events = {},
                       .aggregates = {}};
        for (const auto& event : m.events) as.events.push_back(static_cast<std::uint64_t>(event.handle));
        for (const auto& value : m.aggregates) as.aggregates.push_back(static_cast<number>(value.exact));
        const std::tuple here{m.at, as.events.back(), m.pattern};
        REQUIRE(before < here);
        before = here;
        found[m.pattern].push_back(std::move(as));
      }
    }
    return found;
  }

 private:
  std::mt19937 random_;
  stream::schema types_ = payments();
  testing::fields payment_{types_, "payment"};
};

}  // namespace

TEST_CASE("a pattern finds among many what it finds alone") {
  for (unsigned seed = 1; seed <= 24; ++seed) {
    many_patterns draw(seed);
    std::vector<pattern> patterns;
    const number pairs = draw.below(seed % 4 == 0 ? 300 : 40);
    for (number i = 0; i < pairs; ++i) patterns.push_back(draw.pair());
    for (number i = draw.below(12); i > 0; --i) patterns.push_back(draw.over_window());
    std::ranges::shuffle(patterns, std::mt19937{seed});
    const auto batches = draw.batches();
    const auto together = draw.run(patterns, batches);
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
      INFO("seed " << seed << ", pattern " << i << ": " << to_text(patterns[i]));
      auto alone = draw.run({patterns[i]}, batches);
      const auto known = together.find(i);
      REQUIRE(alone[0] == (known == together.end() ? std::vector<found_match>{} : known->second));
    }
  }
}

}  // namespace weir::cep
