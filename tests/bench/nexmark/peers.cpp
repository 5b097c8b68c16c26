// What do Nexmark's queries and the jobs on keyed numbers answer, and what is their input, for other programs?
//
// usage: nexmark_peers EVENTS BATCH BATCHES FOLDER: writes FOLDER/events.csv, a line an event that begins with its kind
// (p, a or b) and its milliseconds since 1970, and FOLDER/numbers.csv, BATCHES times BATCH keyed numbers; then a line
// of JSON for each query and job, with the digest of its answer.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "tests/bench/arguments.hpp"
#include "tests/bench/nexmark/answer_digests.hpp"
#include "tests/bench/nexmark/generator.hpp"

using namespace weir::bench::nexmark;
using weir::bench::number;

namespace {

using file = std::unique_ptr<std::FILE, decltype([](std::FILE* f) { std::fclose(f); })>;

file opened(const std::string& path) {
  file to(std::fopen(path.c_str(), "w"));
  if (to == nullptr) {
    std::perror(path.c_str());
    std::exit(1);
  }
  return to;
}

void add(std::string& line, std::string_view text) { line.append(",").append(text); }
void add(std::string& line, std::int64_t n) { line.append(",").append(std::to_string(n)); }
void add(std::string& line, person_id id) { add(line, static_cast<std::int64_t>(id)); }
void add(std::string& line, auction_id id) { add(line, static_cast<std::int64_t>(id)); }
void add(std::string& line, weir::stream::timestamp t) {
  add(line, static_cast<std::int64_t>(t.time_since_epoch() / std::chrono::milliseconds(1)));
}

std::string line_of(char kind, const auto&... fields) {
  std::string line(1, kind);
  (add(line, fields), ...);
  return line + "\n";
}

std::string line_of(const person& p) {
  return line_of('p', p.at, p.id, p.name, p.email, p.city, p.state, p.credit_card);
}
std::string line_of(const auction& a) {
  return line_of('a', a.at, a.id, a.item_name, a.initial_bid, a.reserve, a.expires, a.seller, a.category);
}
std::string line_of(const bid& b) { return line_of('b', b.at, b.auction, b.bidder, b.price, b.channel, b.url); }

void write(const std::string& path, std::span<const event> events) {
  const file to = opened(path);
  for (const event& e : events) {
    const std::string line = std::visit([](const auto& kind) { return line_of(kind); }, e);
    std::fputs(line.c_str(), to.get());
  }
}

void write(const std::string& path, std::span<const keyed_number> rows) {
  const file to = opened(path);
  for (const auto& [key, value] : rows) std::fprintf(to.get(), "%d,%d\n", key, value);
}

template <class Row>
void report(const char* job, std::size_t input, const std::vector<Row>& rows) {
  const digest of = digest_of(std::span<const Row>(rows));
  std::printf(R"({"job": "%s", "input": %zu, "rows": %llu, "digest": "%016llx"})"
              "\n",
              job, input, static_cast<unsigned long long>(of.rows()), static_cast<unsigned long long>(of.sum()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t batch = number(argc, argv, 2, 10'000);
  const auto events = make_events(number(argc, argv, 1, 1'000'000));
  const auto numbers = make_keyed_numbers(batch * number(argc, argv, 3, 100));
  const std::string folder = argc > 4 ? argv[4] : ".";
  write(folder + "/events.csv", events);
  write(folder + "/numbers.csv", numbers);
  report("q0", events.size(), q0(events));
  report("q1", events.size(), q1(events));
  report("q2", events.size(), q2(events));
  report("q3", events.size(), q3(events));
  report("q4", events.size(), q4(events));
  report("q5", events.size(), q5(events));
  report("q7", events.size(), q7(events));
  report("q8", events.size(), q8(events));
  report("q9", events.size(), q9(events));
  report("q11", events.size(), q11(events));
  report("map_filter", numbers.size(), mapped_and_filtered(numbers));
  report("reduce_by_key", numbers.size(), sums_of_batches(numbers, batch));
  report("window", numbers.size(), sums_of_windows(numbers, batch));
  report("state", numbers.size(), running_sums(numbers));
}
