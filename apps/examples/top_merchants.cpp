// The three merchants with the highest turnover in the last ten minutes, every five minutes of event time.
//
//   weir generate cards --events 100000 --format csv --out cards.csv
//   top_merchants cards.csv
#include <algorithm>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "apps/examples/card_csv.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/file/file_lines_source.hpp"

using namespace weir::stream;
using namespace std::chrono_literals;

using turnover = std::pair<std::string, std::int64_t>;

std::vector<turnover> first_three(std::vector<turnover> merchants) {
  const auto more = [](const turnover& a, const turnover& b) {
    return std::pair(-a.second, a.first) < std::pair(-b.second, b.first);
  };
  std::ranges::sort(merchants, more);
  merchants.resize(std::min<std::size_t>(merchants.size(), 3));
  return merchants;
}

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: top_merchants CARDS.csv\n", 2;

  streaming_context app({.pace = batch_pace::when_ready, .rows_a_second_max = 10'000});
  app.source_stream(file_lines_source({.paths = {argv[1]}}))
      .filter(is_payment)
      .map(read_payment)
      .event_time(&card_payment::at)
      .map([](const card_payment& p) { return std::pair(p.merchant, p.cents); })
      .sliding(10min, 5min)
      .reduce_by_key(std::plus<>{})
      .map([](const auto& row) { return std::pair(row.end, row.value); })
      .rows()
      .group_by_key()
      .map_values(first_three)
      .for_each_batch([](const auto& batch) {
        for (const auto& [end, merchants] : batch) {
          std::cout << to_rfc3339(end);
          for (const auto& [merchant, cents] : merchants) std::cout << "  " << merchant << ' ' << cents;
          std::cout << '\n';
        }
      });

  const auto ended = app.run();
  if (!ended) std::cerr << ended.error().message << '\n';
  return ended ? 0 : 1;
}
