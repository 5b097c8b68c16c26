#include "tests/support/oracle_world.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weir::testing {
namespace {

using cep::operation;
using namespace std::chrono_literals;

double seconds_of(stream::duration d) { return static_cast<double>(d.count()) / 1e6; }

// "C2:" before the events of another card than C1, "@30" behind those of a deadline.
std::string alert_text(const plain_alert& alert, const std::vector<plain_event>& events, std::string evidence) {
  const bool usual = alert.subject.empty() || alert.subject.front() == "C1";
  const bool at_deadline = alert.at != events[std::ranges::max(places_of(alert))].at;
  return (usual ? "" : alert.subject.front() + ":") + evidence +
         (at_deadline ? fmt::format("@{}", seconds_of(alert.at.time_since_epoch())) : "");
}

std::string bracketed(const plain_alert& alert, std::size_t steps) {
  std::string text;
  for (std::size_t s = 0; s < steps; ++s) {
    places bound;
    for (const plain_bound& b : alert.events) {
      if (b.step == s) bound.push_back(b.place);
    }
    text += fmt::format("[{}]", fmt::join(bound, ","));
  }
  return text;
}

}  // namespace

stream::schema oracle_schema() {
  using stream::type_kind;
  stream::schema made;
  const auto card = made.add_entity("card");
  const auto account = made.add_entity("account");
  const auto eur = *stream::find_currency("EUR");
  const stream::field_type money_type{.kind = type_kind::money, .currency = eur, .entity = {}};
  const auto entity = [](stream::entity_type_id id) {
    return stream::field_type{.kind = type_kind::entity, .currency = {}, .entity = id};
  };
  const auto plain = [](type_kind kind) { return stream::field_type{.kind = kind, .currency = {}, .entity = {}}; };
  made.add({"payment",
            {{"card", entity(card)},
             {"merchant", plain(type_kind::text), false, true},
             {"amount", money_type},
             {"country", plain(type_kind::text), true, true}}});
  made.add({"transfer", {{"from", entity(account)}, {"to", entity(account)}, {"amount", money_type}}});
  made.add({"confirm", {{"card", entity(card)}}});
  made.add({"reading", {{"card", entity(card)}, {"level", plain(type_kind::floating), true}}});
  return made;
}

plain_event pay(stream::duration at, const std::string& card, std::int64_t cents, const std::string& merchant) {
  return make_event(types, "payment", at, {{"card", card}, {"merchant", merchant}, {"amount", cents}});
}
plain_event confirmed(stream::duration at, const std::string& card) {
  return make_event(types, "confirm", at, {{"card", card}});
}
plain_event moved(stream::duration at, const std::string& from, const std::string& to, std::int64_t cents) {
  return make_event(types, "transfer", at, {{"from", from}, {"to", to}, {"amount", cents}});
}
plain_event measured(stream::duration at, const plain_value& level) {
  return make_event(types, "reading", at, {{"card", "C1"}, {"level", level}});
}

cep::expression euros(std::int64_t cents) { return money(cents, *stream::find_currency("EUR")); }
cep::expression amount_below(std::int64_t cents) {
  return truth(operation::less, payment.here("amount"), euros(cents));
}
cep::expression amount_above(std::int64_t cents) {
  return truth(operation::greater, payment.here("amount"), euros(cents));
}

cep::pattern card_pattern(cep::sequence body) {
  cep::pattern p;
  p.subjects = {types[payment.type()][payment["card"]].type};
  p.body = std::move(body);
  return p;
}

cep::pattern account_pattern(cep::sequence body) {
  cep::pattern p;
  p.subjects = {types[transfer.type()][transfer["from"]].type};
  p.body = std::move(body);
  return p;
}

cep::pattern on(cep::event_filter filter) { return card_pattern({parts_of({cep::step{"p", std::move(filter)}}), {}}); }

cep::aggregate counted(cep::event_filter filter, cep::window window) {
  return {
      .events = std::move(filter), .field = {}, .window = std::move(window), .type = {.kind = cep::value_kind::exact}};
}

std::vector<plain_alert> alerts_of(const std::vector<cep::pattern>& patterns, std::vector<plain_event> events,
                                   stream::timestamp final_watermark) {
  const std::vector<plain_event> stream = in_one_source(std::move(events));
  return find_alerts({types, patterns, {}, stream, final_watermark});
}

std::vector<naive_value> values_of(cep::aggregate a, const std::vector<plain_event>& events) {
  cep::pattern p = on(payment.where("card"));
  p.aggregates.push_back(std::move(a));
  const std::vector<cep::pattern> patterns{p};
  std::vector<naive_value> values;
  for (const plain_alert& alert : find_alerts({types, patterns, {}, events})) values.push_back(alert.aggregates[0]);
  return values;
}

std::vector<naive_value> exact(std::initializer_list<std::int64_t> numbers) {
  std::vector<naive_value> values;
  for (const std::int64_t n : numbers) values.emplace_back(cep::int128{n});
  return values;
}

places places_of(const plain_alert& alert) {
  places found;
  for (const plain_bound& b : alert.events) found.push_back(b.place);
  return found;
}

std::vector<places> evidence(const std::vector<plain_alert>& alerts) {
  std::vector<places> found;
  for (const plain_alert& a : alerts) found.push_back(places_of(a));
  return found;
}

std::vector<stream::duration> times(const std::vector<plain_alert>& alerts) {
  std::vector<stream::duration> found;
  for (const plain_alert& a : alerts) found.push_back(a.at.time_since_epoch());
  return found;
}

cep::event_filter letters(std::string_view any_of) {
  cep::expression condition;
  for (const char c : any_of) {
    auto is_letter = truth(operation::equal, payment.here("merchant"), text(std::string(1, c)));
    condition = c == any_of.front() ? std::move(is_letter) : truth(operation::logical_or, condition, is_letter);
  }
  return payment.where("card", condition);
}

cep::step letter(std::string_view any_of) { return {std::string(any_of), letters(any_of)}; }

cep::absence no_letter(std::string_view any_of, std::optional<stream::duration> within,
                       std::optional<std::uint16_t> of) {
  return {letters(any_of), within, of};
}

std::vector<plain_event> letter_stream(std::string_view text) {
  std::vector<plain_event> events;
  std::istringstream words{std::string(text)};
  stream::duration next = 0s;
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    const std::string card = colon == std::string::npos ? "C1" : word.substr(0, colon);
    if (colon != std::string::npos) word.erase(0, colon + 1);
    const std::size_t time = word.find('@');
    if (time != std::string::npos) {
      next = stream::duration(static_cast<std::int64_t>(std::strtod(word.c_str() + time + 1, nullptr) * 1e6));
    }
    events.push_back(pay(next, card, 100, word.substr(0, 1)));
    next += 1s;
  }
  return in_one_source(std::move(events));
}

std::string found(const cep::pattern& pattern, std::string_view letters) {
  const std::vector<plain_event> events = letter_stream(letters);
  std::string text;
  for (const plain_alert& alert : alerts_of({pattern}, events)) {
    text += (text.empty() ? "" : " ") + alert_text(alert, events, fmt::format("{}", fmt::join(places_of(alert), ",")));
  }
  return text;
}

std::string found_by_step(const cep::pattern& pattern, std::string_view letters) {
  const std::vector<plain_event> events = letter_stream(letters);
  std::string text;
  for (const plain_alert& alert : alerts_of({pattern}, events)) {
    text += (text.empty() ? "" : " ") + alert_text(alert, events, bracketed(alert, steps_of(pattern).size()));
  }
  return text;
}

}  // namespace weir::testing
