#include "rules/check/subject.hpp"

#include <algorithm>

namespace weir::rules {
namespace {

using cep::operation;
using stream::type_kind;

bool can_be_subject(const stream::field_type& type) {
  return type.kind == type_kind::entity || type.kind == type_kind::text;
}

std::optional<rule_subject> subject_of(const ast::subject& written, const stream::field_type& type,
                                       const ast::located& place, std::uint32_t file, workplace& work) {
  if (can_be_subject(type)) return rule_subject{written.name.name, type};
  work.found.error(span_of(file, place),
                   "a rule is about an entity or a text, not " + noun(cep::type_of(type), work.names.schema));
  return std::nullopt;
}

// `for user`, where the events say what a user is.
std::optional<rule_subject> subject_by_fields(const ast::subject& written, std::uint32_t file,
                                              const std::vector<readable_event>& events, workplace& work) {
  const auto& name = written.name.name;
  std::optional<stream::field_type> type;
  const readable_event* first = nullptr;
  for (const auto& event : events) {
    if (!event.type) return std::nullopt;  // it might have said
    const auto& declared_event = work.names.schema[*event.type];
    const auto field = declared_event.find(name);
    if (!field) continue;
    const auto& here = declared_event[*field].type;
    if (type && *type != here) {
      work.found.error(span_of(file, written.name),
                       quoted(name) + " is " + noun(cep::type_of(*type), work.names.schema) + " in " +
                           quoted(first->event) + " and " + noun(cep::type_of(here), work.names.schema) + " in " +
                           quoted(event.event),
                       "write its type: for " + name + ": TYPE");
      return std::nullopt;
    }
    type = here;
    first = &event;
  }
  if (type) return subject_of(written, *type, written.name, file, work);
  auto hint = did_you_mean(name, names_of(work.names.entities));
  if (hint.empty()) hint = "write its type: for " + name + ": ENTITY";
  work.found.unknown(span_of(file, written.name),
                     "there is no entity " + quoted(name) + ", and no event of this rule has such a field",
                     std::move(hint));
  return std::nullopt;
}

std::optional<stream::field_id> key_of_equality(const cep::expression& e, std::size_t subject) {
  if (e.op != operation::equal) return std::nullopt;
  const auto& a = e.args[0];
  const auto& b = e.args[1];
  const auto is_subject = [subject](const auto& side) {
    return side.op == operation::subject && side.index == subject;
  };
  if (a.op == operation::field && is_subject(b)) return a.field;
  if (b.op == operation::field && is_subject(a)) return b.field;
  return std::nullopt;
}

// The condition without the first equality on the subject; further ones stay conditions.
std::optional<stream::field_id> take_key(cep::expression& condition, std::size_t subject) {
  auto parts = cep::conjuncts(condition);
  const auto found =
      std::ranges::find_if(parts, [&](const auto& part) { return key_of_equality(part, subject).has_value(); });
  if (found == parts.end()) return std::nullopt;
  const auto key = key_of_equality(*found, subject);
  parts.erase(found);
  condition = cep::always();
  for (auto& part : parts) condition = cep::both(std::move(condition), std::move(part));
  return key;
}

bool has_key_equality(const cep::expression& e, std::size_t subject) {
  return key_of_equality(e, subject) ||
         std::ranges::any_of(e.args, [subject](const auto& arg) { return has_key_equality(arg, subject); });
}

type_mismatch no_key(const cep::event_filter& events, const rule_subject& subject, std::size_t index,
                     const stream::schema& schema) {
  const auto& event = schema[events.type];
  std::vector<std::string> candidates;
  for (const auto& field : event.fields) {
    if (field.type == subject.type) candidates.push_back(quoted(field.name + " = " + subject.name));
  }
  const auto type = noun(cep::type_of(subject.type), schema);
  if (candidates.empty()) {
    return {quoted(event.name) + " can't belong to " + quoted(subject.name) + ": it has no field that is " + type, ""};
  }
  const auto message = "nothing says which " + quoted(event.name) + " belongs to " + quoted(subject.name);
  if (has_key_equality(events.where, index)) {
    return {message, "its equality on " + subject.name + " has to hold for every one: join it with `and`"};
  }
  std::string choice = candidates.front();
  for (std::size_t i = 1; i < candidates.size(); ++i) choice += " or " + candidates[i];
  return {message, "add " + choice + " to its `where`"};
}

// Takes an equality on the subject out of the condition; else it is the field of the subject's name.
std::expected<stream::field_id, type_mismatch> key_for(const rule_subject& subject, std::size_t index,
                                                       cep::event_filter& events, const stream::schema& schema) {
  if (const auto key = take_key(events.where, index)) return *key;
  const auto& type = schema[events.type];
  const auto field = type.find(subject.name);
  if (!field) return std::unexpected(no_key(events, subject, index, schema));
  if (type[*field].type == subject.type) return *field;
  return std::unexpected(type_mismatch{quoted(type.name + "." + subject.name) + " is " +
                                           noun(cep::type_of(type[*field].type), schema) + ", and the subject " +
                                           quoted(subject.name) + " is " + noun(cep::type_of(subject.type), schema),
                                       ""});
}

}  // namespace

std::optional<rule_subject> resolve_subject(const ast::subject& written, std::uint32_t file,
                                            const std::vector<readable_event>& events, workplace& work) {
  if (written.type) {
    const auto type = resolve_type({*written.type, *written.type, std::nullopt}, file, work);
    return type ? subject_of(written, *type, *written.type, file, work) : std::nullopt;
  }
  if (const auto entity = work.names.schema.find_entity(written.name.name)) {
    return rule_subject{written.name.name, {.kind = type_kind::entity, .entity = *entity}};
  }
  return subject_by_fields(written, file, events, work);
}

std::expected<cep::event_filter, type_mismatch> with_keys(cep::event_filter events,
                                                          const std::vector<rule_subject>* subjects,
                                                          const stream::schema& schema) {
  if (subjects == nullptr) return events;
  for (std::size_t i = 0; i < subjects->size(); ++i) {
    const auto key = key_for((*subjects)[i], i, events, schema);
    if (!key) return std::unexpected(key.error());
    events.keys.push_back(*key);
  }
  return events;
}

}  // namespace weir::rules
