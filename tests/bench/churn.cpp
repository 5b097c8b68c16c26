#include "tests/bench/churn.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "rules/alert.hpp"
#include "rules/compile.hpp"
#include "rules/detector.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"
#include "tests/bench/payment_counts.hpp"
#include "tests/bench/payment_lines.hpp"
#include "tests/support/payments.hpp"

namespace weir::bench {

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;
constexpr std::chrono::hours longest_window{1};
constexpr std::uint64_t life_ms = 600'000;
constexpr std::uint64_t payments_a_card = 5;
constexpr std::size_t batch_rows = 4096;
constexpr std::size_t settling_hours = 2;
constexpr std::size_t log_slack_bytes = 256 << 10;     // batches go whole, and an hour ends anywhere in one
constexpr std::size_t resident_slack_bytes = 3 << 20;  // memory comes in pages of 2 MB
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool resident_counts = false;  // sanitizers keep what has been given back
#else
constexpr bool resident_counts = true;
#endif

/// The cards that are alive are those of a window that moves on by one card every five payments.
class churning_payments {
 public:
  explicit churning_payments(const churn_options& options)
      : step_ms_(options.step_ms),
        source_(42, static_cast<std::uint32_t>(life_ms / options.step_ms / payments_a_card)) {}

  testing::payment next() {
    testing::payment made = source_.next();
    made.card += static_cast<std::uint32_t>(made.number / payments_a_card);
    made.number *= step_ms_;
    return made;
  }

 private:
  std::uint64_t step_ms_;
  testing::payments source_;
};

std::size_t resident_bytes() {
  std::ifstream pages("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  pages >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// The way of an event, as the loop of `weir run` goes it, without sinks.
class pipeline {
 public:
  pipeline()
      : rules_(std::move(*rules::compile_text(testing::payments_rules()).result)),
        names_(rules_.schema),
        intake_(rules_.schema, names_, {source()}),
        framer_(stream::record_syntax::ndjson, stream::source_id{0}),
        writer_(rules_, names_, source_names_),
        detector_(rules_, names_, writer_) {
    names_.recycle(stream::id_recycling{.retention = longest_window});
  }

  void feed(const std::string& lines) {
    if (auto bytes = framer_.push(lines, aside_)) intake_.feed(stream::source_id{0}, std::move(*bytes));
    take_all();
  }
  /// The clock stops at the greatest time.
  void finish() {
    intake_.end(stream::source_id{0});
    take_all();
  }

  churn_hour hour() const {
    return {.live_subjects = detector_.live_subjects(),
            .log_bytes = detector_.log_bytes(),
            .resident_bytes = resident_bytes()};
  }
  const std::array<std::uint64_t, 4>& alerts() const { return alerts_; }

 private:
  stream::source_options source() const {
    stream::source_options options{.name = "payments", .format = {}};
    options.format.event = *rules_.schema.find("payment");
    return options;
  }

  void take_all() {
    while (auto rows = intake_.next(batch_rows, aside_)) {
      rows->set_watermark(std::min(rows->watermark(), intake_.greatest_time()));
      const stream::timestamp clock = rows->watermark();
      for (const auto& found : detector_.advance(std::move(*rows))) ++alerts_[found.pattern];
      detector_.forget();
      names_.pass(intake_.greatest_time(), clock);
    }
  }

  rules::program rules_;
  stream::symbols names_;
  stream::intake intake_;
  stream::record_framer framer_;
  std::vector<std::string> source_names_{"payments"};
  rules::alert_writer writer_;
  rules::detector detector_;
  std::vector<stream::set_aside_record> aside_;
  std::array<std::uint64_t, 4> alerts_{};
};

std::array<std::uint64_t, 4> brute_force(const churn_options& options, std::uint64_t events) {
  churning_payments source(options);
  std::vector<testing::payment> made;
  for (std::uint64_t i = 0; i < events; ++i) made.push_back(source.next());
  return count_alerts(made);
}

}  // namespace

churn_outcome run_churn(const churn_options& options) {
  churn_outcome outcome;
  const std::uint64_t events_an_hour = hour_ms / options.step_ms;
  const auto began = std::chrono::steady_clock::now();
  {
    churning_payments source(options);
    pipeline work;
    std::string lines;
    for (unsigned hour = 0; hour < options.hours; ++hour) {
      for (std::uint64_t i = 0; i < events_an_hour; ++i) {
        lines += record_of(source.next());
        if ((i + 1) % batch_rows != 0 && i + 1 < events_an_hour) continue;
        work.feed(lines);
        lines.clear();
      }
      outcome.hours.push_back(work.hour());
    }
    work.finish();
    outcome.alerts = work.alerts();
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  outcome.expected = brute_force(options, events_an_hour * options.hours);
  return outcome;
}

std::vector<std::string> grown(const churn_outcome& outcome) {
  std::vector<std::string> more;
  const auto settled = std::span(outcome.hours).subspan(std::min(settling_hours, outcome.hours.size()));
  const auto early = settled.first(settled.size() / 2);
  const auto late = settled.subspan(settled.size() / 2);
  const auto compare = [&](std::size_t churn_hour::* held, std::size_t slack, const std::string& name) {
    const std::size_t before = std::ranges::max(early, {}, held).*held;
    const std::size_t after = std::ranges::max(late, {}, held).*held;
    if (after <= before + before / 50 + slack) return;
    more.push_back(name + ": " + std::to_string(before) + ", then " + std::to_string(after));
  };
  compare(&churn_hour::live_subjects, 0, "live subjects");
  compare(&churn_hour::log_bytes, log_slack_bytes, "bytes of the log");
  if (resident_counts) compare(&churn_hour::resident_bytes, resident_slack_bytes, "bytes resident");
  return more;
}

}  // namespace weir::bench
