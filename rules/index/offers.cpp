#include "rules/index/offers.hpp"

#include "stream/currency_codes.hpp"

namespace weir::rules::indexing {

void offers::add(completion_kind kind, std::string_view word, std::string detail, std::string documentation) {
  if (!known_.insert(std::string(word)).second) return;
  found_.push_back({kind, std::string(word), std::move(detail), std::move(documentation)});
}

void offers::words(std::initializer_list<std::string_view> words) {
  for (const auto w : words) {
    const term* known = nullptr;
    for (const auto kind : {term_kind::word, term_kind::step, term_kind::clause, term_kind::aggregate}) {
      if (known == nullptr) known = find_term(w, kind);
    }
    add(completion_kind::keyword, w, known ? std::string(known->signature) : "",
        known ? std::string(known->meaning) : "");
  }
}

void offers::terms_of(term_kind kind, completion_kind as) {
  for (const term& t : terms()) {
    if (t.kind == kind) add(as, t.word, std::string(t.signature), std::string(t.meaning));
  }
}

void offers::symbols(symbol_kind kind, completion_kind as, std::size_t owner) {
  for (const auto i : index_.all(kind, owner)) add_symbol(index_.symbols()[i], as);
}

void offers::add_symbol(const symbol& s, completion_kind as) {
  std::string detail(to_text(s.kind));
  if (s.owner != no_symbol) detail += " of " + index_.symbols()[s.owner].name;
  if (!s.type.empty()) detail += ": " + s.type;
  std::string documentation;
  if (!s.declaration.empty()) documentation = "```weir\n" + s.declaration + "\n```";
  if (!s.comment.empty()) documentation += "\n\n" + s.comment;
  add(as, s.name, std::move(detail), std::move(documentation));
}

void offers::types() {
  terms_of(term_kind::type, completion_kind::type);
  symbols(symbol_kind::entity, completion_kind::type);
}

void offers::currencies() {
  for (const auto code : stream::currency_codes()) add(completion_kind::unit, code, "currency");
}

void offers::durations() {
  for (const auto* duration : {"30s", "5m", "1h", "24h", "7d", "30d"}) {
    add(completion_kind::unit, duration, "duration", "The units are `us ms s m h d w`; `1h30m` puts two together.");
  }
}

void offers::windows() {
  words({"day", "week", "month"});
  add(completion_kind::keyword, "session gap", "over session gap DURATION", "Back to the last gap that is longer.");
  durations();
  add(completion_kind::unit, "5 events", "over N events", "The last so many that qualify.");
}

void offers::steps() {
  events();
  words({"no", "next", "some", "optional"});
  add(completion_kind::keyword, "all of", "all of (STEP, STEP, …)", "An event for each of the steps, in any order.");
  add(completion_kind::keyword, "one of", "one of (STEP, STEP, …)", "What one of the steps takes.");
  add(completion_kind::keyword, "at least", "at least 5 times EVENT", "A run of so many events at least.");
}

}  // namespace weir::rules::indexing
