// Files to files, each row exactly once: numbers the payments of each country, from files that are moved into a folder.
// Kill it whenever you like and start it again: no payment is missing, none is there twice, and no number is skipped.
//
//   mkdir in out; exactly_once in state out/numbered &
//   weir generate cards --events 100000 --format csv --out cards.tmp; mv cards.tmp in/cards.csv
#include <iostream>
#include <string>
#include <tuple>
#include <utility>

#include "apps/examples/card_csv.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/file/directory_source.hpp"

using namespace weir::stream;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: exactly_once IN STATE OUT\n", 2;
  auto folder = directory_source::open({.path = argv[1], .suffix = ".csv"});
  if (!folder) return std::cerr << folder.error().message << '\n', 1;

  const auto number = [](const std::string& country, const std::string* id, state_cell<std::int64_t>& count) {
    count.update(count.exists() ? count.get() + 1 : 1);
    return std::tuple(*id, country, count.get());
  };

  const streaming_options options{.batch_interval = 100ms, .rows_a_second_max = 100'000, .snapshot_interval = 1s};
  const auto app = streaming_context::get_or_create(argv[2], options, [&](streaming_context& made) {
    made.source_stream(std::move(*folder))
        .filter(is_payment)
        .map(read_payment)
        .map([](const card_payment& p) { return std::pair(p.country, p.id); })
        .map_with_state<std::int64_t>(number)
        .save_as_text_files(argv[3], ".txt");
  });

  app->start();
  const auto ended = app->await_termination();
  if (!ended) std::cerr << ended.error().message << '\n';
  return ended ? 0 : 1;
}
