#include "tests/bench/engine_job.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace weir::bench {

namespace {

constexpr std::size_t batch_rows = 4096;

rules::program compiled(const std::string& text) {
  auto compilation = rules::compile_text(text);
  if (compilation.result) return std::move(*compilation.result);
  for (const auto& finding : compilation.findings) {
    std::fprintf(stderr, "%s\n", rules::render(finding, compilation.files).c_str());
  }
  std::exit(1);
}

std::vector<stream::batch> batches_of(std::span<const testing::payment> payments, const stream::schema& types,
                                      stream::symbols& names) {
  std::vector<stream::batch> batches;
  for (std::size_t done = 0; done < payments.size(); done += batch_rows) {
    const auto some = payments.subspan(done, std::min(batch_rows, payments.size() - done));
    batches.push_back(testing::batch_of(some, types, names));
  }
  batches.back().set_watermark(batches.back().at(batches.back().order().back()));
  return batches;
}

void check(const std::vector<std::uint64_t>& alerts, std::span<const std::uint64_t> expected) {
  const std::uint64_t all = std::accumulate(alerts.begin(), alerts.end(), std::uint64_t{0});
  if (std::ranges::equal(alerts, expected) || (expected.size() == 1 && expected.front() == all)) return;
  std::fprintf(stderr, "%llu alerts in all; by rule:", static_cast<unsigned long long>(all));
  for (const auto n : alerts) std::fprintf(stderr, " %llu", static_cast<unsigned long long>(n));
  std::fprintf(stderr, "\nexpected:");
  for (const auto n : expected) std::fprintf(stderr, " %llu", static_cast<unsigned long long>(n));
  std::fprintf(stderr, "\n");
  std::exit(1);
}

/// Places by Zipf's law: a number from [0, 1) falls on a place in proportion to its weight.
class zipf {
 public:
  zipf(std::uint32_t places, double s) : up_to_(places) {
    double sum = 0;
    for (std::uint32_t k = 0; k < places; ++k) up_to_[k] = sum += std::pow(k + 1, -s);
  }
  std::uint32_t operator()(double part) const {
    const auto place = std::ranges::upper_bound(up_to_, part * up_to_.back());
    return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(place - up_to_.begin(), std::ssize(up_to_) - 1));
  }

 private:
  std::vector<double> up_to_;
};

}  // namespace

std::vector<testing::payment> even_payments(std::size_t events, std::uint32_t cards) {
  testing::payments source(42, cards);
  std::vector<testing::payment> made;
  made.reserve(events);
  while (made.size() < events) made.push_back(source.next());
  return made;
}

std::vector<testing::payment> skewed_payments(std::size_t events, std::uint32_t cards, double s) {
  constexpr std::uint32_t fine = 1'000'000'000;
  auto made = even_payments(events, fine);  // the card is a random number for now
  const zipf place(cards, s);
  for (auto& p : made) p.card = place(static_cast<double>(p.card) / fine);
  return made;
}

std::string payment_declarations() {
  const std::string all = testing::payments_rules();
  return all.substr(0, all.find("rule "));
}

std::string reference_rule(const std::string& name) {
  const std::string all = testing::payments_rules();
  const std::size_t begin = all.find("rule " + name + " ");
  const std::size_t end = all.find("\nrule ", begin);
  return payment_declarations() + all.substr(begin, end == std::string::npos ? end : end - begin) + "\n";
}

engine_job::engine_job(const std::string& rules, std::span<const testing::payment> payments)
    : program_(compiled(rules)),
      names_(program_.schema),
      batches_(batches_of(payments, program_.schema, names_)),
      events_(payments.size()) {}

void engine_job::measure(benchmark::State& state, std::span<const std::uint64_t> expected, std::size_t threads) {
  stream::worker_pool workers(threads);
  for (auto _ : state) {
    state.PauseTiming();
    cep::engine engine(program_.patterns(), program_.data, program_.schema, names_, {.workers = &workers});
    stream::event_log log;
    std::vector<stream::batch> batches = batches_;
    std::vector<std::uint64_t> alerts(program_.active().size());
    state.ResumeTiming();
    for (stream::batch& rows : batches) {
      const stream::timestamp watermark = rows.watermark();
      log.append(std::move(rows));
      for (const cep::match& m : engine.advance(log)) ++alerts[m.pattern];
      log.drop_before(stream::saturating_add(watermark, -engine.retention()));
    }
    state.PauseTiming();
    check(alerts, expected);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events_));
}

}  // namespace weir::bench
