// The examples of Spark's programming guide for DStreams, as programs of this library. What stands between
// `// guide: NAME` and `// end` is the example: docs/dstream.md says how many lines it has there and here, and
// tests/docs/guide_lines.py holds that against this file.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "stream/dstream/split_by.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/file/directory_source.hpp"
#include "stream/tcp/client.hpp"
#include "tests/dstream_sources/inbox.hpp"
#include "tests/dstream_sources/plain_socket.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using namespace stream;
using text_pair = std::pair<std::string, std::string>;
using word_count = std::pair<std::string, int>;

/// A server that sends one text to the first that connects, and no more.
class one_text_server {
 public:
  explicit one_text_server(std::string text)
      : text_(std::move(text)), sending_([this] { listening_.accept().send(text_); }) {}
  std::uint16_t port() const { return listening_.port(); }

 private:
  std::string text_;
  plain_socket listening_ = plain_socket::listen();
  std::jthread sending_;
};

/// Stops a program, whose sources have no end, once it has taken so many rows.
void stop_after(streaming_context& app, std::uint64_t rows) {
  app.add_listener([&app, rows, taken = std::uint64_t{0}](const batch_progress& batch) mutable {
    taken += batch.rows();
    if (taken >= rows) app.stop();
  });
}

/// A program that runs as fast as it can.
streaming_options at_once() { return {.batch_interval = 10s, .pace = batch_pace::when_ready}; }

template <class T>
using rows_of_batches = std::vector<std::vector<T>>;

/// The rows of each batch that a stream has rows for.
template <class Rows>
std::vector<Rows> rows_of(const std::vector<std::pair<std::uint64_t, Rows>>& batches) {
  std::vector<Rows> rows;
  for (const auto& batch : batches) rows.push_back(batch.second);
  return rows;
}

/// What the batches' counts come to together, wherever the batches were cut.
std::map<std::string, int> totals_of(const std::vector<batch_output<word_count>>& batches) {
  std::map<std::string, int> totals;
  for (const auto& [number, rows] : batches) {
    for (const auto& [word, count] : rows) totals[word] += count;
  }
  return totals;
}

/// The last count that a word has had.
std::map<std::string, int> last_of(const std::vector<batch_output<word_count>>& batches) {
  std::map<std::string, int> last;
  for (const auto& [number, rows] : batches) {
    for (const auto& [word, count] : rows) last[word] = count;
  }
  return last;
}

/// What programs send to, and the connections to it.
class outer_system {
 public:
  class connection {
   public:
    explicit connection(outer_system& to) : to_(&to) {}
    void send(const std::string& record) {
      const std::lock_guard lock(to_->mutex_);
      to_->records_.insert(record);
    }

   private:
    outer_system* to_;
  };
  using leased = std::unique_ptr<connection, std::function<void(connection*)>>;

  connection connect() {
    ++connections_;
    return connection(*this);
  }
  /// A connection that goes back to the others when it is not needed.
  leased lease() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) idle_.push_back(std::make_unique<connection>(connect()));
    auto* taken = idle_.back().release();
    idle_.pop_back();
    return {taken, [this](connection* given) {
              const std::lock_guard giving(mutex_);
              idle_.emplace_back(given);
            }};
  }

  int connections() const { return connections_; }
  const std::multiset<std::string>& records() const { return records_; }

 private:
  std::mutex mutex_;
  std::multiset<std::string> records_;
  std::vector<std::unique_ptr<connection>> idle_;
  std::atomic<int> connections_ = 0;
};

const std::vector<std::vector<std::string>> four_records{{"a", "b", "c"}, {"d"}};
const std::multiset<std::string> the_four{"a", "b", "c", "d"};

}  // namespace

TEST_CASE("Spark's guide: words that come over a socket are counted") {
  const one_text_server server("hello world\nhello again\n");
  const auto port = server.port();
  std::ostringstream out;
  // guide: a quick example
  streaming_context app({.batch_interval = 1s});
  auto lines = app.receiver_stream(tcp::line_client({"localhost", port}));
  auto words = lines.flat_map(split_by(' '));
  auto pairs = words.map([](auto word) { return std::pair(word, 1); });
  auto word_counts = pairs.reduce_by_key(std::plus<>{});
  word_counts.print(10, out);
  // end
  const auto counted = collect(word_counts);
  stop_after(app, 2);
  // guide: a quick example
  app.start();
  CHECK(app.await_termination());
  // end
  CHECK(totals_of(*counted) == std::map<std::string, int>{{"hello", 2}, {"world", 1}, {"again", 1}});
  CHECK(out.str().find("Time: ") != std::string::npos);
}

TEST_CASE("Spark's guide: a context has an interval") {
  // guide: initializing a context
  streaming_context app({.batch_interval = 1s});
  // end
  const auto given = collect(app.queue_stream(queue_of(rows_of_batches<int>{{1}})));
  CHECK(app.run());
  CHECK(rows_of(*given) == rows_of_batches<int>{{1}});
  CHECK(app.options().batch_interval == 1s);
}

TEST_CASE("Spark's guide: files that are moved into a folder are taken line by line") {
  const inbox folder;
  const auto data_directory = folder.path();
  streaming_context app(at_once());
  // guide: text files
  auto lines = app.source_stream(directory_source::open({.path = data_directory}));
  // end
  const auto given = collect(lines);
  stop_after(app, 3);
  folder.put("first", "a\nb\n", 1);
  folder.put("second", "c\n", 2);
  CHECK(app.run());
  CHECK(rows_of(*given) == rows_of_batches<std::string>{{"a", "b", "c"}});
}

TEST_CASE("Spark's guide: files of other formats are lines that a function reads") {
  const inbox folder;
  const auto data_directory = folder.path();
  const auto parsed = [](std::string_view line) { return std::pair(line.substr(0, 1), line.substr(2)); };
  streaming_context app(at_once());
  // guide: files of another format
  auto rows = app.source_stream(directory_source::open({.path = data_directory})).map(parsed);
  // end
  const auto given = collect(rows);
  stop_after(app, 2);
  folder.put("first", "k=v\nl=w\n");
  CHECK(app.run());
  CHECK(rows_of(*given) == rows_of_batches<text_pair>{{{"k", "v"}, {"l", "w"}}});
}

namespace {

// guide: a custom receiver
struct custom_receiver {
  using row = std::string;
  std::string host;
  std::uint16_t port;

  std::expected<void, io_error> receive(receiver_store<row>& into, const std::stop_token& stop) {
    boost::asio::ip::tcp::iostream server(host, std::to_string(port));
    const std::stop_callback hang_up(stop, [&] { server.socket().shutdown(boost::asio::socket_base::shutdown_both); });
    for (std::string line; std::getline(server, line);) into.put({.rows = {line}, .bytes = line.size()});
    return std::unexpected(io_error{host + ": " + server.error().message()});
  }
};
// end
static_assert(receiver<custom_receiver>);

}  // namespace

TEST_CASE("Spark's guide: a receiver of one's own is a source like others") {
  const one_text_server server("to be or\nnot to be\n");
  const std::string host = "127.0.0.1";
  const auto port = server.port();
  streaming_context app(at_once());
  // guide: using the custom receiver
  auto custom_receiver_stream = app.receiver_stream(custom_receiver{host, port});
  auto words = custom_receiver_stream.flat_map(split_by(' '));
  // end
  const auto counted = collect(words.map([](auto word) { return std::pair(word, 1); }));
  stop_after(app, 2);
  CHECK(app.run());
  CHECK(totals_of(*counted) == std::map<std::string, int>{{"to", 2}, {"be", 2}, {"or", 1}, {"not", 1}});
}

TEST_CASE("Spark's guide: updateStateByKey keeps a running count") {
  streaming_context app(at_once());
  auto pairs = app.queue_stream(queue_of(rows_of_batches<word_count>{{{"a", 1}, {"a", 1}, {"b", 1}}, {{"a", 1}}}));
  // guide: updateStateByKey
  const auto update = [](std::span<const int> new_values, std::optional<int> running_count) {
    return std::optional(std::accumulate(new_values.begin(), new_values.end(), running_count.value_or(0)));
  };
  auto running_counts = pairs.update_state_by_key<int>(update);
  // end
  const auto given = collect(running_counts);
  CHECK(app.run());
  CHECK(rows_of(*given) == rows_of_batches<word_count>{{{"a", 2}, {"b", 1}}, {{"a", 3}, {"b", 1}}});
}

TEST_CASE("Spark's guide: a stream is cleaned by a table of spam") {
  const temporary_folder folder;
  const auto path = folder.write("spam.csv", "buy 0.9\nhello 0.1\n");
  const auto spam_row = [](std::string_view line) {
    const auto cut = line.find(' ');
    return std::optional(std::pair(std::string(line.substr(0, cut)), std::stod(std::string(line.substr(cut)))));
  };
  streaming_context app(at_once());
  auto word_counts = app.queue_stream(queue_of(rows_of_batches<word_count>{{{"buy", 3}, {"hello", 2}, {"new", 1}}}));
  // guide: transform, with spam information
  reference_table<std::string, double> spam_info;
  CHECK(spam_info.load_lines(path, spam_row));
  auto cleaned = word_counts.join_table(spam_info).filter([](const auto& row) { return row.second.second < 0.5; });
  // end
  const auto given = collect(cleaned);
  CHECK(app.run());
  using joined = std::pair<std::string, std::pair<int, double>>;
  CHECK(rows_of(*given) == rows_of_batches<joined>{{{"hello", {2, 0.1}}}});
}

TEST_CASE("Spark's guide: words of the last thirty seconds are counted every ten") {
  streaming_context app(at_once());
  auto pairs = app.queue_stream(queue_of(rows_of_batches<word_count>{{{"a", 1}}, {{"b", 1}}, {{"a", 1}}, {{"b", 1}}}));
  // guide: reduceByKeyAndWindow
  auto windowed_word_counts = pairs.reduce_by_key_and_window(std::plus<>{}, 30s, 10s);
  // end
  const auto given = collect(windowed_word_counts);
  CHECK(app.run());
  REQUIRE(given->size() == 4);
  using counts = std::map<std::string, int>;
  const auto of_batch = [&](std::size_t i) { return totals_of({(*given)[i]}); };
  CHECK(of_batch(0) == counts{{"a", 1}});
  CHECK(of_batch(1) == counts{{"a", 1}, {"b", 1}});
  CHECK(of_batch(2) == counts{{"a", 2}, {"b", 1}});
  CHECK(of_batch(3) == counts{{"a", 1}, {"b", 2}});
}

TEST_CASE("Spark's guide: two streams are joined, batch by batch and by windows") {
  const auto first = queue_of(rows_of_batches<text_pair>{{{"k", "v"}}, {{"l", "w"}}, {}});
  const auto second = queue_of(rows_of_batches<text_pair>{{{"k", "x"}}, {}, {{"l", "y"}, {"k", "z"}}});
  streaming_context app(at_once());
  // guide: a join of two streams
  auto stream1 = app.queue_stream(first);
  auto stream2 = app.queue_stream(second);
  auto joined_stream = stream1.join(stream2);
  // end
  const auto joined = collect(joined_stream);
  // guide: a join of two windows
  auto windowed_stream1 = stream1.window(20s);
  auto windowed_stream2 = stream2.window(1min);
  auto joined_windows = windowed_stream1.join(windowed_stream2);
  // end
  const auto by_windows = collect(joined_windows);
  CHECK(app.run());
  using row = std::pair<std::string, text_pair>;
  CHECK(rows_of(*joined) == rows_of_batches<row>{{{"k", {"v", "x"}}}, {}, {}});
  CHECK(rows_of(*by_windows) == rows_of_batches<row>{{{"k", {"v", "x"}}}, {{"k", {"v", "x"}}}, {{"l", {"w", "y"}}}});
}

TEST_CASE("Spark's guide: a window is joined with a data set") {
  const std::vector<text_pair> rows{{"k", "v"}};
  streaming_context app(at_once());
  auto stream = app.queue_stream(queue_of(rows_of_batches<text_pair>{{{"k", "x"}}, {{"l", "y"}}, {{"k", "z"}}}));
  // guide: a join of a stream and a data set
  const reference_table dataset(rows);
  auto windowed_stream = stream.window(20s);
  auto joined_stream = windowed_stream.join_table(dataset);
  // end
  const auto given = collect(joined_stream);
  CHECK(app.run());
  using row = std::pair<std::string, text_pair>;
  const row x{"k", {"x", "v"}};
  const row z{"k", {"z", "v"}};
  CHECK(rows_of(*given) == rows_of_batches<row>{{x}, {x}, {z}});
}

TEST_CASE("Spark's guide: records are sent by a connection a batch, which is right in one process") {
  outer_system outside;
  streaming_context app(at_once());
  auto records = app.queue_stream(queue_of(four_records));
  // guide: foreachRDD, a connection of the driver
  records.for_each_batch([&](const auto& batch) {
    auto connection = outside.connect();
    for (const auto& record : batch) connection.send(record);
  });
  // end
  CHECK(app.run());
  CHECK(outside.records() == the_four);
  CHECK(outside.connections() == 2);
}

TEST_CASE("Spark's guide: records are sent by a connection each") {
  outer_system outside;
  streaming_context app(at_once());
  auto records = app.queue_stream(queue_of(four_records));
  // guide: foreachRDD, a connection a record
  records.for_each_batch([&](const auto& batch) {
    for (const auto& record : batch) outside.connect().send(record);
  });
  // end
  CHECK(app.run());
  CHECK(outside.records() == the_four);
  CHECK(outside.connections() == 4);
}

TEST_CASE("Spark's guide: records are sent by a connection a partition") {
  outer_system outside;
  streaming_context app({.pace = batch_pace::when_ready, .threads = 2, .partitions = 2});
  auto records = app.queue_stream(queue_of(four_records));
  // guide: foreachRDD, a connection a partition
  records.for_each_partition([&](const auto& part) {
    auto connection = outside.connect();
    for (const auto& record : part) connection.send(record);
  });
  // end
  CHECK(app.run());
  CHECK(outside.records() == the_four);
  CHECK(outside.connections() == 3);
}

TEST_CASE("Spark's guide: records are sent by connections of a pool") {
  outer_system outside;
  streaming_context app({.pace = batch_pace::when_ready, .partitions = 2});
  auto records = app.queue_stream(queue_of(four_records));
  // guide: foreachRDD, a pool of connections
  records.for_each_partition([&](const auto& part) {
    const auto connection = outside.lease();
    for (const auto& record : part) connection->send(record);
  });
  // end
  CHECK(app.run());
  CHECK(outside.records() == the_four);
  CHECK(outside.connections() == 1);
}

TEST_CASE("Spark's guide: what SQL counts is counted without it") {
  const auto queue = queue_of(rows_of_batches<std::string>{{"a", "b", "a"}});
  std::ostringstream out;
  streaming_context app(at_once());
  // guide: SQL in foreachRDD
  auto words = app.queue_stream(queue);
  auto word_counts = words.count_by_value();
  word_counts.print(20, out);
  // end
  const auto given = collect(word_counts);
  CHECK(app.run());
  using row = std::pair<std::string, std::uint64_t>;
  CHECK(rows_of(*given) == rows_of_batches<row>{{{"a", 2}, {"b", 1}}});
  CHECK(out.str().find("Time: ") != std::string::npos);
}

namespace {

/// Counts the words of a server, from where the last run has left off, until it has sent so many lines.
std::map<std::string, int> recovered_counts(const std::string& checkpoint_directory, std::uint16_t port,
                                            std::uint64_t lines_max) {
  std::shared_ptr<std::vector<batch_output<word_count>>> counted;
  // guide: checkpointing
  const auto set_up = [&](streaming_context& made) {
    auto lines = made.receiver_stream(tcp::line_client({"localhost", port}));
    // end
    auto pairs = lines.flat_map(split_by(' ')).map([](auto word) { return std::pair(word, 1); });
    counted = collect(pairs.update_state_by_key<int>([](std::span<const int> ones, std::optional<int> before) {
      return std::optional(before.value_or(0) + static_cast<int>(ones.size()));
    }));
    stop_after(made, lines_max);
    // guide: checkpointing
  };
  auto context = streaming_context::get_or_create(checkpoint_directory, {.batch_interval = 20ms}, set_up);
  context->start();
  CHECK(context->await_termination());
  // end
  return last_of(*counted);
}

}  // namespace

TEST_CASE("Spark's guide: a program goes on where its checkpoint is") {
  const temporary_folder folder;
  const auto checkpoint = folder.path("checkpoint");
  const one_text_server first("a b a\n");
  CHECK(recovered_counts(checkpoint, first.port(), 1) == std::map<std::string, int>{{"a", 2}, {"b", 1}});
  const one_text_server second("a c\nc\n");
  CHECK(recovered_counts(checkpoint, second.port(), 2) == std::map<std::string, int>{{"a", 3}, {"b", 1}, {"c", 2}});
}

TEST_CASE("Spark's guide: words of a list are dropped and counted") {
  std::ostringstream out;
  streaming_context app(at_once());
  auto word_counts = app.queue_stream(queue_of(rows_of_batches<word_count>{{{"a", 2}, {"d", 1}}, {{"c", 3}}}));
  // guide: accumulators and broadcast variables
  const std::set<std::string> exclude_list{"a", "b", "c"};
  std::atomic<int> dropped_words = 0;
  auto counts = word_counts.filter([&](const std::string& word, int count) {
    const bool dropped = exclude_list.contains(word);
    if (dropped) dropped_words += count;
    return !dropped;
  });
  counts.print(10, out);
  // end
  CHECK(app.run());
  CHECK(dropped_words == 5);
  CHECK(out.str().find("(d,1)") != std::string::npos);
  CHECK(out.str().find("(a,") == std::string::npos);
}

TEST_CASE("Spark's guide: streams of several receivers are one") {
  const one_text_server first("a\n");
  const one_text_server second("b\nc\n");
  const one_text_server third("d\n");
  const std::vector ports{first.port(), second.port(), third.port()};
  std::ostringstream out;
  streaming_context app(at_once());
  // guide: several receivers
  std::vector<dstream<std::string_view>> streams;
  for (const auto port : ports) streams.push_back(app.receiver_stream(tcp::line_client({"localhost", port})));
  auto unified_stream = union_of(streams);
  unified_stream.print(10, out);
  // end
  const auto given = collect(unified_stream);
  stop_after(app, 4);
  CHECK(app.run());
  std::multiset<std::string> lines;
  for (const auto& batch : *given) lines.insert(batch.second.begin(), batch.second.end());
  CHECK(lines == std::multiset<std::string>{"a", "b", "c", "d"});
  CHECK(out.str().find("Time: ") != std::string::npos);
}

TEST_CASE("Spark's guide: an output is committed once by the names of its parts") {
  const auto unique_id = [](const batch_info& batch, std::size_t part) {
    return std::to_string(batch.number) + '/' + std::to_string(part);
  };
  std::map<std::string, std::vector<std::string>> committed;
  streaming_context app({.pace = batch_pace::when_ready, .partitions = 2});
  auto records = app.queue_stream(queue_of(four_records));
  // guide: transactional updates
  records.for_each_partition([&](const auto& part) {
    const auto id = unique_id(part.batch, part.number);
    // end
    committed[id].assign(part.begin(), part.end());
    // guide: transactional updates
  });
  // end
  CHECK(app.run());
  CHECK(committed == decltype(committed){{"0/0", {"a"}}, {"0/1", {"b", "c"}}, {"1/0", {"d"}}});
}

TEST_CASE("Spark's examples: pieces of a queue are batches") {
  std::ostringstream out;
  // guide: QueueStream
  streaming_context app({.batch_interval = 2ms});
  const auto queue = std::make_shared<row_queue<int>>();
  auto input_stream = app.queue_stream(queue);
  auto mapped_stream = input_stream.map([](int number) { return std::pair(number % 10, 1); });
  auto reduced_stream = mapped_stream.reduce_by_key(std::plus<>{});
  reduced_stream.print(10, out);
  // end
  const auto given = collect(reduced_stream);
  // guide: QueueStream
  app.start();
  const auto numbers = std::views::iota(1, 1001);
  for (int i = 0; i < 30; ++i) queue->push({numbers.begin(), numbers.end()});
  queue->close();
  CHECK(app.await_termination());
  // end
  std::map<int, int> totals;
  for (const auto& [number, rows] : *given) {
    for (const auto& [digit, count] : rows) totals[digit] += count;
  }
  CHECK(totals.size() == 10);
  for (const auto& [digit, total] : totals) CHECK(total == 3000);
  CHECK(out.str().find("(0,") != std::string::npos);
}

TEST_CASE("Spark's examples: counts of words are states that begin with some") {
  const one_text_server server("hello you\nhello\n");
  const auto port = server.port();
  const temporary_folder folder;
  const auto checkpoint = folder.path("checkpoint");
  std::ostringstream out;
  // guide: StatefulNetworkWordCount
  streaming_context app({.batch_interval = 1s, .checkpoint = checkpoint});
  auto lines = app.receiver_stream(tcp::line_client({"localhost", port}));
  auto words = lines.flat_map(split_by(' '));
  auto pairs = words.map([](auto word) { return std::pair(word, 1); });
  const auto mapping = [](const std::string& word, std::optional<int> one, state_cell<int>& state) {
    state.update(one.value_or(0) + state.get_option().value_or(0));
    return std::pair(word, state.get());
  };
  auto states = pairs.map_with_state<int>(mapping, {.initial = {{"hello", 1}, {"world", 1}}});
  states.print(10, out);
  // end
  const auto given = collect(states);
  const auto all = collect(states.state_snapshots());
  stop_after(app, 2);
  // guide: StatefulNetworkWordCount
  app.start();
  CHECK(app.await_termination());
  // end
  CHECK(last_of(*given) == std::map<std::string, int>{{"hello", 3}, {"you", 1}});
  CHECK(last_of(*all) == std::map<std::string, int>{{"hello", 3}, {"you", 1}, {"world", 1}});
}

TEST_CASE("Spark's examples: words of files are counted") {
  const inbox folder;
  const auto directory = folder.path();
  std::ostringstream out;
  // guide: HdfsWordCount
  streaming_context app({.batch_interval = 20ms});
  auto lines = app.source_stream(directory_source::open({.path = directory}));
  auto words = lines.flat_map(split_by(' '));
  auto word_counts = words.map([](auto word) { return std::pair(word, 1); }).reduce_by_key(std::plus<>{});
  word_counts.print(10, out);
  // end
  const auto counted = collect(word_counts);
  stop_after(app, 3);
  // guide: HdfsWordCount
  app.start();
  // end
  folder.put("first", "a b\na\n", 1);
  folder.put("second", "b\n", 2);
  // guide: HdfsWordCount
  CHECK(app.await_termination());
  // end
  CHECK(totals_of(*counted) == std::map<std::string, int>{{"a", 2}, {"b", 2}});
  CHECK(out.str().find("Time: ") != std::string::npos);
}

}  // namespace weir::testing
