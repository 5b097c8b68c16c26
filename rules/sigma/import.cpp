#include "rules/sigma/import.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "rules/sigma/correlate.hpp"
#include "rules/sigma/detection.hpp"
#include "rules/sigma/writer.hpp"

namespace weir::sigma {

namespace {

const head& head_of(const document& d) {
  return std::visit([](const auto& one) -> const head& { return one.head; }, d);
}

/// An import under way.
class importer {
 public:
  importer(std::span<const source_file> files, const mapping& names) : plans_(names), writer_(plans_, paths_) {
    for (std::uint32_t i = 0; i < files.size(); ++i) {
      paths_.push_back(files[i].path);
      std::ranges::move(read_documents(files[i].text, i, left_out_), std::back_inserter(documents_));
    }
  }

  imported run() {
    note_all();
    for (const document& d : documents_) {
      try {
        if (const auto* one = std::get_if<rule>(&d)) write(*one);
        if (const auto* one = std::get_if<correlation>(&d)) write(*one);
      } catch (const cannot_say& why) {
        left_out_.push_back({.where = why.where(), .title = head_of(d).title, .message = why.what()});
      }
    }
    std::ranges::stable_sort(left_out_, {}, [](const finding& f) { return std::pair(f.where.file, f.where.line); });
    return {.text = writer_.whole(), .rules = writer_.rules(), .left_out = std::move(left_out_)};
  }

 private:
  void note_all();
  void write(const rule& one);
  void write(const correlation& one);
  std::vector<const rule*> rules_of(const correlation& one) const;
  shared_condition& condition_of(const rule& one);
  void keep(event_plan& event, const std::vector<field_plan*>& read);

  event_plans plans_;
  std::vector<std::string> paths_;
  std::vector<document> documents_;
  std::vector<finding> left_out_;
  file_writer writer_;
  std::set<const rule*> correlated_;     // rules that correlations name: they raise nothing,
  std::set<const rule*> by_themselves_;  // but for these
  std::map<const rule*, shared_condition> conditions_;
};

void importer::note_all() {
  for (const document& d : documents_) {
    if (const auto* one = std::get_if<rule>(&d)) note_uses(*one, plans_);
    const auto* joined = std::get_if<correlation>(&d);
    if (joined == nullptr) continue;
    try {
      for (const rule* named : rules_of(*joined)) {
        (joined->generate ? by_themselves_ : correlated_).insert(named);
        note_uses(*joined, *named, plans_);
      }
    } catch (const cannot_say&) {
      // Said when the correlation is written.
    }
  }
  plans_.choose_types();
  for (const auto& [name, event] : plans_.events()) writer_.name(name);
}

void importer::keep(event_plan& event, const std::vector<field_plan*>& read) {
  event.written = true;
  for (field_plan* field : read) field->written = true;
}

void importer::write(const rule& one) {
  if (correlated_.contains(&one) && !by_themselves_.contains(&one)) return;
  event_plan& event = plans_.of(one.source);
  std::vector<field_plan*> read;
  const term condition = detection_of(one, plans_, "", read);
  const std::string clauses = clauses_of(one.head);
  std::string text = comments_of(one.head) + "rule " + writer_.name(rule_name_of(one.head)) + " {\n" + clauses;
  text += "  on " + event.name + " where\n    " + sigma::write(condition, 4, 4) + "\n";
  text += "  reason " + quoted_reason(one.head.title) + "\n}\n";
  writer_.add_rule(std::move(text));
  keep(event, read);
}

std::vector<const rule*> importer::rules_of(const correlation& one) const {
  std::vector<const rule*> found;
  for (const value& wanted : one.rules) {
    const auto is_meant = [&](const document& d) {
      const head& h = head_of(d);
      return !wanted.text.empty() && (h.name == wanted.text || h.id == wanted.text);
    };
    const auto named = std::ranges::find_if(documents_, is_meant);
    if (named == documents_.end()) {
      throw cannot_say(wanted.where, "no rule is called `" + wanted.text + "`, or it could not be read");
    }
    const auto* plain = std::get_if<rule>(&*named);
    if (plain == nullptr) throw cannot_say(wanted.where, "a correlation of correlations is not read");
    found.push_back(plain);
  }
  return found;
}

/// The condition of a rule that correlations name, as a `let` in front of the first of them.
shared_condition& importer::condition_of(const rule& one) {
  const auto known = conditions_.find(&one);
  if (known != conditions_.end()) return known->second;
  event_plan& event = plans_.of(one.source);
  shared_condition made{.event = &event, .name = {}};
  std::vector<field_plan*> read;
  const term condition = detection_of(one, plans_, "e.", read);
  made.name = writer_.name("is_" + (one.head.name.empty() ? rule_name_of(one.head) : small_identifier(one.head.name)));
  writer_.add(comments_of(one.head) + "let " + made.name + "(e: " + event.name + ") =\n  " +
              sigma::write(condition, 2, 2) + "\n");
  keep(event, read);
  return conditions_.emplace(&one, std::move(made)).first->second;
}

void importer::write(const correlation& one) {
  std::vector<joined_rule> joined;
  const auto named = rules_of(one);
  check(one, named.size());
  for (const rule* r : named) joined.push_back({.from = r, .condition = &condition_of(*r)});
  std::vector<field_plan*> read;
  const std::string body = correlation_body(one, joined, plans_, read);
  writer_.add_rule(comments_of(one.head) + "rule " + writer_.name(rule_name_of(one.head)) + body);
  for (const joined_rule& r : joined) r.condition->event->written = true;
  for (field_plan* field : read) field->written = true;
}

}  // namespace

imported import_rules(std::span<const source_file> files, const mapping& names) { return importer(files, names).run(); }

}  // namespace weir::sigma
