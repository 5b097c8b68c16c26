#include "tests/bench/nexmark/texts.hpp"

#include <array>

#include "tests/bench/nexmark/draws.hpp"

namespace weir::bench::nexmark {

namespace {

constexpr std::uint64_t seed = 1;  // whatever the seed of the events
constexpr std::size_t emails = 1'000;
constexpr std::size_t items = 1'000;
constexpr std::size_t channels = 10'000;

constexpr std::array<std::string_view, 11> first_names{"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                                       "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
constexpr std::array<std::string_view, 9> last_names{"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                                     "Walton", "Smith",  "Jones",   "Noris"};
constexpr std::array<std::string_view, 4> hot_channels{"Google", "Facebook", "Baidu", "Apple"};

std::string letters(std::size_t count, draws& random) {
  std::string word(count, 'a');
  for (char& letter : word) letter = static_cast<char>('a' + random.below(26));
  return word;
}

std::string url(draws& random) {
  const std::string path = letters(5, random) + "/" + letters(5, random) + "/" + letters(5, random);
  return "https://www.nexmark.com/" + path + "/item.htm?query=1";
}

std::vector<std::string> full_names() {
  std::vector<std::string> all;
  for (const auto first : first_names) {
    for (const auto last : last_names) all.push_back(std::string(first) + " " + std::string(last));
  }
  return all;
}

texts make_tables() {
  draws random(seed, 0);
  texts made{.states = {"AZ", "CA", "ID", "OR", "WA", "WY"},
             .cities = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle",
                        "Kent", "Cheyenne"},
             .names = full_names(),
             .emails = {},
             .items = {},
             .hot_channels = {},
             .channels = {}};
  for (std::size_t i = 0; i < emails; ++i)
    made.emails.push_back(letters(7, random) + "@" + letters(5, random) + ".com");
  for (std::size_t i = 0; i < items; ++i) made.items.push_back(letters(3 + random.below(18), random));
  for (const auto name : hot_channels) made.hot_channels.push_back({std::string(name), url(random)});
  for (std::size_t i = 0; i < channels; ++i) {
    const std::string number = std::to_string(i);
    made.channels.push_back({"channel-" + number, url(random) + "&channel_id=" + number});
  }
  return made;
}

}  // namespace

const texts& texts::tables() {
  static const texts all = make_tables();
  return all;
}

}  // namespace weir::bench::nexmark
