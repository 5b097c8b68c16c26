#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "apps/generate/bank.hpp"
#include "apps/generate/generator.hpp"
#include "apps/generate/random.hpp"
#include "tests/support/sha256.hpp"

namespace {

using namespace weir::generate;

constexpr std::array kinds{stream_kind::payments, stream_kind::cards, stream_kind::transfers, stream_kind::logins};
constexpr std::array planted_kinds{stream_kind::cards, stream_kind::transfers, stream_kind::logins};

std::string lines(const generator_options& options, std::uint64_t events) {
  generator from(options);
  std::string text(from.header());
  for (std::uint64_t i = 0; i < events; ++i) from.append_line(text);
  return text;
}

// Cases by their typology: every label of the first `events` events.
std::map<typology, std::set<std::uint64_t>> planted_cases(stream_kind kind, std::uint64_t events) {
  std::map<typology, std::set<std::uint64_t>> cases;
  generator from({.kind = kind, .seed = 7});
  std::string ignored;
  for (std::uint64_t i = 0; i < events; ++i) {
    if (from.mark().kind != typology::none) cases[from.mark().kind].insert(from.mark().case_number);
    ignored.clear();
    from.append_line(ignored);
  }
  return cases;
}

}  // namespace

// The first four draws of splitmix64 from seed 42 are 13679457532755275413, 2949826092126892291, 5139283748462763858
// and 6349198060258255764: card 75413; p = 1, so 1 + z % 199 = 114 cents; merchant 764. The values of the lines after
// come from a program of few lines in another language.
TEST_CASE("payments begin as the recipe says") {
  CHECK(lines({.kind = stream_kind::payments, .seed = 42}, 3) ==
        "{\"at\":0,\"id\":\"0\",\"card\":\"75413\",\"merchant\":\"764\",\"amount\":1.14}\n"
        "{\"at\":1,\"id\":\"1\",\"card\":\"63250\",\"merchant\":\"908\",\"amount\":749.26}\n"
        "{\"at\":2,\"id\":\"2\",\"card\":\"82005\",\"merchant\":\"646\",\"amount\":93.88}\n");
}

TEST_CASE("splitmix64 draws what it draws elsewhere") {
  random_bits bits(42);
  CHECK(bits.next() == 13679457532755275413U);
  CHECK(bits.next() == 2949826092126892291U);
  CHECK(bits.next() == 5139283748462763858U);
  CHECK(bits.next() == 6349198060258255764U);
}

TEST_CASE("a seed gives the same ten thousand lines on every machine") {
  using weir::testing::sha256;
  const auto checksum = [](stream_kind kind, line_format format) {
    return sha256(lines({.kind = kind, .seed = 42, .format = format}, 10'000));
  };
  CHECK(checksum(stream_kind::payments, line_format::ndjson) ==
        "06ccbd7cbfb8e1852e25224d2f538b79bd01180a75fec927891244ffc81d250b");
  CHECK(checksum(stream_kind::payments, line_format::csv) ==
        "341de7e81c8b77ef1a0b8dbf7203272f0faf95db42e3bb3468dbb8d5bb04668c");
  CHECK(checksum(stream_kind::cards, line_format::ndjson) ==
        "891381070f02f74284164c9321e0dfe445210130603c1eebbd9186d7a27325a7");
  CHECK(checksum(stream_kind::cards, line_format::csv) ==
        "62dd200dd0fa89cf459f8974c8768afe8cec8ab4e2857866d1d8ba62c8144cf5");
  CHECK(checksum(stream_kind::transfers, line_format::ndjson) ==
        "a5b126135ff9a52380c504a7adcc80eb6f1dd7e7d4848018706e52f943a68132");
  CHECK(checksum(stream_kind::transfers, line_format::csv) ==
        "1497dc9225d026d801fccb1fb6cb58eeacca4752fd01824b37a019881d6198c5");
  CHECK(checksum(stream_kind::logins, line_format::ndjson) ==
        "9671a4bb9094caab1cfb7a17242b1233b3f821fe8586098762891973a80f5671");
  CHECK(checksum(stream_kind::logins, line_format::csv) ==
        "d848751c038b7ee550c660600432505ef92c9c97ec61d20cbb068d9bbbef4ebe");
}

TEST_CASE("a stream may begin at any event") {
  for (const auto kind : kinds) {
    CAPTURE(name_of(kind));
    const auto whole = lines({.kind = kind, .seed = 3}, 9'000);
    const auto tail = lines({.kind = kind, .seed = 3, .first = 7'777}, 9'000 - 7'777);
    CHECK(whole.ends_with(tail));
    CHECK(std::ranges::count(tail, '\n') == 9'000 - 7'777);
  }
}

TEST_CASE("another seed gives another stream") {
  for (const auto kind : kinds) {
    CAPTURE(name_of(kind));
    CHECK(lines({.kind = kind, .seed = 1}, 100) != lines({.kind = kind, .seed = 2}, 100));
  }
}

TEST_CASE("generated events come in the order of time and are numbered from zero") {
  for (const auto kind : kinds) {
    CAPTURE(name_of(kind));
    generator from({.kind = kind, .seed = 5});
    std::string ignored;
    bool in_order = true;
    auto last_ms = from.at_ms();
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      in_order = in_order && from.id() == i && from.at_ms() >= last_ms;
      last_ms = from.at_ms();
      ignored.clear();
      from.append_line(ignored);
    }
    CHECK(in_order);
  }
}

TEST_CASE("a shift moves every time and nothing else") {
  generator as_is({.kind = stream_kind::transfers, .seed = 1});
  generator moved({.kind = stream_kind::transfers, .seed = 1, .shift_ms = 86'400'000});
  CHECK(moved.at_ms() == as_is.at_ms() + 86'400'000);
  std::string before;
  std::string after;
  as_is.append_line(before);
  moved.append_line(after);
  CHECK(before.substr(before.find("\"id\"")) == after.substr(after.find("\"id\"")));
}

TEST_CASE("every kind of planted case is in a hundred days") {
  CHECK(planted_cases(stream_kind::cards, 100 * card_payments_a_day).size() == 6);
  CHECK(planted_cases(stream_kind::logins, 100 * accesses_a_day).size() == 6);
  const auto transfers = planted_cases(stream_kind::transfers, 100 * transfers_a_day);
  CHECK(transfers.size() == 13);
  CHECK_FALSE(transfers.contains(typology::dormant_account));  // they sleep for longer
}

TEST_CASE("dormant accounts wake after their long sleep") {
  generator from({.kind = stream_kind::transfers, .seed = 7, .first = dormant_days * transfers_a_day});
  std::string ignored;
  std::size_t woken = 0;
  for (std::uint64_t i = 0; i < 20 * transfers_a_day; ++i) {
    woken += from.mark().kind == typology::dormant_account ? 1 : 0;
    from.append_line(ignored);
  }
  CHECK(woken >= 5);
  const auto before = transfers_before_dormancy(7, dormant_days);
  CHECK(before.size() >= 2 * woken);
  CHECK(std::ranges::is_sorted(before, {}, &transfer::at_ms));
}

TEST_CASE("ordinary behaviour is most of a stream, and cases are few") {
  for (const auto kind : planted_kinds) {
    CAPTURE(name_of(kind));
    generator from({.kind = kind, .seed = 11});
    std::string ignored;
    std::size_t labelled = 0;
    for (std::uint64_t i = 0; i < 50'000; ++i) {
      labelled += from.mark().kind == typology::none ? 0 : 1;
      ignored.clear();
      from.append_line(ignored);
    }
    CHECK(labelled > 50);
    CHECK(labelled < 50'000 / 40);
  }
}

TEST_CASE("a bank's stream joins all kinds in the order of time, and each record names its event") {
  bank_stream bank({.seed = 9});
  std::map<std::string, std::uint64_t> events;
  auto last_ms = bank.at_ms();
  bool in_order = true;
  std::string line;
  for (std::uint64_t i = 0; i < bank_events_a_day; ++i) {
    in_order = in_order && bank.at_ms() >= last_ms;
    last_ms = bank.at_ms();
    line.clear();
    bank.append_line(line);
    const std::string_view begin = "{\"event\":\"";
    REQUIRE(line.starts_with(begin));
    ++events[line.substr(begin.size(), line.find('"', begin.size()) - begin.size())];
  }
  CHECK(in_order);
  CHECK(last_ms < midnight_ms(1));
  CHECK(bank.at_ms() >= midnight_ms(1));
  CHECK(events["payment"] == card_payments_a_day);
  CHECK(events["transfer"] == transfers_a_day);
  CHECK(events["login"] + events["confirm"] + events["withdrawal"] + events["password_reset"] + events["new_device"] +
            events["contact_change"] ==
        accesses_a_day);
}

TEST_CASE("a bank's stream may begin at any event") {
  const std::uint64_t first = bank_events_a_day + 1'234;
  std::string whole;
  std::string tail;
  bank_stream from_start({.seed = 9});
  for (std::uint64_t i = 0; i < first + 5'000; ++i) from_start.append_line(whole);
  bank_stream from_there({.seed = 9, .first = first});
  for (std::uint64_t i = 0; i < 5'000; ++i) from_there.append_line(tail);
  CHECK(whole.ends_with(tail));
}

TEST_CASE("the history of a bank's stream comes before its first event") {
  const bank_stream bank({.seed = 9, .first = dormant_days * bank_events_a_day, .shift_ms = 1'000});
  std::string history;
  bank.append_history(history);
  CHECK(std::ranges::count(history, '\n') > 100);
  CHECK(history.starts_with("{\"event\":\"transfer\",\"at\":"));
  const auto last_at = std::stoll(history.substr(history.rfind("\"at\":") + 5));
  CHECK(last_at < bank.at_ms());
}

TEST_CASE("a label names the event, its case and the typology") {
  std::string text;
  append_label(text, 18'273, {typology::structuring, 9'101});
  CHECK(text == "18273,9101,structuring\n");
}

TEST_CASE("a field without a value is left out of NDJSON and empty in CSV") {
  const transfer deposit{.at_ms = 5, .id = 6, .kind = transfer_kind::deposit, .to = 7, .cents = 805};
  std::string json;
  append_line(json, deposit, line_format::ndjson);
  CHECK(json == "{\"at\":5,\"id\":\"6\",\"kind\":\"deposit\",\"to\":\"A7\",\"amount\":8.05}\n");
  std::string csv;
  append_line(csv, deposit, line_format::csv);
  CHECK(csv == "5,6,deposit,,A7,8.05\n");
}

TEST_CASE("amounts are log-normal around their median") {
  random_bits bits(1);
  std::vector<std::int64_t> amounts(20'001);
  std::ranges::generate(amounts, [&] { return log_normal(bits, 10'000, 100); });
  std::ranges::sort(amounts);
  CHECK(amounts[10'000] == Approx(10'000).epsilon(0.03));
  // One deviation is a factor of two here: 15.9 % lie beyond it on each side.
  CHECK(amounts[3'173] == Approx(5'000).epsilon(0.05));
  CHECK(amounts[16'828] == Approx(20'000).epsilon(0.05));
}

TEST_CASE("popularity falls off by octaves") {
  random_bits bits(1);
  std::array<int, 3> parts{};
  for (int i = 0; i < 30'000; ++i) {
    const auto rank = popular(bits, 16, 4);
    REQUIRE(rank < 16);
    ++parts[rank < 4 ? 0 : rank < 8 ? 1 : 2];
  }
  for (const int part : parts) CHECK(part == Approx(10'000).epsilon(0.05));
}
