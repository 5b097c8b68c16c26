// Writes what happens at many banks as one stream of NDJSON in the order of time: `bench_bank_copies BANKS DAYS >
// FILE`.
//
// Each bank is a generated one of its own seed, and its customers, accounts, cards and devices are its own: a bank has
// some 5,000 of them that do something on a day, so that 220 banks have a million subjects.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/generate/bank.hpp"

namespace {

using namespace weir;

constexpr std::array<std::string_view, 8> own_fields = {"id",   "card", "merchant", "terminal",
                                                        "from", "to",   "user",     "device"};

/// `"card":"474"` becomes `"card":"17.474"`, and the like.
std::string of_bank(std::string line, std::size_t bank) {
  for (const auto field : own_fields) {
    const std::string key = "\"" + std::string(field) + "\":\"";
    const std::size_t found = line.find(key);
    if (found != std::string::npos) line.insert(found + key.size(), std::to_string(bank) + ".");
  }
  return line;
}

void write(std::size_t banks, std::uint64_t days) {
  std::vector<generate::bank_stream> streams;
  using turn = std::pair<std::int64_t, std::size_t>;  // the time of a bank's next event
  std::priority_queue<turn, std::vector<turn>, std::greater<>> turns;
  for (std::size_t bank = 0; bank < banks; ++bank) {
    streams.emplace_back(generate::bank_options{.seed = bank + 1});
    turns.emplace(streams.back().at_ms(), bank);
  }
  for (std::uint64_t left = banks * days * generate::bank_events_a_day; left > 0; --left) {
    const std::size_t bank = turns.top().second;
    turns.pop();
    std::string line;
    streams[bank].append_line(line);
    line = of_bank(std::move(line), bank);
    std::fwrite(line.data(), 1, line.size(), stdout);
    turns.emplace(streams[bank].at_ms(), bank);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t banks = argc == 3 ? std::strtoul(argv[1], nullptr, 10) : 0;
  const std::uint64_t days = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  if (banks == 0 || days == 0) {
    std::fputs("usage: bench_bank_copies BANKS DAYS > FILE\n", stderr);
    return 2;
  }
  write(banks, days);
  return std::fflush(stdout) == 0 ? 0 : 1;
}
