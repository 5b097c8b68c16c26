#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "cep/engine.hpp"
#include "rules/compile.hpp"
#include "tests/support/payments.hpp"

namespace weir::bench {

/// The payments of the reference workload, but of as many cards.
std::vector<testing::payment> even_payments(std::size_t events, std::uint32_t cards = 100'000);
/// The same with the cards drawn by Zipf's law: the k-th most frequent card in proportion to k to the power of `-s`.
std::vector<testing::payment> skewed_payments(std::size_t events, std::uint32_t cards, double s);

/// What the reference rules declare, and one rule of them with that.
std::string payment_declarations();
std::string reference_rule(const std::string& name);

/// Rules and the decoded payments that they run over, in batches of 4,096 rows, the last of which leaves the clock at
/// the last payment's time: deadlines that lie there are still open.
class engine_job {
 public:
  engine_job(const std::string& rules, std::span<const testing::payment> payments);

  /// Times the log and the engine, as the loop of `weir run` calls them, and ends the process if the alerts are not
  /// `expected`: by rule, or of all rules together where it is one number. The alerts are counted, not written. With
  /// several threads, real time counts.
  void measure(benchmark::State& state, std::span<const std::uint64_t> expected, std::size_t threads = 1);

 private:
  rules::program program_;
  stream::symbols names_;
  std::vector<stream::batch> batches_;
  std::size_t events_;
};

}  // namespace weir::bench
