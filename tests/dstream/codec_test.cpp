#include "stream/dstream/codec.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "stream/dstream/rows.hpp"
#include "stream/time.hpp"

using namespace weir::stream;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

enum class colour : std::uint16_t { red, green };

struct point {
  int x = 0;
  double y = 0;
  bool operator==(const point&) const = default;
};

struct nothing {
  bool operator==(const nothing&) const = default;
};

/// A bit of everything, one in the other.
struct account {
  std::uint64_t id = 0;
  std::string name;
  std::optional<point> seat;
  std::vector<point> path;
  std::vector<double> amounts;
  std::vector<bool> flags;
  std::deque<std::string> notes;
  std::map<std::string, std::vector<std::int64_t>> by_name;
  std::unordered_map<std::uint32_t, std::pair<std::int8_t, bool>> by_number;
  std::unordered_set<std::string> seen;
  std::set<std::int16_t> ordered;
  std::variant<std::monostate, std::string, point, std::vector<nothing>> last;
  std::tuple<char, float, colour> rest;
  std::array<std::uint32_t, 3> three{};
  std::array<std::string, 2> two;
  std::pair<timestamp, duration> when{};
  bool operator==(const account&) const = default;
};

/// A type with members of its own, that tells itself how it is written.
class celsius {
 public:
  celsius() = default;
  explicit celsius(int tenths) : tenths_(tenths) {}
  int tenths() const { return tenths_; }

 private:
  int tenths_ = 0;
};

struct closed {
  std::vector<int*> pointers;
};

}  // namespace

template <>
struct weir::stream::codec<celsius> {
  static void write(encoder& to, const celsius& value) { encode(to, value.tenths()); }
  static void read(decoder& from, celsius& into) { into = celsius{decode<int>(from).value_or(0)}; }
};

static_assert(storable<account> && storable<celsius> && storable<row_vector<bool>> && storable<row_vector<account>>);
static_assert(storable<std::unordered_map<std::string, std::vector<std::optional<celsius>>>>);
static_assert(storable<std::multimap<int, int>> && storable<std::tuple<>> && storable<std::array<int, 0>>);
static_assert(encodable<std::string_view> && !storable<std::string_view>);
static_assert(encodable<std::pair<std::string_view, int>> && !storable<std::pair<std::string_view, int>>);
static_assert(!storable<std::vector<std::string_view>> && !storable<std::optional<std::tuple<int, std::string_view>>>);
static_assert(!encodable<int*> && !encodable<closed> && !storable<closed> && !storable<long double>);

namespace rc {

template <>
struct Arbitrary<point> {
  static Gen<point> arbitrary() {
    return gen::build<point>(gen::set(&point::x), gen::set(&point::y, gen::cast<double>(gen::arbitrary<int>())));
  }
};

template <class T>
Gen<std::optional<T>> perhaps() {
  return gen::map(gen::pair(gen::arbitrary<bool>(), gen::arbitrary<T>()),
                  [](const auto& drawn) { return drawn.first ? std::optional<T>(drawn.second) : std::nullopt; });
}

template <>
struct Arbitrary<account> {
  static Gen<account> arbitrary() {
    return gen::exec([] {
      account a;
      a.id = *gen::arbitrary<std::uint64_t>();
      a.name = *gen::arbitrary<std::string>();
      a.seat = *perhaps<point>();
      a.path = *gen::arbitrary<std::vector<point>>();
      a.amounts = *gen::arbitrary<std::vector<double>>();
      a.flags = *gen::arbitrary<std::vector<bool>>();
      a.notes = *gen::arbitrary<std::deque<std::string>>();
      a.by_name = *gen::arbitrary<std::map<std::string, std::vector<std::int64_t>>>();
      a.by_number = *gen::arbitrary<std::unordered_map<std::uint32_t, std::pair<std::int8_t, bool>>>();
      a.seen = *gen::arbitrary<std::unordered_set<std::string>>();
      a.ordered = *gen::arbitrary<std::set<std::int16_t>>();
      switch (*gen::inRange(0, 4)) {
        case 1: a.last = *gen::arbitrary<std::string>(); break;
        case 2: a.last = *gen::arbitrary<point>(); break;
        case 3: a.last = std::vector<nothing>(*gen::inRange<std::size_t>(0, 5)); break;
      }
      a.rest = {*gen::arbitrary<char>(), static_cast<float>(*gen::arbitrary<int>()),
                colour{*gen::inRange<std::uint16_t>(0, 9)}};
      a.three = *gen::arbitrary<std::array<std::uint32_t, 3>>();
      a.two = *gen::arbitrary<std::array<std::string, 2>>();
      a.when.first = timestamp{duration{*gen::arbitrary<std::int64_t>()}};
      a.when.second = duration{*gen::arbitrary<std::int64_t>()};
      return a;
    });
  }
};

}  // namespace rc

namespace {

template <class T>
std::string hex_of(const T& value) {
  std::string out;
  for (const char c : encoded(value)) {
    const char digits[] = "0123456789abcdef";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

template <class T>
bool comes_back(const T& value) {
  return decoded<T>(encoded(value)) == value;
}

}  // namespace

TEST_CASE("values are written as bytes that stay the same") {
  CHECK(hex_of(true) == "01");
  CHECK(hex_of('a') == "61");
  CHECK(hex_of(std::int8_t{-1}) == "ff");
  CHECK(hex_of(0U) == "00");
  CHECK(hex_of(127U) == "7f");
  CHECK(hex_of(128U) == "8001");
  CHECK(hex_of(300U) == "ac02");
  CHECK(hex_of(-1) == "01");
  CHECK(hex_of(1) == "02");
  CHECK(hex_of(-64) == "7f");
  CHECK(hex_of(std::numeric_limits<std::uint64_t>::max()) == "ffffffffffffffffff01");
  CHECK(hex_of(std::numeric_limits<std::int64_t>::min()) == "ffffffffffffffffff01");
  CHECK(hex_of(1.0) == "000000000000f03f");
  CHECK(hex_of(1.0F) == "0000803f");
  CHECK(hex_of(colour::green) == "01");
  CHECK(hex_of("abc"sv) == "03616263");
  CHECK(hex_of("abc"s) == "03616263");
  CHECK(hex_of(timestamp{duration{5}}) == "0a");
  CHECK(hex_of(std::pair{1, "a"sv}) == "020161");
  CHECK(hex_of(std::tuple<>{}) == "00");
  CHECK(hex_of(nothing{}) == "00");
  CHECK(hex_of(std::array<std::uint16_t, 2>{1, 2}) == "01000200");
  CHECK(hex_of(std::array<std::string, 2>{"a", ""}) == "016100");
  CHECK(hex_of(std::optional<int>{}) == "00");
  CHECK(hex_of(std::optional<int>{1}) == "0102");
  CHECK(hex_of(std::variant<int, std::string>{"a"}) == "010161");
  CHECK(hex_of(std::vector<std::uint32_t>{1, 2}) == "020100000002000000");
  CHECK(hex_of(std::vector<bool>{true, false}) == "020100");
  CHECK(hex_of(row_vector<bool>{true, false}) == "020100");
  CHECK(hex_of(std::vector<std::string>{"a", "b"}) == "0201610162");
  CHECK(hex_of(std::deque<int>{1}) == "0102");
  CHECK(hex_of(std::map<int, bool>{{1, true}, {2, false}}) == "0202010400");
  CHECK(hex_of(point{.x = 1, .y = 1.0}) == "02000000000000f03f");
}

TEST_CASE("any value comes back from its bytes") {
  const bool holds = rc::check([](const account& drawn) {
    RC_ASSERT(comes_back(drawn));
    RC_ASSERT(comes_back(std::vector<account>(3, drawn)));
  });
  CHECK(holds);
}

TEST_CASE("the ends of every kind of number come back") {
  const auto ends = []<class... T>(std::tuple<T...>) {
    const auto end = []<class U>(U) {
      using limits = std::numeric_limits<U>;
      return comes_back(limits::min()) && comes_back(limits::max()) && comes_back(limits::lowest()) && comes_back(U{1});
    };
    return (end(T{}) && ...);
  };
  CHECK(ends(std::tuple<char, signed char, unsigned char, short, unsigned short, int, unsigned, long, unsigned long,
                        long long, unsigned long long, char8_t, char16_t, char32_t, wchar_t, float, double>{}));
  CHECK(std::isnan(decoded<double>(encoded(std::nan(""))).value()));
  CHECK(std::signbit(decoded<double>(encoded(-0.0)).value()));
}

TEST_CASE("a type may tell itself how it is written, also inside others") {
  const auto read = decoded<std::map<int, celsius>>(encoded(std::map<int, celsius>{{1, celsius{365}}}));
  REQUIRE(read.has_value());
  CHECK(read->at(1).tenths() == 365);
}

TEST_CASE("hash tables with the same elements have the same bytes") {
  const bool holds = rc::check([](std::map<std::string, int> drawn) {
    std::unordered_map<std::string, int> forth(drawn.begin(), drawn.end());
    std::unordered_map<std::string, int> back(drawn.rbegin(), drawn.rend(), 1000);
    RC_ASSERT(encoded(forth) == encoded(back));
    RC_ASSERT(comes_back(forth));
  });
  CHECK(holds);
}

TEST_CASE("bytes that end early are no value, nor are those that go on") {
  const bool holds = rc::check([](const account& drawn) {
    const std::string bytes = encoded(drawn);
    const auto kept = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT_FALSE(decoded<account>(std::string_view{bytes}.substr(0, kept)).has_value());
    RC_ASSERT_FALSE(decoded<account>(bytes + '\0').has_value());
  });
  CHECK(holds);
}

// A changed byte may be another good value. What is read is then written as bytes that give it again.
TEST_CASE("bytes changed by chance are another value or none") {
  const bool holds = rc::check([](const account& drawn, std::uint32_t seed) {
    const std::string bytes = encoded(drawn);
    std::minstd_rand random(seed);
    for (int i = 0; i < 20; ++i) {
      std::string other = bytes;
      for (unsigned changes = 1 + random() % 3; changes > 0; --changes) {
        other[random() % other.size()] ^= static_cast<char>(1U << random() % 8);
      }
      const auto read = decoded<account>(other);
      if (!read) continue;
      const auto again = decoded<account>(encoded(*read));
      RC_ASSERT(again.has_value());
      RC_ASSERT(encoded(*again) == encoded(*read));
    }
  });
  CHECK(holds);
}

TEST_CASE("a count that is not true fails before memory is taken for it") {
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";  // 2^64 - 1
  CHECK_FALSE(decoded<std::string>(huge).has_value());
  CHECK_FALSE(decoded<std::vector<double>>(huge).has_value());
  CHECK_FALSE(decoded<std::vector<nothing>>(huge).has_value());
  CHECK_FALSE(decoded<std::vector<std::string>>(huge).has_value());
  CHECK_FALSE(decoded<std::map<int, int>>(huge).has_value());
  // As many elements as bytes, but each needs eight, or a great many.
  CHECK_FALSE(decoded<std::vector<double>>("\x04\0\0\0\0"sv).has_value());
  const std::string many = encoded(std::uint64_t{20'000}) + std::string(20'000, '\1');
  std::vector<std::array<std::array<std::uint64_t, 1 << 10>, 2>> into;
  decoder from(many);
  decode(from, into);
  CHECK(from.failed());
  CHECK(into.capacity() < 200);
}

TEST_CASE("what no value is written as is refused") {
  CHECK_FALSE(decoded<bool>("\x02").has_value());
  CHECK_FALSE(decoded<std::optional<int>>("\x02\x02").has_value());
  CHECK_FALSE(decoded<std::monostate>("\x01").has_value());
  CHECK_FALSE((decoded<std::variant<int, bool>>("\x02\x00"sv).has_value()));
  CHECK_FALSE(decoded<std::uint16_t>("\x80\x80\x04").has_value());                              // 2^16
  CHECK_FALSE(decoded<std::int16_t>("\x80\x80\x04").has_value());                               // 2^15
  CHECK_FALSE(decoded<std::uint64_t>("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02").has_value());  // 2^64
  CHECK_FALSE(decoded<std::uint64_t>(std::string(11, '\x80')).has_value());
  CHECK_FALSE(decoded<std::set<int>>("\x02\x02\x02").has_value());  // twice the same
  CHECK_FALSE(decoded<row_vector<bool>>("\x01\x02").has_value());
}

TEST_CASE("a decoder that failed gives zeros and stays failed") {
  decoder from("\x05");
  CHECK(from.fixed<std::uint32_t>() == 0);
  CHECK(from.failed());
  CHECK(from.left() == 0);
  CHECK(from.byte() == 0);
  CHECK(from.varint() == 0);
  CHECK(from.bytes(0).empty());
  CHECK_FALSE(decode<int>(from).has_value());
}
