#include "apps/weir/explain/recalled_match.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cep/evaluator.hpp"
#include "stream/intake.hpp"

namespace weir::explain {

namespace {

using json = nlohmann::json;
using outcome = std::expected<void, std::string>;

/// The event as a record of a source; the text of its numbers is kept.
std::string record_of(const alert_record::event& event) {
  json record = event.fields;
  record["event"] = event.type;
  record["at"] = event.at;
  if (!event.id.empty()) record["id"] = event.id;
  return record.dump() + "\n";
}

std::optional<cep::int128> exact_number(const std::string& text, int digits) {
  cep::int128 number = 0;
  int after_point = -1;
  for (const char c : text) {
    if (c == '-' && &c == text.data()) continue;
    if (c == '.' && after_point < 0) {
      after_point = 0;
    } else if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      if (after_point >= 0) ++after_point;
    } else {
      return std::nullopt;
    }
  }
  const int from = std::max(after_point, 0);
  if (from > digits || !cep::rescale(number, from, digits)) return std::nullopt;
  return text.starts_with('-') ? -number : number;
}

/// What append_json_value wrote, read again; missing where it cannot be.
cep::value value_of(const json& written, const cep::value_type& type, stream::symbols& names) {
  using cep::value;
  if (written.is_null()) return value::missing();
  const auto text = written.is_string() ? written.get<std::string>() : written.dump();
  switch (type.kind) {
    case cep::value_kind::boolean: return value::of(written == true);
    case cep::value_kind::text: return value::of(names.texts().intern(text));
    case cep::value_kind::entity: return value::of(names.entities(type.entity).intern(text));
    case cep::value_kind::ip: {
      const auto ip = stream::parse_ip(text);
      return ip ? value::of(*ip) : value::missing();
    }
    case cep::value_kind::exact:
    case cep::value_kind::real: break;
  }
  if (type.unit == cep::unit::time || type.unit == cep::unit::duration) {
    const auto time = stream::parse_rfc3339(text);
    const auto length = stream::parse_duration(text);
    if (!time && !length) return value::missing();
    const auto us = time ? time->time_since_epoch().count() : length->count();
    return type.kind == cep::value_kind::real ? value::of(static_cast<double>(us)) : value::of(cep::int128{us});
  }
  if (type.kind == cep::value_kind::real) {
    if (!written.is_number()) return value::missing();
    return value::of(written.get<double>() / cep::in_whole_units(1.0, type));
  }
  const auto number = exact_number(text, type.digits);
  return number ? value::of(*number) : value::missing();
}

class recalling {
 public:
  recalling(const alert_record& alert, const rules::rule& cause, const rules::program& program)
      : alert_(alert),
        cause_(cause),
        program_(program),
        made_(std::make_unique<recalled_match>(program.schema)),
        steps_(cep::steps_of(cause.pattern)) {}

  std::expected<std::unique_ptr<recalled_match>, std::string> recall() {
    if (auto done = recall_events(); !done) return std::unexpected(done.error());
    if (auto done = find_steps(); !done) return std::unexpected(done.error());
    recall_subject();
    const auto& pattern = cause_.pattern;
    for (std::size_t i = 0; i < pattern.aggregates.size(); ++i) {
      made_->aggregates.push_back(recall_value(cause_.value_names[i], pattern.aggregates[i].type));
    }
    for (std::size_t i = 0; i < pattern.graph_calls.size(); ++i) {
      const auto& name = cause_.value_names[pattern.aggregates.size() + i];
      made_->answers.push_back(recall_value(name, pattern.graph_calls[i].type));
    }
    return std::move(made_);
  }

 private:
  cep::value recall_value(const std::string& name, const cep::value_type& type) {
    const auto found = alert_.values.find(name);
    return found == alert_.values.end() ? cep::value::missing() : value_of(*found, type, made_->names);
  }

  outcome recall_events() {
    stream::intake intake(program_.schema, made_->names, {{.name = "alert", .format = {}, .lateness = std::nullopt}});
    std::string lines;
    std::map<std::uint64_t, std::size_t> by_position;
    for (std::size_t i = 0; i < alert_.events.size(); ++i) {
      by_position[lines.size()] = i;
      lines += record_of(alert_.events[i]);
    }
    intake.feed(stream::source_id{}, stream::make_block(lines));
    intake.end(stream::source_id{});
    made_->events.assign(alert_.events.size(), {.handle = stream::no_event});
    std::vector<stream::set_aside_record> aside;
    while (auto arrived = intake.next(4096, aside)) {
      const auto& batch = made_->log.append(std::move(*arrived));
      for (std::size_t place = 0; place < batch.size(); ++place) {
        const auto position = batch.from(batch.order()[place]).position;
        made_->events[by_position.at(position)].handle = made_->log.handle(place);
      }
    }
    if (aside.empty()) return {};
    return std::unexpected(fmt::format("the event {} does not fit the rules at hand: {}",
                                       alert_.events[by_position.at(aside.front().byte)].id, aside.front().reason));
  }

  /// The alert's events stand in the order of the steps; a step with a quantity may have several.
  outcome find_steps() {
    std::size_t step = 0;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < made_->events.size(); ++i) {
      for (; step < steps_.size() && !takes(step, taken, alert_.events[i]); ++step) taken = 0;
      if (step == steps_.size()) {
        return std::unexpected(
            fmt::format("the rule has no step for the event {} ({})", alert_.events[i].id, alert_.events[i].type));
      }
      made_->events[i].step = static_cast<std::uint16_t>(step);
      ++taken;
    }
    if (made_->events.empty()) return {};
    const auto [first, last] = std::ranges::minmax(made_->events, {}, &cep::bound_event::handle);
    made_->span = made_->log[last.handle].at() - made_->log[first.handle].at();
    return {};
  }

  bool takes(std::size_t step, std::size_t taken, const alert_record::event& event) const {
    const auto& s = *steps_[step];
    return s.label == event.label && program_.schema[s.events.type].name == event.type &&
           (!s.count.most || taken < *s.count.most);
  }

  void recall_subject() {
    for (std::size_t i = 0; i < cause_.subject_names.size(); ++i) {
      const auto same = [&](const auto& part) { return part.first == cause_.subject_names[i]; };
      const auto found = std::ranges::find_if(alert_.subject, same);
      const auto text = found == alert_.subject.end() ? std::string{} : found->second;
      made_->subject.push_back(made_->names.of(cause_.pattern.subjects[i]).intern(text));
    }
  }

  const alert_record& alert_;
  const rules::rule& cause_;
  const rules::program& program_;
  std::unique_ptr<recalled_match> made_;
  std::vector<const cep::step*> steps_;
};

}  // namespace

std::expected<std::unique_ptr<recalled_match>, std::string> recall(const alert_record& alert, const rules::rule& cause,
                                                                   const rules::program& program) {
  return recalling(alert, cause, program).recall();
}

}  // namespace weir::explain
