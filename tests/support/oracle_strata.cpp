#include "tests/support/oracle_strata.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include "tests/support/naive_function.hpp"

namespace weir::testing {
namespace {

/// Where an event or an alert stands: at an event of a source, or behind all events of a time (of deadlines); there by
/// stages: "first those of the rules that match on no derived event, then those of rules that match on these, and so
/// on; of one stage in the order of their alerts." "Those of a deadline [stand] after what the stages below have raised
/// at it."
struct order_place {
  stream::timestamp at;
  bool is_deadline = false;
  std::size_t source_event = 0;
  std::size_t stage = 0;  // 2k: the alerts of a deadline of stage k; 2k + 1: what its alerts raise
  std::size_t number = 0;

  friend auto operator<=>(const order_place&, const order_place&) = default;
};

struct placed_event {
  order_place where;
  plain_event event;
  std::size_t identity = 0;  // of a source's event its number; of a raised one that and of those before
};

struct placed_alert {
  order_place where;
  std::size_t number = 0;  // in its stage
  plain_alert alert;       // its events by identity
  std::optional<std::size_t> raised{};

  auto order() const { return std::tie(where, alert.pattern, number); }
};

std::optional<std::int64_t> as_field_number(const naive_value& v, const cep::value_type& type, int digits) {
  if (const double* real = std::get_if<double>(&v)) {
    const int finer = digits - unit_digits(type);
    const double scaled = finer >= 0 ? *real * power_of_ten(finer) : *real / power_of_ten(-finer);
    return std::abs(scaled) < 9.2e18 ? std::optional(std::llround(scaled)) : std::nullopt;
  }
  cep::int128 number = std::get<cep::int128>(v);
  for (int d = type.digits; d < digits; ++d) number *= 10;
  cep::int128 parts = 1;
  for (int d = digits; d < type.digits; ++d) parts *= 10;
  number = (number < 0 ? number - parts / 2 : number + parts / 2) / parts;
  using limits = std::numeric_limits<std::int64_t>;
  if (number < limits::min() || number > limits::max()) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

int digits_of(const stream::field_type& type) {
  switch (type.kind) {
    case stream::type_kind::money: return stream::minor_digits(type.currency);
    case stream::type_kind::decimal: return stream::decimal_digits;
    case stream::type_kind::time:
    case stream::type_kind::duration: return 6;
    default: return 0;
  }
}

/// "Values are rounded to the field's digits. A missing value, or one too large, leaves the field missing."
struct field_value {
  const stream::field_type& field;
  const cep::value_type& type;

  plain_value operator()(std::monostate) const { return {}; }
  plain_value operator()(bool b) const { return b; }
  plain_value operator()(const std::string& text) const { return text; }
  plain_value operator()(const stream::ip_address& address) const { return address; }
  plain_value operator()(double d) const { return number(d); }
  plain_value operator()(cep::int128 n) const { return number(n); }

  plain_value number(const naive_value& v) const {
    if (field.kind == stream::type_kind::floating) {
      const double* real = std::get_if<double>(&v);
      return real ? *real : static_cast<double>(std::get<cep::int128>(v)) / power_of_ten(type.digits);
    }
    const auto fitting = as_field_number(v, type, digits_of(field));
    return fitting ? plain_value(*fitting) : plain_value();
  }
};

/// The alerts of all stages, and the events that they raise.
class strata {
 public:
  strata(const rules::program& program, std::span<const plain_event> events, stream::timestamp final_watermark)
      : program_(program), rules_(program.active()), sources_(events.size()), final_watermark_(final_watermark) {
    for (std::size_t i = 0; i < events.size(); ++i) stream_.push_back({{events[i].at, false, i, 0, 0}, events[i], i});
  }

  std::vector<plain_alert> find() {
    std::size_t stages = 0;
    for (const rules::rule* r : rules_) stages = std::max<std::size_t>(stages, r->stratum + 1);
    for (std::size_t stage = 0; stage < stages; ++stage) find_in(stage);
    std::ranges::sort(alerts_, {}, &placed_alert::order);
    return numbered();
  }

 private:
  void find_in(std::size_t stage) {
    std::vector<std::uint32_t> indexes;
    std::vector<cep::pattern> patterns;
    for (std::uint32_t r = 0; r < rules_.size(); ++r) {
      if (rules_[r]->stratum != stage) continue;
      indexes.push_back(r);
      patterns.push_back(rules_[r]->pattern);
    }
    std::ranges::sort(stream_, {}, &placed_event::where);
    std::vector<plain_event> events;
    for (const placed_event& e : stream_) events.push_back(e.event);
    const std::vector<plain_alert> found =
        find_alerts(plain_run{program_.schema, patterns, program_.data, events, final_watermark_});
    std::vector<placed_event> raised;
    for (std::size_t n = 0; n < found.size(); ++n) {
      const rules::rule& rule = *rules_[indexes[found[n].pattern]];
      placed_alert placed{place_of(found[n], rule, stage, n), n, found[n]};
      placed.alert.pattern = indexes[found[n].pattern];
      for (plain_bound& b : placed.alert.events) b.place = stream_[b.place].identity;
      // "An alert that `suppress` or `emit first` holds back raises nothing; nor does a rule in shadow mode."
      if (rule.raise && rule.mode == rules::rule_mode::live) {
        placed.raised = sources_ + raised_++;
        raised.push_back({placed.where, raised_by(found[n], rule, events), *placed.raised});
        raised.back().where.stage = 2 * stage + 1;
        raised.back().where.number = n;
      }
      alerts_.push_back(std::move(placed));
    }
    std::ranges::move(raised, std::back_inserter(stream_));
  }

  // "The alerts … that end at an event come after it and before what is raised there."
  order_place place_of(const plain_alert& alert, const rules::rule& rule, std::size_t stage, std::size_t number) const {
    const bool at_deadline = std::holds_alternative<cep::absence>(rule.pattern.body.parts.back());
    if (at_deadline) return {alert.at, true, 0, 2 * stage, number};
    return stream_[std::ranges::max(alert.events, {}, &plain_bound::place).place].where;
  }

  // "`raise E { … }` makes an event of the alert: its time is the alert's."
  plain_event raised_by(const plain_alert& alert, const rules::rule& rule,
                        const std::vector<plain_event>& events) const {
    const rules::raised_event& raise = *rule.raise;
    const stream::event_type& type = program_.schema[raise.type];
    naive_binding bound(steps_of(rule.pattern).size());
    for (const plain_bound& b : alert.events) bound[b.step].push_back(b.place);
    const naive_context context{.types = &program_.schema,
                                .events = events,
                                .bound = bound,
                                .subject = alert.subject,
                                .aggregates = alert.aggregates,
                                .data = &program_.data};
    plain_event event{raise.type, alert.at, {}, std::vector<plain_value>(type.fields.size())};
    for (const auto& [field, value] : raise.fields) {
      event.fields[static_cast<std::size_t>(field)] =
          std::visit(field_value{type[field].type, value.type}, evaluate(value, context));
    }
    return event;
  }

  // Raised events by the number of their alert, of all.
  std::vector<plain_alert> numbered() const {
    std::vector<std::size_t> places(sources_ + raised_);
    for (std::size_t i = 0; i < sources_; ++i) places[i] = i;
    for (std::size_t i = 0; i < alerts_.size(); ++i) {
      if (alerts_[i].raised) places[*alerts_[i].raised] = sources_ + i;
    }
    std::vector<plain_alert> all;
    for (const placed_alert& a : alerts_) {
      all.push_back(a.alert);
      for (plain_bound& b : all.back().events) b.place = places[b.place];
    }
    return all;
  }

  const rules::program& program_;
  std::vector<const rules::rule*> rules_;
  std::size_t sources_;
  stream::timestamp final_watermark_;
  std::vector<placed_event> stream_;
  std::vector<placed_alert> alerts_;
  std::size_t raised_ = 0;
};

}  // namespace

std::vector<plain_alert> find_alerts(const rules::program& program, std::span<const plain_event> events,
                                     stream::timestamp final_watermark) {
  return strata(program, events, final_watermark).find();
}

}  // namespace weir::testing
