// What limits leave of a stream, by hand from docs/semantics.md, "Limits". Streams are letters: see oracle_world.hpp.
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/support/naive_limits.hpp"
#include "tests/support/oracle_world.hpp"

using namespace std::chrono_literals;
using namespace weir;
using namespace weir::testing;
using enum cep::limit_policy;

namespace {

const cep::step a = letter("a");
const cep::step b = letter("b");
const cep::step c = letter("c");

cep::pattern match(std::vector<body_part> parts, std::optional<stream::duration> within = {}) {
  return card_pattern({parts_of(std::move(parts)), within});
}

cep::pattern events_at_most(std::uint32_t most, cep::limit_policy policy, cep::pattern p) {
  p.limits.events = cep::state_limit{most, policy};
  return p;
}

cep::pattern subjects_at_most(std::uint32_t most, cep::limit_policy policy, cep::pattern p) {
  p.limits.subjects = cep::state_limit{most, policy};
  return p;
}

/// What is counted of the pattern's limits in a stream of letters.
cep::pattern_counters counted(const cep::pattern& p, std::string_view text) {
  const std::vector<plain_event> events = letter_stream(text);
  const cep::reference_data none;
  return find_limited({.types = types, .patterns = {&p, 1}, .data = none, .events = events}).front();
}

}  // namespace

TEST_CASE("for the oracle the oldest event is forgotten, or the newest refused") {
  const cep::pattern abc = match({a, b, c});
  CHECK(found(events_at_most(2, evict, abc), "a b c") == "0,1,2");
  CHECK(found(events_at_most(2, evict, abc), "a b b c") == "");
  CHECK(found(events_at_most(2, refuse, abc), "a b b c") == "0,1,3");
  CHECK(counted(events_at_most(2, evict, abc), "a b b c").events_forgotten == 1);
  CHECK(counted(events_at_most(2, refuse, abc), "a b b c").events_refused == 1);
  CHECK(found(events_at_most(2, evict, abc), "a b C2:b c") == "0,1,3");  // of one subject
}

TEST_CASE("for the oracle the event that ends a match is not held, and one too old is not either") {
  CHECK(found(events_at_most(1, refuse, match({a, b})), "a b b") == "0,1 0,2");
  CHECK(counted(events_at_most(1, refuse, match({a, b})), "a b b") == cep::pattern_counters{});
  CHECK(found(events_at_most(1, refuse, match({a, b}, 2s)), "a@0 a@2 b@2 a@3 b@4") == "0,2 3,4");
  CHECK(counted(events_at_most(1, refuse, match({a, b}, 2s)), "a@0 a@2 b@2 a@3 b@4").events_refused == 1);
}

TEST_CASE("for the oracle an event that was refused still ends a match") {
  CHECK(found(events_at_most(2, refuse, match({run_of(a, 3, 3)})), "a a a a") == "0,1,2 0,1,3");
  CHECK(found(events_at_most(1, refuse, match({run_of(a, 3, 3)})), "a a a a") == "");
}

TEST_CASE("for the oracle limits invent no match that an absence forbids") {
  const cep::pattern guarded = match({a, no_letter("x"), b}, 10s);
  CHECK(found(events_at_most(1, refuse, guarded), "a x b") == "");
  CHECK(found(events_at_most(1, evict, guarded), "a x b") == "");
  CHECK(counted(events_at_most(1, refuse, guarded), "a x b").events_forgotten == 1);
}

TEST_CASE("for the oracle a deadline goes with the event that set it") {
  const cep::pattern quiet = match({a, no_letter("x", 5s)});
  CHECK(found(quiet, "a@0 a@1") == "0@5 1@6");
  CHECK(found(events_at_most(1, evict, quiet), "a@0 a@1") == "1@6");
  CHECK(found(events_at_most(1, refuse, quiet), "a@0 a@1") == "0@5");
  CHECK(found(subjects_at_most(1, evict, quiet), "a@0 C2:a@1") == "C2:1@6");
}

TEST_CASE("for the oracle the subject that has been idle longest is forgotten, or a new one is refused") {
  const cep::pattern ab = match({a, b}, 10s);
  CHECK(found(subjects_at_most(2, evict, ab), "a@0 C2:a@1 a@2 C3:a@3 b@4 C2:b@5 C3:b@6") == "2,4 C3:3,6");
  CHECK(found(subjects_at_most(2, refuse, ab), "a@0 C2:a@1 a@2 C3:a@3 b@4 C2:b@5 C3:b@6") == "2,4 C2:1,5");
  CHECK(found(subjects_at_most(1, refuse, ab), "a@0 C2:a@10 C2:a@11 C2:b@12") == "C2:2,3");
  CHECK(counted(subjects_at_most(1, refuse, ab), "a@0 C2:a@10 C2:a@11 C2:b@12").subjects_refused == 1);
}

TEST_CASE("for the oracle the run ends at the event that is one too many") {
  CHECK(found(events_at_most(2, stop, match({a, b})), "a b a b a b") == "0,1 2,3");
  CHECK(found(subjects_at_most(1, stop, match({a, b})), "a b C2:b C2:a b") == "0,1");
}
