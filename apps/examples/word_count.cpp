// Counts words that come over TCP, a batch a second.
//
//   nc -lk 9999 &                  # type lines here
//   word_count localhost 9999
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include "stream/dstream/split_by.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/tcp/client.hpp"

using namespace weir::stream;

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: word_count HOST PORT\n", 2;

  streaming_context app({.batch_interval = std::chrono::seconds(1)});
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  app.receiver_stream(tcp::line_client({.host = argv[1], .port = port}))
      .flat_map(split_by(' '))
      .map([](std::string_view word) { return std::pair(word, 1); })
      .reduce_by_key(std::plus<>{})
      .print();

  app.add_listener(tell_failures(std::cerr));
  app.start();
  const auto ended = app.await_termination();
  if (!ended) std::cerr << ended.error().message << '\n';
  return ended ? 0 : 1;
}
