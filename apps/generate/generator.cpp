#include "apps/generate/generator.hpp"

#include <array>

namespace weir::generate {
namespace {

constexpr std::array kinds{stream_kind::payments, stream_kind::cards, stream_kind::transfers, stream_kind::logins};

std::string_view event_of(stream_kind kind) { return kind == stream_kind::transfers ? "transfer" : "payment"; }

// Puts the event's name first in the record that begins at `begin`.
void name_event(std::string& out, std::size_t begin, std::string_view event) {
  std::string field = "\"event\":\"";
  field += event;
  field += "\",";
  out.insert(begin + 1, field);
}

}  // namespace

std::string_view name_of(stream_kind kind) {
  switch (kind) {
    case stream_kind::payments: return "payments";
    case stream_kind::cards: return "cards";
    case stream_kind::transfers: return "transfers";
    case stream_kind::logins: return "logins";
  }
  return {};
}

std::optional<stream_kind> find_stream_kind(std::string_view name) {
  for (const auto kind : kinds) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> events_a_day(stream_kind kind) {
  switch (kind) {
    case stream_kind::payments: return std::nullopt;
    case stream_kind::cards: return card_payments_a_day;
    case stream_kind::transfers: return transfers_a_day;
    case stream_kind::logins: return accesses_a_day;
  }
  return std::nullopt;
}

generator::generator(const generator_options& options) : options_(options) { step_to(options.first); }

std::string_view generator::header() const {
  if (options_.format == line_format::ndjson) return {};
  switch (options_.kind) {
    case stream_kind::payments: return payment_header;
    case stream_kind::cards: return card_payment_header;
    case stream_kind::transfers: return transfer_header;
    case stream_kind::logins: return access_header;
  }
  return {};
}

void generator::step_to(std::uint64_t id) {
  next_ = id;
  const auto a_day = events_a_day(options_.kind);
  if (!a_day) {
    payment_ = payment_at(options_.seed, id);
    payment_.at_ms += options_.shift_ms;
    return;
  }
  const std::uint64_t day = id / *a_day;
  place_ = id % *a_day;
  const bool loaded = day == day_ && std::visit([](const auto& events) { return !events.empty(); }, day_events_);
  if (loaded) return;
  day_ = day;
  switch (options_.kind) {
    case stream_kind::payments: break;
    case stream_kind::cards: day_events_ = card_payments_of_day(options_.seed, day); break;
    case stream_kind::transfers: day_events_ = transfers_of_day(options_.seed, day); break;
    case stream_kind::logins: day_events_ = accesses_of_day(options_.seed, day); break;
  }
  std::visit(
      [this](auto& events) {
        for (auto& e : events) e.at_ms += options_.shift_ms;
      },
      day_events_);
}

std::int64_t generator::at_ms() const {
  if (options_.kind == stream_kind::payments) return payment_.at_ms;
  return std::visit([this](const auto& events) { return events[place_].at_ms; }, day_events_);
}

const label& generator::mark() const {
  if (options_.kind == stream_kind::payments) return payment_.mark;
  return std::visit([this](const auto& events) -> const label& { return events[place_].mark; }, day_events_);
}

void generator::append_line(std::string& out) {
  const std::size_t begin = out.size();
  if (options_.kind == stream_kind::payments) {
    generate::append_line(out, payment_, options_.format);
  } else {
    std::visit([&](const auto& events) { generate::append_line(out, events[place_], options_.format); }, day_events_);
  }
  if (options_.name_events && options_.kind != stream_kind::logins) name_event(out, begin, event_of(options_.kind));
  step_to(next_ + 1);
}

void append_named_line(std::string& out, const transfer& t) {
  const std::size_t begin = out.size();
  append_line(out, t, line_format::ndjson);
  name_event(out, begin, event_of(stream_kind::transfers));
}

}  // namespace weir::generate
