#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "stream/dictionary.hpp"

using namespace weir::stream;

namespace {

timestamp at(int second) { return timestamp{std::chrono::seconds{second}}; }

/// A text of a few, with long ones among them.
std::string text_of(int number) {
  return std::string(static_cast<std::size_t>(number % 7 == 0 ? 30 : number % 5), 'x') + std::to_string(number);
}

}  // namespace

// The slow twin keeps every text with the time at which it was seen last. Until that is a retention ago, its id is its
// own, and no other's.
TEST_CASE("an id keeps its text for as long as anything may refer to it") {
  const bool holds = rc::check([] {
    constexpr int retention = 20;
    symbols names{schema{}};
    dictionary& texts = names.texts();
    names.recycle(id_recycling{.retention = std::chrono::seconds{retention},
                               .epochs = static_cast<unsigned>(*rc::gen::inRange(1, 30)),
                               .handed_back_least = *rc::gen::inRange<std::size_t>(1, 5),
                               .slots_swept = *rc::gen::inRange<std::size_t>(1, 40)});
    const symbol constant = texts.intern("constant");
    struct seen {
      symbol id;
      int last = 0;
    };
    std::map<std::string, seen> alive;
    int now = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::inRange(0, 4)));
    for (int round = 0; round < 3; ++round) {
      for (const auto& [number, pause] : steps) {
        const std::string text = text_of(number + 20 * round);
        const symbol id = texts.intern_passing(text);
        if (const auto known = alive.find(text); known != alive.end()) RC_ASSERT(known->second.id == id);
        alive[text] = {id, now};
        now += pause;
        names.pass(at(now - pause), at(now));
        std::erase_if(alive, [&](const auto& one) { return one.second.last + retention < now; });
        std::set<symbol> ids{constant};
        for (const auto& [name, one] : alive) {
          RC_ASSERT(texts[one.id] == name);
          RC_ASSERT(texts.find(name) == one.id);
          RC_ASSERT(ids.insert(one.id).second);
        }
      }
    }
    RC_ASSERT(texts.find("constant") == constant);
  });
  CHECK(holds);
}
