#include "apps/generate/bank.hpp"

namespace weir::generate {
namespace {

generator part(stream_kind kind, const bank_options& options) {
  const std::uint64_t day = options.first / bank_events_a_day;
  return generator({.kind = kind,
                    .seed = options.seed,
                    .first = day * *events_a_day(kind),
                    .shift_ms = options.shift_ms,
                    .name_events = true});
}

}  // namespace

bank_stream::bank_stream(const bank_options& options)
    : options_(options),
      parts_{part(stream_kind::cards, options), part(stream_kind::transfers, options),
             part(stream_kind::logins, options)} {
  choose();
  std::string passed;
  for (std::uint64_t i = options.first % bank_events_a_day; i > 0; --i) {
    append_line(passed);
    passed.clear();
  }
}

void bank_stream::choose() {
  next_ = 0;
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    if (parts_[i].at_ms() < parts_[next_].at_ms()) next_ = i;
  }
}

void bank_stream::append_history(std::string& out) const {
  for (auto before : transfers_before_dormancy(options_.seed, options_.first / bank_events_a_day)) {
    before.at_ms += options_.shift_ms;
    append_named_line(out, before);
  }
}

}  // namespace weir::generate
