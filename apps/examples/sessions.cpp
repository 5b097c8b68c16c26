// Sessions of each card: payments with no pause of half an hour between them. Prints those of five payments or more.
//
//   weir generate cards --events 100000 --format csv --out cards.csv
//   sessions cards.csv
#include <iostream>
#include <string_view>
#include <utility>

#include "apps/examples/card_csv.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/file/file_lines_source.hpp"

using namespace weir::stream;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: sessions CARDS.csv\n", 2;

  streaming_context app({.pace = batch_pace::when_ready, .rows_a_second_max = 10'000});
  app.source_stream(file_lines_source({.paths = {argv[1]}}))
      .filter(is_payment)
      .map(read_payment)
      .event_time(&card_payment::at)
      .map([](const card_payment& p) { return std::pair(p.card, p.cents); })
      .session(30min)
      .count_by_key()
      .filter([](const auto& session) { return session.value.second >= 5; })
      .for_each_batch([](const auto& batch) {
        for (const auto& session : batch) {
          const auto& [card, payments] = session.value;
          std::cout << to_rfc3339(session.start) << ' ' << to_rfc3339(session.end) << "  card " << card << ": "
                    << payments << " payments\n";
        }
      });

  const auto ended = app.run();
  if (!ended) std::cerr << ended.error().message << '\n';
  return ended ? 0 : 1;
}
