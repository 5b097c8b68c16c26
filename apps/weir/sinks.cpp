#include "apps/weir/sinks.hpp"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apps/weir/alert_line.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/terminal.hpp"

namespace weir::app {

namespace {

using opened_sink = std::expected<sink, stream::io_error>;

opened_sink open_sink(const jsonl_sink_config& config) {
  const auto mode = config.append ? stream::open_mode::append : stream::open_mode::replace;
  auto out = stream::line_writer::open(config.path, mode);
  if (!out) return std::unexpected(out.error());
  return jsonl_sink(std::move(*out), config);
}

opened_sink open_sink(const console_sink_config& config) {
  auto out = stream::line_writer::open("-");
  if (!out) return std::unexpected(out.error());
  return console_sink(std::move(*out), config.shadow);
}

opened_sink open_sink(const zmq_sink_config& config) {
  auto out = stream::publisher::bind(config.endpoint, {.queue_messages_max = config.queue_messages_max});
  if (!out) return std::unexpected(out.error());
  spdlog::info("publishing at {}", out->endpoint());
  return zmq_sink(std::move(*out), config.wait_subscriber);
}

/// Calls `act` on every sink until one fails.
template <class Act>
std::expected<void, stream::io_error> for_each_sink(std::vector<sink>& sinks, Act act) {
  for (auto& each : sinks) {
    auto done = std::visit(act, each);
    if (!done) return done;
  }
  return {};
}

}  // namespace

std::string topic_of(const rules::rule& cause) {
  const auto prefix = cause.mode == rules::rule_mode::shadow ? "shadow." : "";
  return fmt::format("{}{}.{}", prefix, rules::to_text(cause.severity), cause.name);
}

console_sink::console_sink(stream::line_writer out, bool shadow)
    : out_(std::move(out)), shadow_(shadow), colour_(shows_colour(STDOUT_FILENO)) {}

std::expected<void, stream::io_error> console_sink::send(const outgoing_alert& alert) {
  const auto line = read_alert_line(alert.json);
  return out_.write(line ? render(*line, colour_) : std::string(alert.json));
}

std::expected<void, stream::io_error> zmq_sink::send(const outgoing_alert& alert) {
  const bool live = alert.cause.mode != rules::rule_mode::shadow;
  out_.publish(topic_of(alert.cause), alert.json, live ? std::optional(alert.seq) : std::nullopt);
  return {};
}

std::expected<void, stream::io_error> zmq_sink::close() {
  if (const auto times = out_.overflows(); times > 0) {
    spdlog::warn("{}: a subscriber was too slow and missed alerts, {} time{}", out_.endpoint(), times,
                 times == 1 ? "" : "s");
  }
  return {};
}

void zmq_sink::wait_for_subscriber() {
  constexpr std::chrono::milliseconds slice{100};
  auto left = std::chrono::ceil<std::chrono::milliseconds>(wait_subscriber_);
  if (left.count() == 0) return;
  for (; left.count() > 0 && !stop_requested(); left -= slice) {
    if (out_.wait_for_subscriber(std::min(slice, left))) return;
  }
  if (!stop_requested()) spdlog::warn("{}: nobody has subscribed yet", out_.endpoint());
}

std::expected<sink_set, stream::io_error> sink_set::open(const std::vector<sink_config>& configs) {
  sink_set opened;
  for (const auto& config : configs) {
    auto made = std::visit([](const auto& chosen) { return open_sink(chosen); }, config);
    if (!made) return std::unexpected(made.error());
    opened.sinks_.push_back(std::move(*made));
  }
  return opened;
}

void sink_set::wait_for_subscribers() {
  for (auto& each : sinks_) {
    if (auto* publishing = std::get_if<zmq_sink>(&each)) publishing->wait_for_subscriber();
  }
}

bool sink_set::wants(const rules::rule& cause) const {
  const auto asks = [&cause](const sink& each) {
    return std::visit([&cause](const auto& chosen) { return chosen.wants(cause); }, each);
  };
  return std::ranges::any_of(sinks_, asks);
}

std::expected<void, stream::io_error> sink_set::send(const outgoing_alert& alert) {
  const auto send_to = [&alert](auto& chosen) -> std::expected<void, stream::io_error> {
    if (!chosen.wants(alert.cause)) return {};
    return chosen.send(alert);
  };
  return for_each_sink(sinks_, send_to);
}

std::expected<void, stream::io_error> sink_set::flush() {
  return for_each_sink(sinks_, [](auto& chosen) { return chosen.flush(); });
}

std::expected<void, stream::io_error> sink_set::close() {
  return for_each_sink(sinks_, [](auto& chosen) { return chosen.close(); });
}

bool sink_set::reader_gone() const {
  const auto gone = [](const sink& each) {
    return std::visit([](const auto& chosen) { return chosen.reader_gone(); }, each);
  };
  return std::ranges::any_of(sinks_, gone);
}

}  // namespace weir::app
