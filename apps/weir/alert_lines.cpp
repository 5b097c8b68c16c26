#include "apps/weir/alert_lines.hpp"

#include <algorithm>

namespace weir::app {

namespace {

constexpr std::size_t lines_at_desk_max = 128;  // what they write stays in a core's own cache
constexpr std::size_t lines_for_help = 16;      // fewer are written faster than a thread is woken

}  // namespace

alert_lines::alert_lines(const rules::program& rules, stream::symbols& names,
                         const std::vector<std::string>& source_names, stream::worker_pool& workers)
    : workers_(workers) {
  for (std::size_t i = 0; i < std::min(workers.threads(), stream::worker_pool::tasks_max); ++i) {
    desks_.push_back({.writer = rules::alert_writer(rules, names, source_names)});
  }
}

std::span<const std::string_view> alert_lines::write(std::span<const numbered> alerts, const rules::detector& from,
                                                     stream::timestamp detected) {
  const std::size_t desks = alerts.size() < lines_for_help ? 1 : desks_.size();
  const auto piece = alerts.first(std::min(alerts.size(), desks * lines_at_desk_max));
  const auto begin_of = [&](std::size_t index) { return index * piece.size() / desks; };
  workers_.run(desks, [&](std::size_t index) {
    desk& own = desks_[index];
    own.written.clear();
    own.ends.clear();
    for (const auto& [found, seq] : piece.subspan(begin_of(index), begin_of(index + 1) - begin_of(index))) {
      own.writer.put_json(own.written, *found, from.log_of(*found), seq, detected);
      own.ends.push_back(own.written.text().size());
    }
  });
  lines_.clear();
  for (std::size_t index = 0; index < desks; ++index) {
    std::size_t begin = 0;
    for (const std::size_t end : desks_[index].ends) {
      lines_.push_back(desks_[index].written.text().substr(begin, end - begin));
      begin = end;
    }
  }
  return lines_;
}

void alert_lines::replace() {
  for (desk& one : desks_) one.writer.replace();
}

void alert_lines::update(const rules::reloaded& changes) {
  for (desk& one : desks_) one.writer.update(changes);
}

}  // namespace weir::app
